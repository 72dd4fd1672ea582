"""`make run`: a server with the module, demo data and Swedish, to look at and to click in.

It keeps its database between runs, upgrades the module when its files have changed, and takes the
database server with it when it ends, however it ends.
"""

import contextlib
import errno
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from common import (
    CHECKOUT,
    MODULE,
    Problem,
    die_with_parent,
    main,
    read_json,
    run,
    say,
    start,
    step,
    write_json,
)
from database import workspace
from prepare import prepare

# What does not change what is in the database.
NOT_INSTALLED = {"scripts", "tests", "benchmarks", "build", "node_modules", "__pycache__"}
DEMO_PASSWORD = "demo"
LOGINS = """
    SELECT u.login, p.name, string_agg(COALESCE(g.name ->> 'sv_SE', g.name ->> 'en_US'), ', ' ORDER BY g.id)
      FROM res_users u
      JOIN res_partner p ON p.id = u.partner_id
      JOIN res_groups_users_rel r ON r.uid = u.id
      JOIN res_groups g ON g.id = r.gid
      JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = g.id AND d.module = %s
     WHERE u.active AND u.login NOT IN ('admin', '__system__')
     GROUP BY u.login, p.name
     ORDER BY min(g.id), u.login
"""


def fingerprint():
    """Of every file of the module that an installation reads."""
    found = hashlib.sha256()
    for place, folders, files in os.walk(CHECKOUT):
        folders[:] = sorted(
            name for name in folders if name not in NOT_INSTALLED and not name.startswith(".")
        )
        for name in sorted(files):
            if name.endswith((".py", ".xml", ".csv", ".po", ".js", ".scss", ".css", ".xlsx", ".sql")):
                path = os.path.join(place, name)
                found.update(path.encode())
                with open(path, "rb") as file:
                    found.update(file.read())
    return found.hexdigest()


def check_port(host, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Problem(
                    f"port {port} is in use; stop what uses it, or choose another: make run PORT={port + 1}"
                ) from error
            raise Problem(
                f"{host}:{port} cannot be used ({error.strerror}); choose another: make run PORT=8070"
            ) from error


def bring_up_to_date(place):
    """Make the database, or upgrade the module in it; an interrupted earlier try is begun again."""
    marker = place.folder / "installed.json"
    log = place.folder / "install.log"
    installed = read_json(marker)
    if os.environ.get("FRESH") or not (place.is_complete() and installed):
        with step("Copying the prepared database"):
            place.make()
        text, action, option = "Installing the module with demo data, in Swedish", "install_demo", "--init"
    elif installed["files"] != fingerprint():
        place.start()
        text, action, option = "Files have changed: upgrading the module", "upgrade", "--update"
    else:
        place.start()
        return
    files = fingerprint()
    log.unlink(missing_ok=True)
    with step(text):
        run(
            [
                *place.prepared.odoo_side(action, place.data_dir, place.database, log),
                *(f"{option}={MODULE}", "--with-demo"),
            ],
            f"the whole story is in {log}; mend it and run again (make run FRESH=1 begins with a new database).",
            env=place.environment(),
            cwd="/",
        )
    say_demo_failure(place)
    write_json(marker, {"files": files})


def say_demo_failure(place):
    rows = place.query("SELECT demo FROM ir_module_module WHERE name = %s", (MODULE,))
    if rows and not rows[0][0]:
        say(f"   Beware: the demo data did not load; {place.folder}/install.log says why.")


def wait_until_ready(process, address, log):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Problem(f"Odoo ended while starting; {log} says why.")
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            if opener.open(f"{address}/web/login", timeout=60).status == 200:
                return
        time.sleep(0.1)
    raise Problem(f"Odoo does not answer at {address}; {log} says why.")


def say_ready(place, address, log, began):
    say(f"\nReady after {time.monotonic() - began:.1f} s: {address}")
    rows = place.query(LOGINS, (MODULE,))
    logins = [(login, DEMO_PASSWORD, name, roles) for login, name, roles in rows]
    logins.append(("admin", "admin", "Administrator", "Odoo's own"))
    widths = [max(len(row[column]) for row in logins) for column in range(3)]
    for row in logins:
        say(
            "  "
            + " / ".join(part.ljust(width) for part, width in zip(row[:2], widths, strict=False))
            + f"  {row[2]} ({row[3]})"
        )
    say(f"The server's log is {log}. Ctrl-C ends it.")


def watch(process, place):
    """Until the server ends, or Ctrl-C; the database server must not go away under it."""
    while process.poll() is None:
        database = place.cluster and place.cluster.process
        if database and database.poll() is not None:
            raise Problem("PostgreSQL has ended unexpectedly; run the same command again.")
        time.sleep(0.5)
    return process.returncode


def end(process):
    process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    except BaseException:  # noqa: BLE001  also a second Ctrl-C
        process.kill()
        process.wait()


def main_run():
    began = time.monotonic()
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8069)
    stop_like_ctrl_c()
    check_port(host, port)
    prepared = prepare(pdf=True)
    busy = "make run is already running in this checkout; end it first (one database, one server)."
    with workspace(prepared, "run", busy=busy) as place:
        bring_up_to_date(place)
        log = place.folder / "odoo.log"
        log.write_text("")
        say("-> Starting the server ...")
        process = start(
            [
                *(sys.executable, "-m", "odoo", *prepared.common_arguments(place.data_dir)),
                *(f"--database={place.database}", f"--db-filter=^{place.database}$", "--no-database-list"),
                *(
                    f"--http-interface={host}",
                    f"--http-port={port}",
                    f"--logfile={log}",
                    "--max-cron-threads=1",
                ),
            ],
            stdout=open(log, "ab"),  # noqa: SIM115  what is said outside the log
            stderr=subprocess.STDOUT,
            env=place.environment(),
            cwd="/",
        )
        address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"
        try:
            wait_until_ready(process, address, log)
            write_json(place.folder / "server.json", {"address": address, "database": place.database})
            say_ready(place, address, log, began)
            return watch(process, place)
        except KeyboardInterrupt:
            say("\nStopping the server and its database ...")
        finally:
            end(process)
            (place.folder / "server.json").unlink(missing_ok=True)
    say("Stopped; nothing is left running.")
    return 0


def stop_like_ctrl_c():
    """A terminal that closes, a `kill`, or the end of `make` stops everything just as cleanly."""

    def interrupt(*_arguments):
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupt)
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)


if __name__ == "__main__":
    main(main_run)
