"""`make attack`: one API key for each role against a running server, from outside; a sample is part of `make test`.

outside/fill.py makes the files in a copy of a database with demo data, outside/colleague.py goes through the kinds of
attack from a process that has nothing of ours, and here its findings are joined with what the database, asked as its
owner, says has changed, and with the access log.

KIND=naming,routes ROLES=staff,portal DOOR='strike.entry_id$' (a pattern) narrow it, TIME= limits its seconds, SEED= replays a sample, APPS=1 attacks
a database that has other apps beside the module.
"""

import contextlib
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

from common import CHECKOUT, USUAL_APPS, Problem, free_port, main, read_json, say, step, write_json
from database import workspace
from prepare import prepare
from processes import die_with_make, end_group, start
from run import know_own_address, wait_until_ready

OUTSIDE = Path(__file__).parent / "outside" / "colleague.py"
# The clients whose file is closed to all who attack, as it was and as it is.
CLOSED = ("locked", "company")
FOR_EVER = 10**6
HOUR_PASSES = "SET session_replication_role = replica;" + ";".join(
    f"UPDATE {table} SET {column} = {column} - interval '1 hour'"
    f" WHERE {column} > now() AT TIME ZONE 'UTC' - interval '1 hour'"
    for table, column in (("care_emergency_access", "date_from"), ("care_emergency_miss", "date"))
)


def attack(place, results, database, seconds=FOR_EVER):
    """The faults found, each one line, in the database with demo data that is given (and spoilt)."""
    know = fill(place, results, database)
    know |= {
        "database": database,
        "seed": os.environ.get("SEED") or str(random.randrange(10**6)),
        "time": float(os.environ.get("TIME") or seconds),
        "threads": 4,
        "door": os.environ.get("DOOR") or "",
        "only": (os.environ.get("KIND") or "").replace(",", " ").split(),
    }
    if chosen := os.environ.get("ROLES"):
        know["roles"] = {role: told for role, told in know["roles"].items() if role in chosen.split(",")}
    owner = Owner(place, know)
    owner.remember()
    found = send_colleague(place, results, know)
    findings = [*found["findings"], *owner.rewritten(found["written"]), *owner.changed(), *owner.free_text()]
    tell(found, findings)
    return [
        *(f"the demo data has no {name}: nothing to attack" for name in know["bare"]),
        *grouped(findings),
        *owner.unlogged(found["looks"]),
        *(f"{role} cannot do what it is for: {door} ({target}): {said}" for role, door, target, said in found["missed"]),
        *(f"the attack itself failed: {attempt}: {trace}" for attempt, trace in found["errors"][:20]),
    ]  # fmt: skip


def fill(place, results, database):
    """Make the files; returns what there is to know of them."""
    knowledge = results / "knowledge.json"
    command = place.prepared.odoo_side("fill_for_attack", place.data_dir, database, results / "attack.log")
    with step("Filling a database with files to attack"):
        done = subprocess.run(
            [str(part) for part in command],
            env=place.environment(KNOWLEDGE=str(knowledge)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-600:]
        raise Problem(f"the files to attack could not be made: {said}")
    return read_json(knowledge)


def send_colleague(place, results, know):
    """Run servers and the colleague; returns what the colleague found."""
    knowledge, result, log = (results / name for name in ("knowledge.json", "found.json", "attack.log"))
    write_json(knowledge, know)
    servers = [serve(place, know["database"], log) for _core in range(min(os.cpu_count() or 1, 4))]
    try:
        for process, address in servers:
            wait_until_ready(process, address, log)
        addresses = ",".join(address for _process, address in servers)
        with (
            step(f"Attacking it from outside (SEED={know['seed']})"),
            hours_that_pass(place, know["database"]),
        ):
            subprocess.run([sys.executable, "-sE", OUTSIDE, addresses, knowledge, result], check=True)
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


def serve(place, database, log):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    know_own_address(place, address, database)
    process = start(
        [
            *(sys.executable, "-m", "odoo", *place.prepared.common_arguments(place.data_dir)),
            *(f"--database={database}", f"--db-filter=^{database}$", "--no-database-list"),
            *(f"--http-port={port}", f"--logfile={log}", "--log-level=critical", "--max-cron-threads=0"),
        ],
        env=place.environment(),
        cwd="/",
    )
    return process, address


def tell(found, findings):
    """How many were tried and how many succeeded, per kind."""
    say(f"   {found['calls']} requests in {found['seconds']} s: {found['statuses']}")
    for kind, told in found["tried"].items():
        succeeded = sum(finding[0] == kind for finding in findings)
        say(
            f"   {kind}: {told['tried']} of {told['all']} tried, {succeeded} succeeded"
            f" ({told['calls']} requests, {told['seconds']} s)"
        )


def grouped(findings):
    """One line for what is found by the same door, with everybody who gets in there and where."""
    doors = {}
    for kind, role, model, door, target, what in findings:
        way = door if kind in ("naming", "readonly") else door.rpartition(" ")[0] or door
        doors.setdefault((kind, way), []).append((role, model, target, what))
    for (kind, way), found in sorted(doors.items()):
        roles, models, targets = (", ".join(sorted({one[part] for one in found})) for part in range(3))
        # words of a file say more than its reference, and that more than a record that may be named
        whats = sorted(
            (one[3] for one in found), key=lambda what: ("shows" not in what, ".reference" in what)
        )
        yield " ".join(f"{kind}: {way} at {models} ({targets}) as {roles}: {whats[0]}".split())


class Owner:
    """The database, asked as its owner: what was there before, and what is."""

    def __init__(self, place, know):
        self.place, self.know = place, know
        self.roles = {told["id"]: role for role, told in know["roles"].items()}
        self.tables = {
            name: model["table"]
            for name, model in know["models"].items()
            if name.startswith("care.") and model["auto"] and not model["transient"]
        }

    def query(self, statement, parameters=()):
        return self.place.query(statement, parameters, database=self.know["database"])

    def remember(self):
        self.query("CREATE SCHEMA attack_before")
        for table in self.tables.values():
            self.query(f"CREATE TABLE attack_before.{table} AS SELECT * FROM {table}")
            self.query(f"CREATE INDEX ON attack_before.{table} (id)")

    def kind_of(self, ident):
        number = (ident or 0) - self.know["start"]
        return next((k for k, (first, last) in self.know["kinds"].items() if first <= number <= last), None)

    def rewritten(self, written):
        """Readonly fields that hold what was written to them."""
        for role, model, field, ident, control, sent in written:
            table = self.tables[model]
            before = "" if control else "attack_before."
            rows = self.query(
                f"SELECT now.{field}::text, was.{field}::text FROM {table} now LEFT JOIN {before}{table} was"
                f" ON was.id = %s WHERE now.id = %s AND now.{field} IS DISTINCT FROM was.{field}",
                (control or ident, ident),
            )
            if rows and as_text(sent) == rows[0][0]:
                verb = "create" if control else "write"
                yield "readonly", role, model, f"{verb} {model}.{field}", "own", f"{rows[0][1]} became {sent}"

    def changed(self):
        """Rows made, changed or deleted about clients whose file was closed to who did it, or to everyone."""
        for model, table in self.tables.items():
            told = self.know["models"][model]
            if told["kind"] != "client" or not told["signed"] or model == "care.emergency.access":
                continue  # the last is made by the lawful way in, which is tried too
            client = "id" if model == "care.client" else "client_id"
            rows = self.query(
                f"SELECT now.id, now.{client}, now.create_uid, NULL FROM {table} now WHERE NOT EXISTS"
                f" (SELECT 1 FROM attack_before.{table} was WHERE was.id = now.id) UNION ALL"
                f" SELECT now.id, now.{client}, now.write_uid, 'changed' FROM {table} now JOIN attack_before.{table} was"
                " USING (id) WHERE now::text <> was::text"
            )  # fmt: skip
            for ident, client_id, user, verb in rows:
                kind, role = self.kind_of(client_id), self.roles.get(user, "somebody")
                told = self.know["roles"].get(role, {"opens": {}, "names": CLOSED})
                if kind and kind not in told["opens"] and model not in told["names"]:
                    what = f"row {ident} about client {client_id} was {verb or 'made'}"
                    yield "rows", role, model, f"{verb or 'made'} {model}", kind, what
            for kind in CLOSED:
                first, last = (self.know["start"] + number for number in self.know["kinds"][kind])
                gone = self.query(
                    f"SELECT was.id FROM attack_before.{table} was LEFT JOIN {table} now USING (id)"
                    f" WHERE was.{client} BETWEEN {first} AND {last} AND (now.id IS NULL OR now::text <> was::text)"
                )
                if gone:
                    yield (
                        "rows",
                        "somebody",
                        model,
                        f"changed {model}",
                        kind,
                        f"rows {gone[:5]} gone or changed",
                    )

    def free_text(self):
        """What was written about a client lies where Odoo keeps messages, or waits to be sent."""
        files = tuple(name for name, model in self.know["models"].items() if model["kind"])
        for table, model, texts in (
            ("mail_message", "model", ("body", "subject")),
            ("mail_activity", "res_model", ("note", "summary")),
        ):
            words = " OR ".join(f"{text} LIKE '%%intrång%%'" for text in texts)
            rows = self.query(
                f"SELECT {model}, create_uid, count(*) FROM {table} WHERE {model} IN %s AND ({words}) GROUP BY 1, 2",
                (files,),
            )
            for name, user, count in rows:
                role = self.roles.get(user, "somebody")
                yield (
                    "chains",
                    role,
                    name,
                    f"free text in {table}",
                    "own",
                    f"{count} texts stand beside a file",
                )
        for (count,) in self.query("SELECT count(*) FROM mail_mail WHERE body_html LIKE '%%intrång%%'"):
            if count:
                yield (
                    "chains",
                    "somebody",
                    "mail.mail",
                    "free text in mail_mail",
                    "own",
                    f"{count} texts to be sent",
                )

    def unlogged(self, looks):
        """Looks at a client's file that left no line."""
        lines = set(self.query("SELECT user_id, client_id FROM care_access_log"))
        for role, number, doors in looks:
            user = self.know["roles"][role]["id"]
            if user and (user, self.know["start"] + number) not in lines:
                yield f"{role} leaves no line: {', '.join(doors[:4])} (number {number})"


def as_text(value):
    """As PostgreSQL writes it."""
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def with_apps(place, results):
    """A copy of the database with the apps that providers run beside the module: the process, and its name."""
    database = place.clone("apps")
    install = place.prepared.odoo_side("install", place.data_dir, database, results / "apps.log")
    return start([*install, f"--init={','.join(USUAL_APPS)}"], env=place.environment(), cwd="/"), database


def wait_for_apps(process, results):
    with step("Installing other apps beside the module"):
        if process.wait():
            raise Problem(
                f"other apps cannot be installed beside the module; {results / 'apps.log'} says why."
            )


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
