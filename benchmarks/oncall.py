"""The on-call log: one team with as many events as there are clients, all in its own log.

The hardest case for the log list: no part of the million events is another team's. Closed shifts of
twenty events, and tonight's, open, with the crew that looks. At the end of each run `screens` has also
counted that a search by telephone number finds its caller.
"""

from datetime import timedelta

from run import Screen
from web_client import search_read, specifications

from data import START, clone, fast_inserts
from odoo import Command, fields
from odoo.addons.social_care.tools.phone_number import digits

ROLES = ("oncall",)
MODEL = "care.oncall.event"
A_SHIFT = 20
STEP = 20  # minutes between two calls: a million fill thirty-eight years


def fill(bench, first, last):
    with bench.cursor() as cursor:
        env = bench.env(cursor)(context={"tracking_disable": True, "no_reset_password": True})
        if first == 1:
            make_team(bench, env)
        with fast_inserts(cursor):
            shifts(cursor, bench.base, (first - 1) // A_SHIFT + 1, -(-last // A_SHIFT))
            events(cursor, bench.base, first, last)
        env.invalidate_all()


def make_team(bench, env):
    """Team, crew, tonight's open shift with events and a visit; a closed one and its event to be cloned."""
    now = fields.Datetime.now()
    served = env["care.unit"].search([("code", "=", "B4")])
    team = env["care.unit"].create(
        {"name": "Jouren", "code": "BJ", "kind": "on_call", "serves_unit_ids": [Command.set(served.ids)]}
    )
    users = env["res.users"]
    for login in ("bench_oncall", "bench_oncall_2"):
        group = env.ref("social_care.group_oncall_staff")
        users |= users.create({"name": login, "login": login, "group_ids": [Command.set(group.ids)]})
    crew = env["hr.employee"].create([{"name": user.name, "user_id": user.id} for user in users])
    env["care.unit.member"].create(
        [{"unit_id": team.id, "employee_id": employee.id, "date_from": "2020-01-01"} for employee in crew]
    )
    bench.users["oncall"] = users[0].id
    bench.oncall_team = team.id
    sample = {"unit_id": team.id, "employee_ids": [Command.set(crew.ids)]}
    old, tonight = env["care.oncall.shift"].create(
        [
            {
                **sample,
                "date_start": now - timedelta(days=20 * 365 + day),
                "date_end": now - timedelta(days=20 * 365 + day, hours=-8),
            }
            for day in (1, 2)
        ]
    )
    old._write_decided({"state": "open"})
    call = {"unit_id": team.id, "reason": "anxiety", "caller_kind": "tenant"}
    event = env[MODEL].create(
        {
            **call,
            "shift_id": old.id,
            "received_at": old.date_start,
            "caller_phone": "070-174 06 05",
            "description": "Kan inte sova",
            "employee_ids": [Command.clear()],
        }
    )
    event._write_decided({"state": "done"})
    env.flush_all()
    old._write_decided({"state": "closed", "closed_at": old.date_end})
    tonight._write_decided(
        {"state": "open", "date_start": now - timedelta(hours=1), "date_end": now + timedelta(hours=7)}
    )
    client = (
        env["care.stay"].search([("unit_id", "=", served.id), ("date_to", "=", False)], limit=1).client_id
    )
    mine = env[MODEL].create(
        [
            {
                **call,
                "shift_id": tonight.id,
                "client_id": client.id if number % 2 else False,
                "employee_ids": [Command.set(crew[0].ids)],
            }
            for number in range(A_SHIFT)
        ]
    )
    mine[: A_SHIFT // 2]._write_decided({"state": "done"})
    env["care.check.visit"].create(
        {
            "client_id": client.id,
            "unit_id": served.id,
            "oncall_unit_id": team.id,
            "window_start": now,
            "window_end": now + timedelta(hours=2),
        }
    )
    env.flush_all()
    bench.base |= {"care_oncall_shift": old.id, "care_oncall_event": event.id}
    bench.oncall_shift, bench.oncall_event = tonight.id, mine[1].id


def begun(number):
    """When event ``number`` came in: backwards from last month."""
    return f"date_trunc('minute', now() AT TIME ZONE 'UTC') - interval '30 days' - ({number}) * interval '{STEP} minutes'"


def shifts(cursor, base, first, last):
    start = begun(f"(h + 1) * {A_SHIFT}")
    clone(
        cursor, base, "care_oncall_shift", "generate_series(%(first)s, %(last)s) AS h",
        {
            "id": f"{START} + h", "date_start": start, "date_end": f"{start} + interval '400 minutes'",
            "closed_at": f"{start} + interval '400 minutes'", "opened_at": start,
        }, first=first, last=last,
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO care_oncall_shift_crew (shift_id, employee_id) SELECT %s + h, w.employee_id"
        " FROM generate_series(%s, %s) AS h, care_oncall_shift_crew w WHERE w.shift_id = %s",
        (START, first, last, base["care_oncall_shift"]),
    )


def events(cursor, base, first, last):
    received = begun("n")
    local = f"(({received}) AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Stockholm')"
    clone(
        cursor, base, "care_oncall_event", "generate_series(%(first)s, %(last)s) AS n",
        {
            "id": f"{START} + n", "reference": "'B' || n", "shift_id": f"{START} + (n - 1) / {A_SHIFT} + 1",
            "received_at": received, "hour": f"to_char({local}, 'HH24')",
            "kind": "(ARRAY['phone_support', 'phone_support', 'callout', 'disturbance'])[1 + n %% 4]",
            "reason": "(ARRAY['practical', 'anxiety', 'conflict', 'health'])[1 + n / 4 %% 4]",
            "caller_phone": "'070-' || lpad((1000000 + n %% 500000)::text, 7, '0')",
            "caller_digits": "'4670' || lpad((1000000 + n %% 500000)::text, 7, '0')",
        }, first=first, last=last,
    )  # fmt: skip


def check(bench):
    """The ORM computes the same from the same, for every stored computed field of the first clones."""
    with bench.cursor() as cursor:
        records = bench.env(cursor)[MODEL].browse(range(START + 1, START + 201)).exists()
        assert len(records) == 200, len(records)
        for field in records._fields.values():
            if field.store and field.compute and field.column_type:
                before = records.mapped(lambda record, field=field: record[field.name])
                records.env.add_to_compute(field, records)
                after = records.mapped(lambda record, field=field: record[field.name])
                assert before == after, f"{field}: {before[:3]} by SQL, {after[:3]} by the ORM"
        cursor.rollback()


def screens(bench):
    team, shift_id, event_id = bench.oncall_team, bench.oncall_shift, bench.oncall_event
    number = f"070-{1000000 + 17 % 500000}"
    page = (
        "SELECT e.id, e.received_at, e.reference, e.kind, e.reason, e.state, c.reference, a.name,"
        " (SELECT array_agg(w.employee_id) FROM care_oncall_event_staff w WHERE w.event_id = e.id)"
        " FROM care_oncall_event e LEFT JOIN care_client c ON c.id = e.client_id"
        " LEFT JOIN care_area a ON a.id = e.area_id WHERE {where} ORDER BY e.received_at DESC, e.id DESC LIMIT 80"
    )

    def bare(where, **parameters):
        return lambda env: (page.format(where=where), {"team": team, **parameters})

    def found(env):
        result = search_read(env, MODEL, "list", [("display_name", "ilike", number)])
        assert result["records"], "the number finds its caller"
        return result

    yield Screen("on-call log", lambda env: search_read(env, MODEL, "list", []), bare("e.unit_id = %(team)s"))
    yield Screen(
        "search by telephone number",
        found,
        bare("e.unit_id = %(team)s AND e.caller_digits = %(digits)s", digits=digits(number)),
    )
    yield Screen(
        "event form",
        lambda env: env[MODEL].browse(event_id).web_read(specifications(env, MODEL, "form")),
        bare("e.id = %(id)s", id=event_id),
    )
    yield Screen(
        "shift screen",
        lambda env: (
            env["care.oncall.shift"]
            .browse(shift_id)
            .web_read(specifications(env, "care.oncall.shift", "form"))
        ),
        bare("e.shift_id = %(id)s", id=shift_id),
    )
    yield Screen(
        "my shift, from the menu",
        lambda env: env["care.oncall.shift"].action_first_screen(),
        lambda env: ("SELECT id FROM care_oncall_shift WHERE unit_id = %s AND state = 'open'", (team,)),
    )
