"""`make attack`: one API key for each role against running servers, from outside; a sample is part of `make test`.

tests/attacks/fill.py makes the files in a copy of a database with demo data, tests/attacks/colleague.py goes through the
kinds of attack from a process that has nothing of ours, and tests/attacks/owner.py says what came of it. The same kinds
are tried in a test, on the kept database: make test KEEP=1 TESTS=test_attack.

KIND=naming,routes ROLES=staff,portal DOOR='strike.entry_id$' (a pattern) narrow it, TIME= limits its seconds, SEED=
replays a sample, APPS=1 attacks a database that has other apps beside the module.
"""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

from common import CHECKOUT, MODULE, Problem, free_port, main, read_json, say, step, write_json
from database import workspace
from prepare import prepare
from processes import die_with_make, end_group
from run import serve, wait_until_ready

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.append(str(TESTS))
from attacks.owner import attack as carry_out  # noqa: E402  it needs nothing of Odoo's

# What providers run beside it. Tests with APPS=1, and attacks, meet them.
USUAL_APPS = (
    "contacts", "calendar", "project", "hr_holidays", "hr_attendance", "survey", "website", "website_sale",
    "mass_mailing", "base_automation", "data_recycle", "gamification", "privacy_lookup", "auth_password_policy",
)  # fmt: skip
# In place of wkhtmltopdf: a page with the HTML in it, in which the marks are found, and in a fiftieth of the time.
PRINTER = r"""#!{python} -sE
import re, sys
if "--version" in sys.argv:
    sys.exit(print("wkhtmltopdf 0.12.6 (with patched qt)"))
text = b"".join(open(name, "rb").read() for name in sys.argv[1:-1] if name.endswith(".html"))
parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
         b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
         b"<</Length %d>>stream\n%s\nendstream" % (len(text), text)]
pdf, places = b"%PDF-1.4\n", []
for number, part in enumerate(parts, 1):
    places.append(len(pdf))
    pdf += b"%d 0 obj%s endobj\n" % (number, part)
table = b"".join(b"%010d 00000 n \n" % place for place in places)
pdf += b"xref\n0 5\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % (table, len(pdf))
open(sys.argv[-1], "wb").write(pdf)
"""
HOUR_PASSES = "SET session_replication_role = replica;" + ";".join(
    f"UPDATE {table} SET {column} = {column} - interval '1 hour'"
    f" WHERE {column} > now() AT TIME ZONE 'UTC' - interval '1 hour'"
    for table, column in (("care_emergency_access", "date_from"), ("care_emergency_attempt", "date"))
)


def attack(place, results, database, **limit):
    """The faults found, each one line, in the database with demo data that is given (and spoilt)."""
    know = fill(place, results, database) | {"database": database, "threads": 4}
    said, faults = carry_out(
        know,
        lambda statement, parameters=(): place.query(statement, parameters, database=database),
        lambda know: send_colleague(place, results, know),
        **limit,
    )
    for line in said:
        say(f"   {line}")
    return [*(f"the demo data has no {name}: nothing to attack" for name in know["bare"]), *faults]


def fill(place, results, database):
    """Make the files; returns what there is to know of them."""
    knowledge, where = results / "knowledge.json", {"database": database}
    with step("Filling a database with files to attack"):
        place.odoo("fill_for_attack", results / "fill.log", where=where, KNOWLEDGE=str(knowledge))
    return read_json(knowledge)


def send_colleague(place, results, know):
    """Run servers and the colleague; returns what the colleague found."""
    knowledge, result, log = (results / name for name in ("knowledge.json", "found.json", "attack.log"))
    write_json(knowledge, know)
    options = ["--log-level=critical", "--max-cron-threads=0"]
    servers = [
        serve(place, free_port(), log, *options, database=know["database"], PATH=printer(results))
        for _core in range(min(os.cpu_count() or 1, 4))
    ]
    try:
        for process, address in servers:
            wait_until_ready(process, address, log)
        addresses = ",".join(address for _process, address in servers)
        text = f"Attacking it from outside (SEED={know['seed']})"
        with step(text), hours_that_pass(place, know["database"]):
            colleague = [sys.executable, "-sE", "-m", "attacks.colleague", addresses, knowledge, result]
            subprocess.run(colleague, cwd=TESTS, check=True)
    finally:
        for process, _address in servers:
            end_group(process)
    return read_json(result)


@contextlib.contextmanager
def hours_that_pass(place, database):
    """Openings by emergency are slowed down: for the colleague an hour goes by each second."""
    over = threading.Event()

    def pass_on():
        while not over.wait(1):
            place.query(HOUR_PASSES, database=database)

    clock = threading.Thread(target=pass_on)
    clock.start()
    try:
        yield
    finally:
        over.set()
        clock.join()


def printer(results):
    """PATH, with what servers print with."""
    program = results / "bin" / "wkhtmltopdf"
    program.parent.mkdir(exist_ok=True)
    program.write_text(PRINTER.replace("{python}", sys.executable))
    program.chmod(0o755)
    return f"{program.parent}{os.pathsep}{os.environ['PATH']}"


def with_apps(place, results):
    """A copy of the database with the apps that providers run beside the module: the process, and its name."""
    database, options = place.clone("apps"), f"--init={','.join(USUAL_APPS)}"
    return place.start_odoo("install", results / "apps.log", options, database=database), database


def wait_for_apps(process, results):
    with step("Installing other apps beside the module"):
        if process.wait():
            raise Problem(
                f"other apps cannot be installed beside the module; {results / 'apps.log'} says why."
            )


def main_attack():
    die_with_make()
    prepared = prepare()
    results = CHECKOUT / "build" / "attack"
    results.mkdir(parents=True, exist_ok=True)
    with workspace(prepared, "attack", temporary=True) as place:
        with step("Installing the module with demo data"):
            place.odoo("install", results / "install.log", f"--init={MODULE}", "--with-demo")
        database = place.database
        if os.environ.get("APPS"):
            process, database = with_apps(place, results)
            wait_for_apps(process, results)
        faults = attack(place, results, database)
    for fault in faults[:300]:
        say(fault)
    say(f"{len(faults)} faults")
    if faults:
        raise Problem("the files are not safe.")
    return 0


if __name__ == "__main__":
    main(main_attack)
