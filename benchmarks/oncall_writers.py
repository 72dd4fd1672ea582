"""Twenty people who write in one shift at once, for a minute, and a server that is killed while it closes one.

    make bench SCRIPT=oncall_writers                  WRITERS=20 SECONDS=60 WORKERS=4 PORT=8199 KILLS=5

Over HTTP, as the web client does, against a multi-worker server of its own. Each writer makes an event, writes
in it, and now and then in the one that everybody writes in, with the values that its screen had shown. It ends
with an error unless

 - every event that a writer was told is saved is there, with the last words of its writer;
 - of the shared event each saved word is told from, or refused because of, another's: nobody is silently
   overwritten;
 - no writer was shown another error than that one;
 - a shift whose server is killed in the middle of closing is open with all its events open to writing, or closed
   with all of them fixed and its report at hand.

It prints the median, the 95th percentile and the longest time of each kind of request.
"""

import contextlib
import http.cookiejar
import itertools
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

import psycopg2

WRITERS = int(os.environ.get("WRITERS") or 20)
SECONDS = int(os.environ.get("SECONDS") or 60)
WORKERS = int(os.environ.get("WORKERS") or 4)
KILLS = int(os.environ.get("KILLS") or 5)
PORT = int(os.environ.get("PORT") or 8199)
ADDRESS = f"http://127.0.0.1:{PORT}"
DATABASE = os.environ["BENCH_DATABASE"]
PASSWORD = "bench"

SETUP = """
from datetime import timedelta
from odoo import Command, fields
now = fields.Datetime.now()
unit = env["care.unit"].create({"name": "Skrivarna", "code": "W%(stamp)s", "kind": "on_call"})
users = env["res.users"].with_context(no_reset_password=True).create([
    {"name": "writer %%s" %% n, "login": "writer%(stamp)s_%%s" %% n, "password": "%(password)s",
     "group_ids": [Command.set(env.ref("social_care.group_oncall_%%s" %% ("lead" if n == 0 else "staff")).ids)]}
    for n in range(%(writers)s)])
crew = env["hr.employee"].create([{"name": user.name, "user_id": user.id} for user in users])
env["care.unit.member"].create([{"unit_id": unit.id, "employee_id": e.id, "date_from": "2020-01-01"} for e in crew])
shift = env["care.oncall.shift"].create({"unit_id": unit.id, "date_start": now - timedelta(hours=1),
    "date_end": now + timedelta(hours=7), "employee_ids": [Command.set(crew.ids)]})
shift.action_open()
shared = env["care.oncall.event"].create({"unit_id": unit.id, "shift_id": shift.id, "description": "start"})
env.cr.commit()
print("SETUP", shift.id, shared.id, unit.id)
"""


class Refused(Exception):
    """The server answered with an error that the web client would show."""


class Person:
    """A browser's session: a cookie, and calls as the web client makes them."""

    def __init__(self, login):
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        self.post("/web/session/authenticate", {"db": DATABASE, "login": login, "password": PASSWORD})

    def post(self, path, params, timeout=60):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(ADDRESS + path, body, {"Content-Type": "application/json"})
        answer = json.load(self.opener.open(request, timeout=timeout))
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise Refused(f"{data.get('name')}: {data.get('message')}")
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)


class Server:
    """A multi-worker Odoo on the bench's database, in a process group of its own."""

    def __init__(self):
        options = [option for option in json.loads(os.environ["BENCH_ODOO_OPTIONS"]) if option != "--no-http"]
        options += [f"--workers={WORKERS}", f"--http-port={PORT}", f"--gevent-port={PORT + 1}"]
        options += ["--http-interface=127.0.0.1", "--max-cron-threads=0", "--log-level=warn"]
        # a file, because the workers' parent starts its websocket process by its own name
        launcher = Path(tempfile.gettempdir(), f"oncall_writers_{os.getpid()}.py")
        launcher.write_text("from odoo.cli import main\n\nmain()\n")
        self.process = subprocess.Popen([sys.executable, launcher, *options], cwd="/", start_new_session=True)
        self.wait()

    def wait(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _turn in range(600):
            if self.process.poll() is not None:
                raise SystemExit("the server ended while starting")
            with contextlib.suppress(OSError):
                opener.open(f"{ADDRESS}/web/login", timeout=60).read()
                return
            time.sleep(0.2)
        raise SystemExit("the server does not answer")

    def kill(self):
        """As the kernel or a power cut would: no worker finishes what it does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def sql(query, *parameters):
    with contextlib.closing(psycopg2.connect(dbname=DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def set_up(stamp, writers):
    script = SETUP % {"stamp": stamp, "password": PASSWORD, "writers": writers}
    done = subprocess.run(
        [sys.executable, "-m", "odoo", "shell", *json.loads(os.environ["BENCH_ODOO_OPTIONS"]), "--log-level=warn"],
        input=script, capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    for line in done.stdout.splitlines():
        if "SETUP" in line:
            return [int(word) for word in line[line.index("SETUP") :].split()[1:]]
    raise SystemExit(done.stdout + done.stderr)


class Night:
    """What the writers did and what they were told."""

    def __init__(self, shift_id, shared_id, unit_id):
        self.shift_id, self.shared_id, self.unit_id = shift_id, shared_id, unit_id
        self.times = defaultdict(list)
        self.saved = {}  # event: what its writer was told is saved
        self.words = []  # (moment, before, after) of each saved word in the shared event
        self.refused, self.errors = 0, []
        self.lock = threading.Lock()

    @contextlib.contextmanager
    def timed(self, what):
        began = time.perf_counter()
        yield
        with self.lock:
            self.times[what].append((time.perf_counter() - began) * 1000)


def write_all_night(night, number, person, until):
    try:
        for turn in itertools.count():
            if time.monotonic() > until:
                return
            write_an_event(night, person, f"{number}/{turn}")
            if turn % 2 == 0:
                write_in_the_shared(night, person, f"{number}/{turn}")
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        with night.lock:
            night.errors.append(f"writer {number}: {error!r}")


def write_an_event(night, person, words):
    with night.timed("new event"):
        action = person.call("care.oncall.shift", "action_new_event", [night.shift_id])
    event_id = action["res_id"]
    told = {}
    for name in ("description", "action_taken"):
        with night.timed("write in it"):
            person.call(
                "care.oncall.event", "web_save", [event_id], {name: words},
                specification={"description": {}}, context={"care_seen": {name: False}},
            )  # fmt: skip
        told[name] = words
    with night.timed("done"):
        person.call("care.oncall.event", "web_save", [event_id], {"reason": "anxiety"}, specification={})
        person.call("care.oncall.event", "action_done", [event_id])
    with night.lock:
        night.saved[event_id] = told


def write_in_the_shared(night, person, words):
    """As somebody who reads, thinks and writes: what the screen had shown goes along."""
    shown = person.call("care.oncall.event", "read", [night.shared_id], ["description"])[0]["description"]
    time.sleep(random.random() / 10)
    try:
        with night.timed("write in the same event"):
            person.call(
                "care.oncall.event", "web_save", [night.shared_id],
                {"description": words}, specification={}, context={"care_seen": {"description": shown}},
            )  # fmt: skip
        with night.lock:
            night.words.append((shown, words))
    except Refused as error:
        if "UserError" not in str(error):
            raise
        with night.lock:
            night.refused += 1


def verify(night):
    problems = list(night.errors)
    rows = sql(
        "SELECT id, description, action_taken, state FROM care_oncall_event WHERE shift_id = %s",
        night.shift_id,
    )
    there = {row[0]: row[1:] for row in rows}
    for event_id, told in night.saved.items():
        expected = (told["description"], told["action_taken"], "done")
        if there.get(event_id) != expected:
            problems.append(f"event {event_id}: {there.get(event_id)} instead of {expected}")
    # A chain: each saved word was written by somebody who had been shown the one before it.
    followers = defaultdict(list)
    for before, after in night.words:
        followers[before].append(after)
    for before, afters in followers.items():
        if len(afters) > 1:
            problems.append(f"{before!r} was overwritten by {afters}: one of them never saw the other")
    word, length = "start", 0
    while followers.get(word):
        word, length = followers[word][0], length + 1
    if length != len(night.words) or there[night.shared_id][0] != word:
        problems.append(
            f"the shared event: {length} of {len(night.words)} words in a chain, ends in {word!r}"
        )
    return problems


def tell(night):
    print(
        f"{WRITERS} writers, {SECONDS} s, {WORKERS} workers, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}:"
    )
    print(
        f"  {len(night.saved)} events written, {len(night.words)} words in the shared event, {night.refused} refused"
    )
    print("  | request | number | median ms | p95 ms | longest ms |")
    for what, times in night.times.items():
        p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        print(f"  | {what} | {len(times)} | {statistics.median(times):.0f} | {p95:.0f} | {max(times):.0f} |")


def kill_while_closing(server, stamp, turn):
    """Close a shift of many events and kill the server after a random moment; then look at what is left."""
    shift_id, _shared, _unit = set_up(f"{stamp}k{turn}", 1)
    sql_write(
        "INSERT INTO care_oncall_event (unit_id, company_id, shift_id, received_at, channel, kind, reason, state)"
        " SELECT unit_id, company_id, shift_id, received_at, channel, kind, 'anxiety', 'done'"
        " FROM care_oncall_event, generate_series(1, 300) WHERE shift_id = %s",
        shift_id,
    )
    sql_write("UPDATE care_oncall_event SET state = 'done' WHERE shift_id = %s", shift_id)
    lead = Person(f"writer{stamp}k{turn}_0")
    lead.call("care.oncall.shift", "read", [shift_id], ["state"])  # the worker is warm
    told = []

    def close():
        with contextlib.suppress(Exception):
            lead.call("care.oncall.shift", "action_close", [shift_id])
            told.append(True)

    thread = threading.Thread(target=close)
    thread.start()
    time.sleep(random.random() ** 2 / 4)  # some before the commit, some after it
    server.kill()
    thread.join()
    wait_for_the_database()
    state, closed_at = sql("SELECT state, closed_at FROM care_oncall_shift WHERE id = %s", shift_id)[0]
    frozen = is_frozen(shift_id)
    server.__init__()
    lead = Person(f"writer{stamp}k{turn}_0")
    problems = []
    if (
        (state == "closed") != frozen
        or (state == "closed") != bool(closed_at)
        or (told and state != "closed")
    ):
        problems.append(
            f"kill {turn}: state {state}, closed at {closed_at}, events fixed: {frozen}, told: {told}"
        )
    if state == "open":
        lead.call("care.oncall.shift", "action_close", [shift_id])  # whoever comes back can close it
    html = lead.opener.open(
        f"{ADDRESS}/report/html/social_care.care_oncall_shift_report_document/{shift_id}", timeout=120
    )
    if html.status != 200 or html.read().count(b"<tr") < 300:
        problems.append(f"kill {turn}: no report")
    print(
        f"  killed while closing, turn {turn}: found {state}, events {'fixed' if frozen else 'open to writing'}"
    )
    return problems


def sql_write(query, *parameters):
    with (
        contextlib.closing(psycopg2.connect(dbname=DATABASE)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(query, parameters)


def wait_for_the_database():
    """A COMMIT that was on its way is carried out although nobody waits for the answer."""
    for _turn in range(200):
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        if not sql(query)[0][0]:
            return
        time.sleep(0.1)
    raise SystemExit("the killed server's connections do not end")


def is_frozen(shift_id):
    """Whether the database refuses a change of every event of the shift, or of none."""
    refused = set()
    for (event_id,) in sql("SELECT id FROM care_oncall_event WHERE shift_id = %s", shift_id):
        try:
            sql_write("UPDATE care_oncall_event SET description = 'changed' WHERE id = %s", event_id)
            refused.add(False)
        except psycopg2.IntegrityError:
            refused.add(True)
    assert len(refused) == 1, "some events are fixed and others are not"
    return refused.pop()


def warm_up(stamp):
    """All have logged in, and each worker has loaded the registry, before the clock starts."""
    people = [Person(f"writer{stamp}_{number}") for number in range(WRITERS)]
    threads = [
        threading.Thread(target=lambda person=person: [
            person.call("care.oncall.shift", "search_read", [], ["state"]) for _turn in range(5)
        ])
        for person in people
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return people


def main():
    stamp = int(time.time())
    night = Night(*set_up(stamp, WRITERS))
    server = Server()
    try:
        people = warm_up(stamp)
        until = time.monotonic() + SECONDS
        threads = [
            threading.Thread(target=write_all_night, args=(night, number, person, until))
            for number, person in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tell(night)
        problems = verify(night)
        for turn in range(KILLS):
            problems += kill_while_closing(server, stamp, turn)
    finally:
        server.kill()
    for problem in problems:
        print("PROBLEM:", problem)
    if problems:
        raise SystemExit(1)
    print(
        "No event was lost, nobody was silently overwritten, no error was shown, no shift was left half closed."
    )


if __name__ == "__main__":
    main()
