"""Two weeks of visits for PLANS active plans (default 1000), ten a day each, beside the bare INSERT of the same rows.

    make bench SCRIPT=visits PLANS=10000

Prints visits per second for both, their ratio, and the process's memory after each tenth of the way. The
bare INSERT writes the very same rows into the same emptied table, with its indexes and foreign keys.
"""

import json
import os
import resource
import time

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config, split_every

PLANS = int(os.environ.get("PLANS") or 1000)
LINES = 10


def prepare(env):
    """Clients who stay, each with an active plan of ten daily lines and two accepted choices."""
    env.cr.execute("TRUNCATE care_visit")
    env.cr.execute("SELECT count(*) FROM care_plan WHERE state = 'active'")
    missing = PLANS - env.cr.fetchone()[0]
    company = env.company
    units = env["care.unit"].search([("code", "=like", "BENCHV%")]) or env["care.unit"].create(
        [{"name": f"Enhet {number}", "code": f"BENCHV{number}"} for number in range(20)]
    )
    people = env["hr.employee"].search([("name", "=like", "Bench %")]) or env["hr.employee"].create(
        [{"name": f"Bench {number}"} for number in range(40)]
    )
    values = {
        "missing": max(missing, 0),
        "company": company.id,
        "units": units.ids,
        "people": people.ids,
        "task": env.ref("social_care.task_type_conversation").id,
    }
    for statement in STATEMENTS:
        env.cr.execute(statement, values)
    env.cr.execute("UPDATE care_plan SET visits_until = NULL WHERE state = 'active'")
    env.cr.commit()
    env.cr.connection.set_session(autocommit=True)
    env.cr.execute("ANALYZE")
    env.cr.connection.set_session(autocommit=False)


STATEMENTS = [
    "INSERT INTO care_client (company_id, reference, lastname, name, listed_name, protection_level, create_uid)"
    " SELECT %(company)s, 'V' || nextval('care_client_id_seq'), 'Test', 'Test', 'Test', 'none', 1"
    " FROM generate_series(1, %(missing)s)",
    "INSERT INTO care_stay (client_id, unit_id, company_id, date_from, opens_at)"
    " SELECT c.id, (%(units)s::int[])[1 + c.id %% 20], %(company)s, '2020-01-01', '2020-01-01'"
    " FROM care_client c WHERE NOT EXISTS (SELECT 1 FROM care_stay s WHERE s.client_id = c.id)",
    "INSERT INTO care_plan (client_id, unit_id, company_id, name, version, state, date_from)"
    " SELECT s.client_id, s.unit_id, s.company_id, 'Plan', 1, 'draft', '2020-01-01' FROM care_stay s"
    " WHERE NOT EXISTS (SELECT 1 FROM care_plan p WHERE p.client_id = s.client_id)",
    f"INSERT INTO care_plan_line (plan_id, client_id, unit_id, company_id, name, responsible, task_type_id, monday,"
    " tuesday, wednesday, thursday, friday, saturday, sunday, day_part, time_from, duration, sequence)"
    " SELECT p.id, p.client_id, p.unit_id, p.company_id, 'Rad ' || n,"
    " (ARRAY['unit', 'chosen', 'unit', 'contact_person'])[1 + n %% 4], %(task)s,"
    " true, true, true, true, true, true, true, 'morning', 6 + n, 0.5, n"
    f" FROM care_plan p, generate_series(1, {LINES}) n WHERE p.state = 'draft'",
    "INSERT INTO care_staff_choice (client_id, unit_id, company_id, task_type_id, employee_id, priority, state,"
    " date_from, opens_at)"
    " SELECT p.client_id, p.unit_id, p.company_id, %(task)s, (%(people)s::int[])[1 + (p.id + n) %% 40], n, 'accepted',"
    " '2020-01-01', '2020-01-01' FROM care_plan p, generate_series(1, 2) n WHERE p.state = 'draft'",
    "INSERT INTO care_contact_person (client_id, unit_id, company_id, employee_id, role, chosen_by, date_from, opens_at)"
    " SELECT p.client_id, p.unit_id, p.company_id, (%(people)s::int[])[1 + p.id %% 40], 'primary', 'unit',"
    " '2020-01-01', '2020-01-01' FROM care_plan p WHERE p.state = 'draft' ON CONFLICT DO NOTHING",
    "UPDATE care_plan SET state = 'proposed' WHERE state = 'draft'",
    "UPDATE care_plan SET state = 'active' WHERE state = 'proposed'",
]


def generate(env):
    visits = env["care.visit"]
    plan_ids = visits._plans_to_generate()
    began, written, next_report = time.monotonic(), 0, 0
    for number, batch in enumerate(split_every(100, plan_ids)):
        written += visits._generate(list(batch))
        env.cr.commit()
        if number * 100 >= next_report:
            print(f"  {number * 100 + len(batch):>7} plans, {written:>9} visits, {memory()} MiB", flush=True)
            next_report += len(plan_ids) / 10
    return written, time.monotonic() - began


def bare_insert(env):
    """The same rows, plan by plan in the same batches, from a table without indexes."""
    env.cr.execute("CREATE TEMPORARY TABLE bare AS SELECT * FROM care_visit")
    env.cr.execute("SELECT array_agg(DISTINCT plan_id ORDER BY plan_id) FROM bare")
    plan_ids = env.cr.fetchone()[0]
    env.cr.execute("CREATE INDEX ON bare (plan_id)")
    env.cr.execute("ANALYZE bare")
    env.cr.execute("TRUNCATE care_visit")
    env.cr.commit()
    began, written = time.monotonic(), 0
    for batch in split_every(100, plan_ids):
        env.cr.execute("INSERT INTO care_visit SELECT * FROM bare WHERE plan_id = ANY(%s)", (list(batch),))
        written += env.cr.rowcount
        env.cr.commit()
    return written, time.monotonic() - began


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main():
    config.parse_config(json.loads(os.environ["BENCH_ODOO_OPTIONS"]))
    registry = Registry(os.environ["BENCH_DATABASE"])
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        prepare(env)
        print(f"{PLANS} active plans of {LINES} lines", flush=True)
        made = generate(env)
        again = env["care.visit"]._plans_to_generate()
        bare = bare_insert(env)
    rates = [count / seconds for count, seconds in (made, bare)]
    print(f"generated    {made[0]:>9} visits in {made[1]:7.1f} s: {rates[0]:9.0f} a second")
    print(f"bare INSERT  {bare[0]:>9} visits in {bare[1]:7.1f} s: {rates[1]:9.0f} a second")
    print(
        f"generation takes {rates[1] / rates[0]:.2f} times the bare INSERT; {len(again)} plans left; {memory()} MiB at most"
    )


if __name__ == "__main__":
    main()
