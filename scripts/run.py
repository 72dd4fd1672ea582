"""`make run`: a server with the module, demo data and Swedish, to look at and to click in.

It keeps its database between runs, upgrades the module when its files have changed, and takes the
database server with it when it ends, however it ends.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from common import MODULE, Problem, main, say, write_json
from database import workspace
from module_database import bring_up_to_date
from prepare import prepare
from processes import die_with_make, start, stop

DEMO_PASSWORD = "tryggvardag"
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


def check_port(host, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(
                f"{host}:{port} cannot be used ({error.strerror}); stop what uses it, "
                f"or choose another: make run PORT={port + 1}"
            ) from error


def know_own_address(place, address, database=None):
    """For links, and for the styles of a PDF, which wkhtmltopdf asks the server for."""
    for key in ("web.base.url", "report.url"):
        place.query(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, address),
            database,
        )


def serve(place, port, log, *options, host="127.0.0.1", database=None, **environment):
    """Start a server: its process, and its address."""
    database = database or place.database
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    know_own_address(place, address, database)
    with open(log, "ab") as outside_the_log:
        process = start(
            [
                *(sys.executable, "-m", "odoo", *place.prepared.common_arguments(place.data_dir)),
                *(f"--database={database}", f"--db-filter=^{database}$", "--no-database-list"),
                *(f"--http-interface={host}", f"--http-port={port}", f"--logfile={log}", *options),
            ],
            stdout=outside_the_log,
            stderr=subprocess.STDOUT,
            env=place.environment() | environment,
            cwd="/",
        )
    return process, address


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
    widths = [max(len(row[column]) for row in logins) for column in range(2)]
    for login, password, name, roles in logins:
        say(f"  {login:{widths[0]}} / {password:{widths[1]}}  {name} ({roles})")
    say(f"The server's log is {log}. Ctrl-C ends it.")


def watch(process, place):
    """Until the server ends, or Ctrl-C; the database server must not go away under it."""
    while process.poll() is None:
        database = place.cluster and place.cluster.process
        if database and database.poll() is not None:
            raise Problem("PostgreSQL has ended unexpectedly; run the same command again.")
        time.sleep(0.5)
    return process.returncode


def main_run():
    began = float(os.environ.setdefault("SOCIAL_CARE_BEGAN", str(time.monotonic())))
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8069)
    die_with_make()
    check_port(host, port)
    prepared = prepare(pdf=True)
    busy = "make run is already running in this checkout; end it first (one database, one server)."
    with workspace(prepared, "run", busy=busy) as place:
        bring_up_to_date(place, "install_demo", demo=True)
        log = place.folder / "odoo.log"
        log.write_text("")
        say("-> Starting the server ...")
        process, address = serve(place, port, log, "--max-cron-threads=1", host=host)
        try:
            wait_until_ready(process, address, log)
            write_json(prepared.state / "server.json", {"address": address, **place.connection()})
            say_ready(place, address, log, began)
            return watch(process, place)
        except KeyboardInterrupt:
            say("\nStopping the server and its database ...")
        finally:
            stop(process, 15)
            (prepared.state / "server.json").unlink(missing_ok=True)
    say("Stopped; nothing is left running.")
    return 0


if __name__ == "__main__":
    main(main_run)
