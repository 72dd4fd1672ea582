"""The generated provider: units of forty clients and ten staff, so that more clients are more units.

The ORM makes one record of each kind; SQL clones its row and sets only what differs from row to row.
`check` lets the ORM compute every stored computed field of some clones anew and compares.
"""

from datetime import timedelta

from stdnum import luhn

from odoo import Command, fields

CLIENTS, STAFF = 40, 10
START = 10_000_000  # ids of clones, far from those that the ORM gives
MANAGED = 20
FIRST = [
    "Alma", "Albin", "Asta", "Arvid", "Britta", "Björn", "Cecilia", "Carl", "Dagny", "David",
    "Elsa", "Erik", "Frida", "Folke", "Gun", "Göran", "Hedda", "Harald",
]  # fmt: skip
LAST = [
    "Al", "Ask", "Berg", "Björk", "Ceder", "Dal", "Ek", "Fors", "Gran", "Hassel", "Is", "Järn",
    "Lind", "Löv", "Mo", "Norr", "Ny", "Ros", "Sand", "Sjö", "Skog", "Sten",
]  # fmt: skip
SECOND = [
    "backe", "blad", "by", "dahl", "fors", "gren", "holm", "kvist", "lund", "mark", "näs", "qvist",
    "sjö", "strand", "ström", "vall", "vik", "äng",
]  # fmt: skip

# Test numbers: serial 980-999, then those of coordination numbers. Luhn's digit over nine digits.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION bench_digit(nine text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT ((10 - sum(CASE WHEN at % 2 = 0 THEN d ELSE (d * 2) / 10 + (d * 2) % 10 END) % 10) % 10)::text
    FROM (SELECT at, substr(nine, at, 1)::int AS d FROM generate_series(1, 9) AS at) AS digits
$$;
CREATE OR REPLACE FUNCTION bench_born(n int) RETURNS date LANGUAGE sql IMMUTABLE AS
  $$ SELECT date '1925-01-01' + ((n - 1) % 27000) $$;
CREATE OR REPLACE FUNCTION bench_number(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT left(to_char(born, 'YYYY'), 2) || nine || bench_digit(nine) FROM (
    SELECT born, to_char(born, 'YYMM') || lpad((extract(day FROM born) + slot / 20 * 60)::int::text, 2, '0')
                 || (980 + slot % 20) AS nine
      FROM (SELECT bench_born(n) AS born, (n - 1) / 27000 AS slot) AS a) AS b
$$;
CREATE OR REPLACE FUNCTION bench_utc(day date) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
  $$ SELECT (day::timestamp AT TIME ZONE 'Europe/Stockholm') AT TIME ZONE 'UTC' $$;
"""


def clone(cursor, base, table, source, values, **parameters):
    """Rows like the sample's for each row of ``source``; ``values`` are SQL."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
        " AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    missing = values.keys() - set(columns)
    assert not missing, f"{table} has no {missing}"
    picked = ", ".join(values.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {picked} FROM {table} t, {source} WHERE t.id = %(sample)s",
        {"sample": base[table], **parameters},
    )


def make_samples(env, base):
    """One record of each kind by the ORM."""
    today = fields.Date.today()
    unit = env["care.unit"].create({"name": "Enhet", "code": "B"})
    user = env["res.users"].create(user_values(env, "bench"))
    employee = env["hr.employee"].create({"name": "Personal", "user_id": user.id})
    member = env["care.unit.member"].create(
        {"unit_id": unit.id, "employee_id": employee.id, "date_from": today - timedelta(days=800)}
    )
    dwelling = env["care.dwelling"].create({"name": "0", "unit_id": unit.id, "street": "Björkvägen 1"})
    client = env["care.client"].create(
        {
            "reference": "B",
            "firstname": "Alma",
            "lastname": "Al",
            "personal_number": "20100101980" + luhn.calc_check_digit("100101980"),
            "phone": "070-174 06 05",
            "street": "Björkvägen 1",
            "city": "Storstad",
            "lang": "sv_SE" if env["res.lang"]._get_data(code="sv_SE") else "en_US",
        }
    )
    wide = {"client_id": client.id, "unit_id": unit.id}
    ended = {"date_from": today - timedelta(days=2000), "date_to": today - timedelta(days=1500)}
    stay = env["care.stay"].create({**wide, **ended, "end_reason": "own_home"})
    current = env["care.stay"].create(
        {**wide, "date_from": today - timedelta(days=100), "dwelling_id": dwelling.id}
    )
    person = env["care.contact.person"].create(
        {**wide, "employee_id": employee.id, "date_from": today - timedelta(days=100)}
    )
    contact = env["care.client.contact"].create(
        {**wide, "name": "Anhörig", "phone": "08-123 456 01", "call_first": True}
    )
    records = [
        unit,
        user.partner_id,
        user,
        employee,
        employee.resource_id,
        employee.version_id,
        member,
        dwelling,
    ]
    for record in [*records, client, current, person, contact]:
        base[record._table] = record.id
    base["ended"] = stay.id
    env.flush_all()


def user_values(env, login, *groups):
    return {
        "name": login,
        "login": login,
        "group_ids": [
            Command.set([env.ref(f"social_care.{group}").id for group in groups or ("group_care_staff",)])
        ],
        "notification_type": "email",
    }


def fill(bench, first, last):
    with bench.cursor() as cursor:
        env = bench.env(cursor)(context={"tracking_disable": True, "no_reset_password": True})
        if first == 1:
            cursor.execute(FUNCTIONS)
            cursor.execute(
                "UPDATE care_client SET personal_number = NULL; DELETE FROM care_client_number"
            )  # whoever was here before: numbers are free
            bench.base = {}
            make_samples(env, bench.base)
        units = (
            (first - 1) // CLIENTS + 1 if first == 1 else -(-(first - 1) // CLIENTS) + 1,
            -(-last // CLIENTS),
        )
        with fast_inserts(cursor):
            organisation(cursor, bench.base, *units)
            people(cursor, bench.base, first, last)
        if first == 1:
            make_users(bench, env)
        env.invalidate_all()


class fast_inserts:  # noqa: N801  used as a function
    """Without triggers while rows come in by the million; the rows are right by construction, `check` looks."""

    TABLES = ("care_client", "care_stay", "care_contact_person", "care_dwelling", "care_unit_member")

    def __init__(self, cursor):
        self.cursor = cursor

    def __enter__(self):
        self.cursor.execute(
            "SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '512MB'"
        )
        self.cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'x' AND conrelid::regclass::text IN %s",
            [self.TABLES],
        )
        self.constraints = self.cursor.fetchall()
        for table, name, _definition in self.constraints:
            self.cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        self.cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid::regclass::text IN %s AND NOT indisprimary",
            [self.TABLES],
        )
        self.indexes = self.cursor.fetchall()
        for name, _definition in self.indexes:
            self.cursor.execute(f"DROP INDEX {name}")

    def __exit__(self, *_error):
        if _error[0]:
            return
        for _name, definition in self.indexes:
            self.cursor.execute(definition)
        for table, name, definition in self.constraints:
            self.cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        self.cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def organisation(cursor, base, first, last):
    span = {"first": first, "last": last}
    clone(
        cursor, base, "care_unit", "generate_series(%(first)s, %(last)s) AS u",
        {"id": f"{START} + u", "name": "'Enhet ' || u", "code": "'B' || u"}, **span,
    )  # fmt: skip
    source, span = (
        "generate_series(%(first)s, %(last)s) AS e",
        {"first": (first - 1) * STAFF + 1, "last": last * STAFF},
    )
    name = (
        f"(%(names)s)[1 + e %% {len(FIRST)}] || ' ' || (%(lasts)s)[1 + e / 7 %% {len(LAST)}] || 'son ' || e"
    )
    people = {"names": FIRST, "lasts": LAST, **span}
    key = f"{START} + e"
    clone(
        cursor, base, "res_partner", source,
        {"id": key, "name": name, "complete_name": name, "commercial_partner_id": key}, **people,
    )  # fmt: skip
    clone(cursor, base, "res_users", source, {"id": key, "login": "'bench' || e", "partner_id": key}, **span)
    for table, column in (("res_groups_users_rel", "uid"), ("res_company_users_rel", "user_id")):
        other = {"uid": "gid", "user_id": "cid"}[column]
        cursor.execute(
            f"INSERT INTO {table} ({other}, {column}) SELECT t.{other}, {key} FROM {table} t, {source}"
            f" WHERE t.{column} = {base['res_users']}",
            span,
        )
    clone(cursor, base, "resource_resource", source, {"id": key, "name": name, "user_id": key}, **people)
    clone(
        cursor, base, "hr_employee", source,
        {
            "id": key, "name": name, "resource_id": key, "user_id": key, "work_contact_id": key,
            "current_version_id": key,
        }, **people,
    )  # fmt: skip
    clone(cursor, base, "hr_version", source, {"id": key, "employee_id": key}, **span)
    clone(
        cursor, base, "care_unit_member", source,
        {
            "id": key, "unit_id": f"{START} + (e - 1) / {STAFF} + 1", "employee_id": key,
            "user_id": key, "confirmed_user_id": key,
            "role": f"CASE e %% {STAFF} WHEN 1 THEN 'manager' ELSE 'staff' END",
        }, **span,
    )  # fmt: skip


def people(cursor, base, first, last):
    source, span = "generate_series(%(first)s, %(last)s) AS n", {"first": first, "last": last}
    at = f"((n - 1) / {CLIENTS} + 1)"
    unit, client, dwelling = f"{START} + {at}", f"{START} + n", f"{START} + n"
    firstname = f"(%(names)s)[1 + abs(hashint4(n)) %% {len(FIRST)}]"
    lastname = (
        f"(%(lasts)s)[1 + abs(hashint4(n + 7)) %% {len(LAST)}]"
        f" || (%(seconds)s)[1 + abs(hashint4(n + 13)) %% {len(SECOND)}]"
    )
    protected, reference = "n %% 200 = 0", "'B' || lpad(n::text, 7, '0')"
    clone(
        cursor, base, "care_client", source,
        {
            "id": client, "reference": reference, "firstname": firstname, "lastname": lastname,
            "name": f"{firstname} || ' ' || {lastname}",
            "listed_name": f"CASE WHEN {protected} THEN {reference} ELSE {lastname} || ', ' || {firstname} END",
            "protection_level": f"CASE WHEN {protected} THEN 'marked' ELSE 'none' END",
            "personal_number": "bench_number(n)", "birth_date": "bench_born(n)",
        }, names=FIRST, lasts=LAST, seconds=SECOND, **span,
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO care_client_number (client_id, company_id, number, kind)"
        " SELECT id, company_id, personal_number, 'current' FROM care_client WHERE id BETWEEN %s AND %s",
        [START + span["first"], START + span["last"]],
    )
    clone(
        cursor,
        base,
        "care_dwelling",
        source,
        {"id": dwelling, "name": "(1000 + n)::text", "unit_id": unit},
        **span,
    )
    begun = "(CURRENT_DATE - 30 - abs(hashint4(n)) %% 1200)"
    clone(
        cursor, base, "care_stay", source,
        {
            "id": f"{START} + 2 * n", "client_id": client, "unit_id": unit, "dwelling_id": dwelling,
            "date_from": begun, "opens_at": f"bench_utc({begun})",
        }, **span,
    )  # fmt: skip
    earlier, over = "(CURRENT_DATE - 2000 - n %% 300)", "(CURRENT_DATE - 1300 - n %% 200)"
    clone(
        cursor, {**base, "care_stay": base["ended"]}, "care_stay", "generate_series(%(first)s, %(last)s, 2) AS n",
        {
            "id": f"{START} + 2 * n + 1", "client_id": client,
            "unit_id": f"{START} + greatest(1, {at} - 1)",
            "date_from": earlier, "opens_at": f"bench_utc({earlier})",
            "date_to": over, "closes_at": f"bench_utc({over} + 15)",
        }, **span,
    )  # fmt: skip
    clone(
        cursor, base, "care_contact_person", source,
        {
            "id": f"{START} + n", "client_id": client, "unit_id": unit,
            "employee_id": f"{START} + {at} * {STAFF} - n %% {STAFF - 1}",
            "user_id": f"{START} + {at} * {STAFF} - n %% {STAFF - 1}",
            "date_from": begun, "opens_at": f"bench_utc({begun})",
        }, **span,
    )  # fmt: skip
    clone(
        cursor, base, "care_client_contact", source,
        {"id": f"{START} + n", "client_id": client, "unit_id": unit, "name": "'Anhörig ' || n"}, **span,
    )  # fmt: skip


def make_users(bench, env):
    """Those who look: one of the staff of the fourth unit, and the manager of the first twenty."""
    for role, group, units in (
        ("staff", "group_care_staff", [4]),
        ("manager", "group_care_manager", range(1, MANAGED + 1)),
    ):
        user = env["res.users"].create(user_values(env, f"bench_{role}", group))
        employee = env["hr.employee"].create({"name": role, "user_id": user.id})
        env["care.unit.member"].create(
            [
                {
                    "unit_id": START + unit,
                    "employee_id": employee.id,
                    "role": role,
                    "date_from": "2020-01-01",
                }
                for unit in units
            ]
        )
        bench.users[role] = user.id


def check(bench):
    """The ORM computes the same from the same, for every stored computed field of the first clones."""
    names = ("care.unit", "care.unit.member", "care.dwelling", "care.client", "care.stay", "care.contact.person",
             "care.client.contact", "hr.employee", "hr.version", "res.users", "res.partner")  # fmt: skip
    with bench.cursor() as cursor:
        env = bench.env(cursor)
        for name in names:
            model = env[name]
            records = model.browse(range(START + 1, START + 401)).exists()
            stored = [
                field
                for field in model._fields.values()
                if field.store and field.compute and field.column_type
            ]
            for field in stored:
                before = records.mapped(
                    lambda record, field=field: field.convert_to_read(record[field.name], record)
                )
                env.add_to_compute(field, records)
                after = [field.convert_to_read(record[field.name], record) for record in records]
                assert list(before) == after, f"{field}: {before[:3]} by SQL, {after[:3]} by the ORM"
        cursor.rollback()
