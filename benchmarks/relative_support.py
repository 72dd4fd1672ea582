"""Relative support at half a million contacts: the list, the month's statistic, the year's, and noting one call.

Run with the others by benchmarks/run.py; `report` fills its own unit, since its size is not the number of clients.
"""

import os
import time

from odoo import Command

CONTACTS = int(os.environ.get("CONTACTS", "500000"))

# A believable spread over ten years; every code of each list occurs.
FILL = """
INSERT INTO care_relative_contact (unit_id, company_id, mode, date, channel, form, minutes, first_contact, relation,
       age_band, need_code, referred_to, create_uid, write_uid, create_date, write_date)
SELECT %s, %s, 'none', current_date - (n %% 3650), (ARRAY['phone', 'phone', 'visit', 'home'])[1 + n %% 4],
       (ARRAY['call', 'call', 'talk', 'visit', 'respite_advice'])[1 + n %% 5], 5 * (1 + n %% 12), n %% 3 = 0,
       (ARRAY['partner', 'parent', 'child', 'sibling', 'friend'])[1 + (n / 7) %% 5],
       (ARRAY['30_44', '45_64', '65_79', '80', 'unknown'])[1 + (n / 11) %% 5],
       (ARRAY['listen', 'respite', 'worry', 'information', 'grief'])[1 + (n / 13) %% 5], 'nobody', 1, 1, now(), now()
  FROM generate_series(1, %s) AS n
"""


def report(bench):
    unit_id, user_id = _provider(bench)
    began = time.monotonic()
    with bench.cursor() as cursor:
        company_id = bench.env(cursor)["care.unit"].browse(unit_id).company_id.id
        cursor.execute(FILL, [unit_id, company_id, CONTACTS])
    with bench.cursor() as cursor:
        cursor._cnx.set_session(autocommit=True)
        cursor.execute("ANALYZE care_relative_contact")
    yield f"### Relative support, {CONTACTS:,} contacts (stored in {time.monotonic() - began:.0f} s)"
    yield ""
    yield "| Screen | ms | queries | bare SQL, ms |"
    yield "|---|---:|---:|---:|"
    for name, call, query in _screens(unit_id):
        milliseconds, queries = bench.time(call, user_id)
        bare = f"{bench.time(_bare(query, unit_id), user_id)[0]:.1f}" if query else ""
        yield f"| {name} | {milliseconds:.1f} | {queries} | {bare} |"


def _provider(bench):
    """A unit without names and its supporter."""
    with bench.cursor() as cursor:
        env = bench.env(cursor)
        unit = env["care.unit"].create(
            {"name": "Relatives", "code": "BREL", "kind": "relative_support", "documentation_mode": "none"}
        )
        group = env.ref("social_care.group_relative_support")
        user = env["res.users"].create(
            {"name": "Supporter", "login": "bench_supporter", "group_ids": [Command.set(group.ids)]}
        )
        employee = env["hr.employee"].create({"name": "Supporter", "user_id": user.id})
        env["care.unit.member"].create(
            {"unit_id": unit.id, "employee_id": employee.id, "date_from": "2020-01-01"}
        )
        return unit.id, user.id


def _bare(query, unit_id):
    def call(env):
        env.cr.execute(query, [unit_id])
        return env.cr.fetchall()

    return call


def _screens(unit_id):
    """Name, what the web client asks, and bare SQL for the same rows."""
    return [
        (
            "list of contacts, first page",
            _list,
            "SELECT id, date, form, minutes, relation, need_code FROM care_relative_contact WHERE unit_id = %s"
            " ORDER BY date DESC, id DESC LIMIT 80",
        ),
        (
            "the month by form",
            _month,
            "SELECT form, count(*), sum(minutes) FROM care_relative_contact WHERE unit_id = %s"
            " AND date >= date_trunc('month', current_date) GROUP BY form",
        ),
        (
            "the whole organisation's year by month",
            _year,
            "SELECT date_trunc('month', date), count(*), sum(minutes) FROM care_relative_contact WHERE unit_id = %s"
            " AND date >= date_trunc('year', current_date) GROUP BY 1",
        ),
        ("note a call", _note(unit_id), None),
    ]


def _list(env):
    specification = {name: {} for name in ("date", "form", "minutes", "relation", "need_code")}
    specification["unit_id"] = {"fields": {"display_name": {}}}
    return env["care.relative.contact"].web_search_read([], specification, limit=80, count_limit=10001)


def _month(env):
    return env["care.relative.contact"].formatted_read_group(
        [("date", ">=", "=1d")], ["form"], ["__count", "minutes:sum"]
    )


def _year(env):
    return env["care.relative.report"].formatted_read_group(
        [("date", ">=", "=1m =1d")], ["date:month"], ["contacts:sum", "minutes:sum"]
    )


def _note(unit_id):
    def call(env):
        env["care.relative.contact"].create({"unit_id": unit_id, "form": "call", "need_code": "listen"})
        env.flush_all()
        env.cr.rollback()

    return call
