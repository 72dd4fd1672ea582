"""The journal: the list of notes, a client's timeline, a note's form; beside Odoo's own messages of a contact.

    make bench ONLY=care_journal,res_partner SIZES=10000,100000,200000 NOTES=100 VISITS=50

NOTES (default 20) and VISITS (default 20) per client: 200,000 clients with NOTES=100 are 20 million notes. As
many of Odoo's messages hang on contacts. At the end: what signing costs, and verifying.
"""

import os
import time
from datetime import timedelta

from run import Screen
from web_client import search_read, specifications

from data import CLIENTS, START, clone
from odoo import fields

NOTES = int(os.environ.get("NOTES") or 20)
VISITS = int(os.environ.get("VISITS") or 20)
TEXT = "Vi gick till affären och handlade till veckan. Det gick bra. " * 6
BARE = """
    SELECT e.id, e.event_at, c.listed_name, e.kind, left(e.body, 200), e.author_id, e.state
      FROM care_journal_entry e JOIN care_client c ON c.id = e.client_id
     WHERE {where} ORDER BY e.event_at DESC, e.id DESC LIMIT 80
"""
TIMELINE = """
    SELECT * FROM (
        SELECT 1, e.id, e.event_at AS at, e.kind, e.body, e.author_name, e.state FROM care_journal_entry e
         WHERE e.client_id = %(client)s AND e.state <> 'draft'
        UNION ALL
        SELECT 2, v.id, v.start, l.name, v.note, h.name, v.state FROM care_visit v
          JOIN care_plan_line l ON l.id = v.line_id LEFT JOIN hr_employee h ON h.id = v.employee_id
         WHERE v.client_id = %(client)s AND v.state IN ('done', 'not_done')
        UNION ALL
        SELECT 3, s.id, s.opens_at, NULL, NULL, NULL, NULL FROM care_stay s WHERE s.client_id = %(client)s
    ) lines ORDER BY at DESC LIMIT 80
"""


def make_samples(bench, env):
    """One note, one visit and one of Odoo's messages by the ORM."""
    client = env["care.client"].browse(bench.base["care_client"])
    wide = {"client_id": client.id, "unit_id": bench.base["care_unit"]}
    entry = env["care.journal.entry"].create({**wide, "body": TEXT, "kind": "note"})
    entry._sign()
    plan = env["care.plan"].create({**wide, "name": "Plan"})
    line = env["care.plan.line"].create({"plan_id": plan.id, "name": "Morgonstund"})
    now = fields.Datetime.now()
    visit = env["care.visit"].create(
        {
            **wide,
            "plan_id": plan.id,
            "line_id": line.id,
            "first_line_id": line.id,
            "date": now.date(),
            "start": now,
            "stop": now,
            "employee_id": bench.base["hr_employee"],
        }
    )
    contact = env["res.partner"].create({"name": "Kontakt"})
    message = contact.message_post(body=TEXT)
    env.flush_all()
    env.cr.execute(
        "UPDATE care_visit SET state = 'done', reported_at = start WHERE id = %s; UPDATE mail_message SET"
        " model = 'res.partner', message_type = 'comment' WHERE id = %s",
        [visit.id, message.id],
    )
    bench.base |= {
        "care_plan": plan.id,
        "care_plan_line": line.id,
        "care_journal_entry": entry.id,
        "care_visit": visit.id,
        "mail_message": message.id,
    }


def fill(bench, first, last):
    with bench.cursor() as cursor:
        if first == 1:
            make_samples(bench, bench.env(cursor))
        cursor.execute(
            "SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '512MB'"
        )
        source = "generate_series(%(first)s, %(last)s) AS n, generate_series(1, {}) AS k"
        span = {"first": first, "last": last}
        ago = "now() AT TIME ZONE 'UTC' - (abs(hashint4((n * 1000 + k)::int)) %% (1200 * 86400)) * interval '1 second'"
        unit = f"{START} + (n - 1) / {CLIENTS} + 1"
        author = f"{START} + ((n - 1) / {CLIENTS}) * 10 + 1 + k %% 10"
        clone(
            cursor, bench.base, "care_journal_entry", source.format(NOTES),
            {
                "id": f"{START} + n * {NOTES} + k", "client_id": f"{START} + n", "unit_id": unit,
                "event_at": ago, "entered_at": ago, "signed_at": ago, "author_id": author,
                "kind": "(ARRAY['note', 'note', 'event', 'plan', 'relatives'])[1 + k %% 5]",
            }, **span,
        )  # fmt: skip
        clone(
            cursor, bench.base, "care_plan", "generate_series(%(first)s, %(last)s) AS n",
            {"id": f"{START} + n", "client_id": f"{START} + n", "unit_id": unit, "reference": "'B' || n"}, **span,
        )  # fmt: skip
        clone(
            cursor, bench.base, "care_plan_line", "generate_series(%(first)s, %(last)s) AS n",
            {"id": f"{START} + n", "plan_id": f"{START} + n", "client_id": f"{START} + n", "unit_id": unit}, **span,
        )  # fmt: skip
        clone(
            cursor, bench.base, "care_visit", source.format(VISITS),
            {
                "id": f"{START} + n * {VISITS} + k", "client_id": f"{START} + n", "unit_id": unit,
                "plan_id": f"{START} + n", "line_id": f"{START} + n", "first_line_id": f"{START} + n", "date": "CURRENT_DATE - k", "start": "now() AT TIME ZONE 'UTC' - k * interval '1 day'",
                "stop": "now() AT TIME ZONE 'UTC' - k * interval '1 day'",
                "reported_at": "now() AT TIME ZONE 'UTC' - k * interval '1 day'",
            }, **span,
        )  # fmt: skip
        clone(
            cursor, bench.base, "mail_message", source.format(NOTES),
            {"id": f"{START} + n * {NOTES} + k", "res_id": "100000000 + n", "date": ago}, **span,
        )  # fmt: skip
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def check(bench):
    """The ORM computes the same late mark for the clones as SQL copied."""
    with bench.cursor() as cursor:
        env = bench.env(cursor)
        entries = env["care.journal.entry"].browse(range(START + NOTES + 1, START + NOTES + 41)).exists()
        before = entries.mapped("is_late")
        with env.protecting([entries._fields["is_late"]], entries):  # computed, and not written
            entries._compute_is_late()
        assert entries and before == entries.mapped("is_late")
        cursor.rollback()


def screens(bench):
    with bench.cursor() as cursor:
        client_id = START + 3 * CLIENTS + 1  # of the fourth unit, which both roles know
        env = bench.env(cursor)
        entry_id = env["care.journal.entry"].search([("client_id", "=", client_id)], limit=1).id
    since = fields.Datetime.now() - timedelta(days=7)
    mine = "(e.client_id, e.unit_id) IN (SELECT s.client_id, s.unit_id FROM care_stay s JOIN care_unit_member m" \
           " ON m.unit_id = s.unit_id WHERE m.user_id = %(uid)s)"  # fmt: skip

    def page(*domain):
        return lambda env: search_read(env, "care.journal.entry", "list", list(domain))

    def timeline(*domain):
        domain = [("client_id", "=", client_id), *domain]
        return lambda env: search_read(env, "care.journal.timeline", "kanban", domain)

    yield Screen(
        "notes of the last week",
        page(("event_at", ">=", since)),
        lambda env: (
            BARE.format(where=f"e.event_at >= %(since)s AND {mine}"),
            {"uid": env.uid, "since": since},
        ),
    )
    yield Screen("all notes", page(), lambda env: (BARE.format(where=mine), {"uid": env.uid}))
    yield Screen(
        "notes of a client",
        page(("client_id", "=", client_id)),
        lambda env: (BARE.format(where="e.client_id = %(client)s"), {"client": client_id}),
    )
    yield Screen("client's timeline", timeline(), lambda env: (TIMELINE, {"client": client_id}))
    yield Screen("client's timeline, what is new", timeline(("is_new", "=", True)))
    yield Screen(
        "note's form",
        lambda env: env["care.journal.entry"].browse(entry_id).web_read(
            specifications(env, "care.journal.entry", "form")
        ),
        lambda env: ("SELECT * FROM care_journal_entry WHERE id = %(id)s", {"id": entry_id}),
    )  # fmt: skip
    yield Screen("Odoo: messages of a contact", messages)


def messages(env):
    """As Odoo's own chatter asks for them, as many as a page of the timeline holds."""
    partner = env["res.partner"].browse(100000000 + 3 * CLIENTS + 1)
    domain = [("model", "=", "res.partner"), ("res_id", "=", partner.id)]
    return env["mail.message"].search_read(domain, ["date", "body", "author_id", "subject"], limit=80)


def report(bench):
    with bench.cursor() as cursor:
        env = bench.env(cursor)
        client, unit = START + 1, START + 1
        drafts = env["care.journal.entry"].create(
            [{"client_id": client, "unit_id": unit, "body": f"{TEXT} {number}"} for number in range(200)]
        )
        env.flush_all()
        began, before = time.perf_counter(), cursor.sql_log_count
        for draft in drafts:
            draft._sign()
        env.flush_all()
        signing = (time.perf_counter() - began) / len(drafts)
        queries = (cursor.sql_log_count - before) / len(drafts)
        chain = env["care.journal.chain"].search([("client_id", "=", client), ("unit_id", "=", unit)])
        began = time.perf_counter()
        chain._faults()
        verifying = (time.perf_counter() - began) / len(drafts)
        cursor.rollback()
    yield "### The journal"
    yield ""
    yield f"{NOTES} notes and {VISITS} visits for each client. Signing a note, chained: {signing * 1000:.1f} ms and {queries:.1f} queries. Verifying: {verifying * 1000:.2f} ms a link, {verifying * 20e6 / 3600:.1f} hours for 20 million in one process."
    yield ""
