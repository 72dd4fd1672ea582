"""`make attack`: one API key for each role against a running server, from outside; part of `make test`.

outside/fill.py makes the files in a copy of a database with demo data, outside/colleague.py tries every door from a
process that has nothing of ours, and here its findings are compared with what each role may see, with the rows that
it must not have changed, and with the access log.
"""

import os
import subprocess
import sys
from pathlib import Path

from common import CHECKOUT, Problem, free_port, main, read_json, say, step, write_json
from database import workspace
from prepare import prepare
from processes import die_with_make, end_group, start
from run import know_own_address, wait_until_ready

OUTSIDE = Path(__file__).parent / "outside" / "colleague.py"
# The files that nobody of those who attack may open, as they were and as they are.
CLOSED = ("elsewhere", "locked", "company")


def attack(place, results, database=None):
    """The faults found, each one line, in the database with demo data that is given (and spoilt)."""
    knowledge, result, log = (results / name for name in ("knowledge.json", "found.json", "attack.log"))
    fill = place.prepared.odoo_side("fill_for_attack", place.data_dir, database or place.database, log)
    with step("Filling a database with files to attack"):
        done = subprocess.run(
            [str(part) for part in fill],
            env=place.environment(KNOWLEDGE=str(knowledge)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        return [f"the files could not be made: {(done.stderr or done.stdout).strip()[-600:]}"]
    know = read_json(knowledge)
    know["database"] = database or place.database
    if chosen := os.environ.get("ROLES"):
        know["roles"] = {role: told for role, told in know["roles"].items() if role in chosen.split(",")}
    write_json(knowledge, know)
    before = closed_rows(place, know)
    servers = [serve(place, know["database"], log) for _core in range(min(os.cpu_count() or 1, 4))]
    try:
        for process, address in servers:
            wait_until_ready(process, address, log)
        addresses = ",".join(address for _process, address in servers)
        with step("Attacking it from outside"):
            subprocess.run([sys.executable, "-I", OUTSIDE, addresses, knowledge, result], check=True)
    finally:
        for process, _address in servers:
            end_group(process)
    found = read_json(result)
    say(
        f"   {found['calls']} requests in {found['seconds']} s, {len(found['seen'])} looks; {found['statuses']};"
        f" slowest: {', '.join(f'{way} as {role} {seconds} s' for seconds, role, way, _kind in found['slowest'][:3])}"
    )
    return [
        *(f"the demo data has no {name}: nothing to attack" for name in know["bare"]),
        *forbidden(know, found),
        *changed(before, closed_rows(place, know)),
        *unlogged(place, know, found),
        *(
            f"{role} cannot do what it is for: {way} ({kind}): {said}"
            for role, way, kind, said in found["missed"]
        ),
    ]


def serve(place, database, log):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    know_own_address(place, address, database)
    process = start(
        [
            *(sys.executable, "-m", "odoo", *place.prepared.common_arguments(place.data_dir)),
            *(f"--database={database}", f"--db-filter=^{database}$", "--no-database-list"),
            *(f"--http-port={port}", f"--logfile={log}", "--log-level=error", "--max-cron-threads=0"),
        ],
        env=place.environment(),
        cwd="/",
    )
    return process, address


def forbidden(know, found):
    """What was seen that the role's sentence does not allow."""
    for role, way, model, kind, number in found["seen"]:
        opens = know["roles"][role]["opens"]
        if kind not in opens or (opens[kind] is not None and model not in opens[kind]):
            yield f"{role} sees a client who is {kind}: {way} (number {number})"


def closed_rows(place, know):
    """One digest for each table of all rows about the clients whose file is closed to all who attack."""
    digests = {}
    for name, model in know["models"].items():
        if model["kind"] != "client" or not model["auto"] or model["transient"]:
            continue
        column = "id" if name == "care.client" else "client_id"
        ranges = [[know["start"] + number for number in know["kinds"][kind]] for kind in CLOSED[1:]]
        which = " OR ".join(f"{column} BETWEEN {first} AND {last}" for first, last in ranges)
        statement = (
            f"SELECT count(*) || ' ' || md5(string_agg(t::text, '|' ORDER BY id)) FROM {name.replace('.', '_')} t"
            f" WHERE {which}"
        )
        digests[name] = place.query(statement, database=know["database"])[0][0]
    return digests


def changed(before, after):
    for name in before:
        if before[name] != after[name]:
            yield f"rows of {name} about clients whose file was closed to everyone have changed"


def unlogged(place, know, found):
    """Looks at a client's file that left no line."""
    rows = place.query("SELECT user_id, client_id FROM care_access_log", database=know["database"])
    lines = set(rows)
    for role, way, model, kind, number in found["seen"]:
        left = (know["roles"][role]["id"], know["start"] + number) in lines
        if not left and know["models"][model]["kind"] == "client" and kind != "relative":
            yield f"{role} leaves no line: {way} (number {number})"


def main_attack():
    die_with_make()
    prepared = prepare(pdf=True)
    results = CHECKOUT / "build" / "attack"
    results.mkdir(parents=True, exist_ok=True)
    with workspace(prepared, "attack", temporary=True) as place:
        install = place.prepared.odoo_side("install", place.data_dir, place.database, results / "install.log")
        with step("Installing the module with demo data"):
            subprocess.run(
                [*map(str, install), "--init=social_care", "--with-demo"], env=place.environment(), check=True
            )
        faults = attack(place, results)
    for fault in faults[:200]:
        say(fault)
    say(f"{len(faults)} faults")
    if faults:
        raise Problem("the files are not safe.")
    return 0


if __name__ == "__main__":
    main(main_attack)
