"""A database that keeps the module between runs: made, or upgraded when the module's files have changed."""

import hashlib
import os

from common import CHECKOUT, MODULE, read_json, say, step, write_json

# What does not change what is in the database.
NOT_INSTALLED = {"scripts", "tests", "benchmarks", "build", "node_modules", "__pycache__"}
INSTALLED = (".py", ".xml", ".csv", ".po", ".js", ".scss", ".css", ".xlsx", ".sql", ".html")


def fingerprint():
    """Of every file of the module that an installation reads."""
    found = hashlib.sha256()
    for place, folders, files in os.walk(CHECKOUT):
        folders[:] = sorted(
            name for name in folders if name not in NOT_INSTALLED and not name.startswith(".")
        )
        for name in sorted(files):
            if name.endswith(INSTALLED):
                path = os.path.join(place, name)
                found.update(path.encode())
                with open(path, "rb") as file:
                    found.update(file.read())
    return found.hexdigest()


def bring_up_to_date(place, install_action, demo):
    """Make the database, or upgrade the module in it; an interrupted earlier try is begun again."""
    marker, log = place.folder / "installed.json", place.folder / "install.log"
    installed = read_json(marker)
    files = fingerprint()
    options = ["--with-demo"] if demo else []
    if os.environ.get("FRESH") or not (place.is_complete() and installed):
        with step("Copying the prepared database"):
            place.make()
        text = f"Installing the module {'with demo data, in Swedish' if demo else 'without demo data'}"
        action, options = install_action, [f"--init={MODULE}", *options]
    else:
        place.start()
        if installed["files"] == files:
            return
        text = "Files have changed: upgrading the module"
        action, options = "upgrade", [f"--update={MODULE}", *options]
    with step(text):
        place.odoo(action, log, *options, remedy="mend it and run again (FRESH=1: with a new database).")
    rows = place.query("SELECT demo FROM ir_module_module WHERE name = %s", (MODULE,))
    if demo and not rows[0][0]:
        say(f"   Beware: the demo data did not load; {log} says why.")
    write_json(marker, {"files": files})
