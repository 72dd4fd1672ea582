"""What the read log costs, and how it holds when it is large: LINES=1000000 (100000000 when there is time).

    make bench SIZES=10000 ONLY=care_client,access_log LINES=1000000

The same screen is asked for in turn without the log, with it within the five minutes of a line that
is written, and with it for the first time, so that the machine's other work hits all three alike.
"""

import os
import statistics
import time
from datetime import timedelta
from unittest.mock import patch

import care_client

from data import START
from odoo import fields
from odoo.sql_db import db_connect

MONTHS = 12
ROUNDS = 60
FILL = """
    INSERT INTO care_access_log (date, user_id, client_id, company_id, model, res_id, operation, channel)
    SELECT %(month)s::timestamp + random() * interval '28 days', 1000 + (random() * 2000)::int,
           %(start)s + 1 + (random() * (%(clients)s - 1))::int, 1,
           (ARRAY['care.client', 'care.journal.entry', 'care.plan', 'care.visit', 'care.stay'])[1 + n %% 5],
           n %% 1000000, 'read', 'web'
      FROM generate_series(1, %(lines)s) AS n
    ON CONFLICT DO NOTHING
"""


def report(bench):
    yield "## The read log"
    yield ""
    yield from cost(bench)
    yield ""
    yield from large(bench, int(os.environ.get("LINES", "1000000")))
    yield ""
    comparison = os.path.join(os.path.dirname(__file__), "auditlog.md")
    if os.path.exists(comparison):
        with open(comparison) as file:
            yield from file.read().splitlines()


def cost(bench):
    """Medians of interleaved calls, each to the end of its transaction and its line."""
    log = bench.registry["care.access.log"]
    yield f"Milliseconds to the end of the request, medians of {ROUNDS} calls of each kind, taken in turn."
    yield ""
    yield "| Role | Screen | without the log | in the same five minutes | first time | more, same | more, first |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    clock = fields.Datetime.now()
    for role in ("staff", "manager"):
        for screen in care_client.screens(bench):
            times = {"off": [], "same": [], "first": []}
            for turn in range(ROUNDS + 3):
                clock += timedelta(minutes=5)
                for kind in ("off", "first", "same") if turn % 2 else ("first", "same", "off"):
                    with patch.object(log, "_now", lambda self, now=clock: now):
                        taken = request(bench, screen, role, log if kind == "off" else None)
                    if turn >= 3:
                        times[kind].append(taken)
            off, same, first = (statistics.median(times[kind]) for kind in ("off", "same", "first"))
            yield (
                f"| {role} | {screen.name} | {off:.1f} | {same:.1f} | {first:.1f}"
                f" | {100 * (same / off - 1):+.1f} % | {100 * (first / off - 1):+.1f} % |"
            )


def request(bench, screen, role, without=None):
    with bench.cursor() as cursor:
        env = bench.env(cursor, bench.users[role])
        env.user.has_group("base.group_user")
        began = time.perf_counter()
        if without:
            with patch.object(without, "_is_person", lambda self: False):
                screen.call(env)
                cursor.flush()
        else:
            screen.call(env)
            cursor.flush()
        return (time.perf_counter() - began) * 1000


def large(bench, lines):
    began = time.perf_counter()
    with db_connect(bench.database).cursor() as cursor:
        for back in range(MONTHS):
            month = (fields.Date.today().replace(day=1) - timedelta(days=30 * back)).replace(day=1)
            cursor.execute("SELECT care_access_log_make_month(%s)", [month])
            cursor.execute(
                FILL, {"month": month, "start": START, "clients": bench.size, "lines": lines // MONTHS}
            )
            cursor.commit()
        cursor.execute("ANALYZE care_access_log")
        cursor.execute(
            "SELECT count(*), (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits"
            " WHERE inhparent = 'care_access_log'::regclass) FROM care_access_log"
        )
        count, size = cursor.fetchone()
    filled = time.perf_counter() - began
    yield (
        f"{count:,} lines in {MONTHS} months, {size / 1024**2:,.0f} MB with indexes, filled in {filled:.0f} s"
        f" ({count / filled:,.0f} lines/s). Milliseconds, medians of 30."
    )
    yield ""
    yield "| What | ms |"
    yield "|---|---:|"
    for name, milliseconds in measures(bench):
        yield f"| {name} | {milliseconds:.1f} |"


def measures(bench):
    log = bench.registry["care.access.log"]
    clock = fields.Datetime.now() + timedelta(days=400)

    def write(number):
        def call(env, turn):
            clients = [START + (turn * 97 + at) % bench.size for at in range(number)]
            with patch.object(log, "_now", lambda self: clock + timedelta(minutes=5 * turn)):
                env["care.access.log"]._note_places("care.client", [(c, c, 1) for c in clients])
                env.cr.flush()

        return call

    def find(domain, limit=80):
        spec = {name: {} for name in ("date", "user_id", "client_reference", "what", "operation", "channel")}

        def call(env, turn):
            env["care.access.log"].sudo().web_search_read(domain(turn), spec, limit=limit)

        return call

    week = fields.Datetime.now() - timedelta(days=7)
    for name, call in [
        ("add one line", write(1)),
        ("add the 80 lines of a list", write(80)),
        ("the latest 80 lines of a client", find(lambda turn: [("client_id", "=", START + 1 + turn)])),
        ("the latest 80 lines of a user", find(lambda turn: [("user_id", "=", 1000 + turn)])),
        ("the latest 80 lines of all", find(lambda turn: [("date", ">=", week)])),
    ]:
        times = []
        for turn in range(33):
            with bench.cursor() as cursor:
                env = bench.env(cursor, bench.users["staff"])
                began = time.perf_counter()
                call(env, turn + 1)
                times.append((time.perf_counter() - began) * 1000)
        yield name, statistics.median(times[3:])
