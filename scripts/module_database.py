"""A database that keeps the module between runs: made, or upgraded when the module's files have changed."""

import hashlib
import os

from common import CHECKOUT, MODULE, Problem, read_json, say, step, write_json
from database import log_progress
from processes import run

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
    marker = place.folder / "installed.json"
    installed = read_json(marker)
    files = fingerprint()
    if os.environ.get("FRESH") or not (place.is_complete() and installed):
        with step("Copying the prepared database"):
            place.make()
        what = f"Installing the module {'with demo data, in Swedish' if demo else 'without demo data'}"
        odoo_action(place, what, install_action, "--init", demo)
    else:
        place.start()
        if installed["files"] == files:
            return
        odoo_action(place, "Files have changed: upgrading the module", "upgrade", "--update", demo)
    if demo:
        say_demo_failure(place)
    write_json(marker, {"files": files})


def odoo_action(place, text, action, option, demo):
    log = place.folder / "install.log"
    log.unlink(missing_ok=True)
    command = [*place.prepared.odoo_side(action, place.data_dir, place.database, log), f"{option}={MODULE}"]
    remedy = f"{log} tells all; mend it and run again (FRESH=1 begins with a new database)."
    with step(text):
        try:
            run(
                [*command, *(["--with-demo"] if demo else [])],
                remedy,
                progress=log_progress(log),
                env=place.environment(),
                cwd="/",
            )
        except Problem as problem:
            raise Problem(f"{last_error(log)}\n{problem}") from problem


def last_error(log):
    """The last exception that a log tells of."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    said = [
        line for line in lines if line and not line.startswith((" ", "\t")) and "Error" in line.split(":")[0]
    ]
    return said[-1] if said else f"the log ({log}) names no error"


def say_demo_failure(place):
    rows = place.query("SELECT demo FROM ir_module_module WHERE name = %s", (MODULE,))
    if rows and not rows[0][0]:
        say(f"   Beware: the demo data did not load; {place.folder}/install.log says why.")
