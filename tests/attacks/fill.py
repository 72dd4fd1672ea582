"""The people and files that colleague.py attacks, made in a scratch database by SQL from one demo record of each kind.

Every text of every row holds a mark that tells the client and the column (MARK). Odoo's ids are the same in every
table: START + n, so that a client's plan, stay and note have the client's own id.
"""

import secrets
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, Command, fields
from odoo.api import Environment

from .expected import KINDS, ROLES, personal_number  # beside this file
from .known import (
    file_models,
    known_defaults,
    known_models,
    known_reports,
    known_rights,
    known_routes,
    known_snippets,
    stored_texts,
)

START = 50_000_000
MISSING = 27_000  # the number of a client who is not there, of the form that personal numbers hold
# "zq", the client's number, "m", the column's, "q": twelve characters, so that base64 keeps them whole
MARK_SQL = f"'zq' || lpad((p.id - {START})::text, 5, '0') || 'm%03dq'"
# Who looked when, and a job's numbers: a demo record of them would be a lie, and they hold nothing of a person's.
NO_TEXT = ("care.journal.look", "care.relative.erasure")
# Of a form of their own, or compared by the database.
FORMED = ("phone_digits", "hash", "first_line_id", "personal_number", "reference")
# "home" are many: one for each look, since two looks within five minutes leave one line in the log.
HOMES, SPARE = 3000, 60


class Fill:
    def __init__(self, cursor, homes=HOMES):
        self.env = Environment(cursor, SUPERUSER_ID, {"tracking_disable": True, "no_reset_password": True})
        self.cr, self.homes = cursor, homes
        self.bound, self.neutral = file_models(self.env)
        self.columns = []  # each "model.field" whose text is marked, by its number

    def run(self):
        """Make everything; returns what colleague.py is told."""
        self.make_units()
        self.make_people()
        self.make_clients()
        self.env.invalidate_all()
        models = known_models(self.env)
        for role, user in self.users.items():
            self.roles[role]["may"] = known_rights(self.env, user)
        return {
            "start": START,
            "missing": MISSING,
            "columns": self.columns,
            "kinds": self.numbers,
            "roles": self.roles,
            "models": models,
            "reports": known_reports(self.env),
            "routes": known_routes(self.env),
            "snippets": known_snippets(self.env),
            "some": known_defaults(self.env, models),
            "hung": self.hung,
            "bare": self.bare,
        }

    # ------------------------------------------------------------------
    # Units and people
    # ------------------------------------------------------------------

    def make_units(self):
        units = self.env["care.unit"]
        legal = {"company_id": self.env.company.id}
        self.other_company = self.env["res.company"].create(
            {"name": "Annan utförare", "care_operator_type": "private"}
        )

        def make(name, kind, **more):
            return units.create({"name": name, "code": name, "kind": kind, **legal, **more})

        self.home = make("Provhemmet", "supported_housing")
        self.elsewhere = make("Annanstans", "housing_support")
        self.oncall = make("Provjouren", "on_call", serves_unit_ids=[Command.set(self.home.ids)])
        self.relative = make("Provstödet", "relative_support")
        self.abroad = make("Utomlands", "supported_housing", company_id=self.other_company.id)

    def make_people(self):
        self.roles, self.users, self.employees = {}, {}, {}
        for role, words in ROLES.items():
            group = words.group if not words.group or "." in words.group else f"social_care.{words.group}"
            told = {"opens": words.opens, "names": words.names, "may": {}}
            if not group:
                self.roles[role] = {**told, "id": None}
            elif self.env.ref(group, raise_if_not_found=False):  # another app's role, where it is installed
                self.users[role] = self.make_person(role, group, words.place)
                self.roles[role] = {**told, **self.make_keys(self.users[role])}
        for role, user in self.users.items():
            place = ROLES[role].place.partition(":")[0]
            unit = getattr(self, place, self.home) if place else self.home
            self.roles[role] |= {"unit": unit.id, "company": user.company_id.id}
            self.roles[role]["employee"] = self.employees.get(role, self.env["hr.employee"]).id
        now = fields.Datetime.now()
        self.shift = self.env["care.oncall.shift"].create(
            {
                "unit_id": self.oncall.id,
                "date_start": now - timedelta(hours=2),
                "date_end": now + timedelta(hours=8),
                "lead_id": self.employees["lead"].id,
                "employee_ids": [Command.set((self.employees["crew"] | self.employees["lead"]).ids)],
            }
        )
        self.shift.action_open()

    def make_person(self, role, group, place):
        company = self.other_company if place.startswith("stranger") else self.company_of(place)
        user = self.env["res.users"].create(
            {
                "name": f"Prov {role}",
                "login": f"prov_{role}",
                "group_ids": [Command.set(self.env.ref(group).ids)],
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        if role != "portal":
            user.group_ids |= self.env.ref("base.group_allow_export")
            self.employees[role] = self.env["hr.employee"].create(
                {"name": user.name, "user_id": user.id, "company_id": self.company_of(place).id}
            )
            self.make_membership(self.employees[role], place)
        return user

    def company_of(self, place):
        return self.other_company if place.startswith("company") else self.env.company

    def make_keys(self, user):
        """How the person logs in, by password and by API key."""
        user.password = password = secrets.token_urlsafe(12)
        expires = fields.Datetime.now() + timedelta(days=1)
        key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "attack", expires)
        return {"id": user.id, "login": user.login, "password": password, "key": key}

    def make_membership(self, employee, place):
        where, _, role = place.partition(":")
        if not place or where == "company":
            return
        today = fields.Date.today()
        vals = {"employee_id": employee.id, "unit_id": self.home.id, "role": role or "staff"}
        if where == "former":
            vals |= {"date_from": today - timedelta(days=90), "date_to": today - timedelta(days=2)}
        elif where == "tomorrow":
            vals["date_from"] = today + timedelta(
                days=2
            )  # in UTC: it may be tomorrow already where the unit is
        elif where == "stranger":
            vals["date_from"] = today - timedelta(days=30)
        else:
            vals |= {"unit_id": getattr(self, where).id, "date_from": today - timedelta(days=30)}
        self.env["care.unit.member"].create(vals)

    # ------------------------------------------------------------------
    # Clients and their files
    # ------------------------------------------------------------------

    def make_clients(self):
        today = fields.Date.today()
        places = {  # how many, where, from and to (days from today), protection
            "home": (self.homes, self.home, -60, None, "none"),
            "elsewhere": (SPARE, self.elsewhere, -60, None, "none"),
            "ended": (SPARE, self.home, -400, -90, "none"),
            "planned": (SPARE, self.home, 10, None, "none"),
            "protected": (SPARE, self.home, -60, None, "marked"),
            "locked": (SPARE, self.home, -60, None, "none"),
            "company": (SPARE, self.abroad, -60, None, "none"),
            "relative": (self.homes, self.relative, 0, None, "none"),
        }
        self.numbers, self.bare, rows, number = {}, [], [], 0
        for kind in KINDS:
            count, unit, begin, end, protection = places[kind]
            self.numbers[kind] = [number + 1, number + count]
            begins, ends = today + timedelta(days=begin), end and today + timedelta(days=end)
            for number in range(number + 1, number + count + 1):  # noqa: B020  counted on over the kinds
                rows.append(
                    (
                        START + number,
                        unit.id,
                        unit.company_id.id,
                        begins,
                        ends,
                        protection,
                        personal_number(number),
                    )
                )
        self.cr.execute(
            "CREATE TEMP TABLE population (id int, unit_id int, company_id int, begins date, ends date,"
            " protection varchar, personal_number varchar)"
        )
        self.cr.execute_values("INSERT INTO population VALUES %s", rows)
        self.cr.execute("SET LOCAL session_replication_role = replica")  # the walls are not tried from within
        relative = "p.id BETWEEN {} AND {}".format(*(START + n for n in self.numbers["relative"]))
        self.which = dict.fromkeys(self.bound, f"NOT {relative}") | dict.fromkeys(self.neutral, relative)
        for name in self.which:
            self.clone(self.env[name])
        self.set_times()
        self.number()
        self.lock_out()
        self.hang()
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self.cr.execute("ANALYZE")

    def number(self):
        """The personal number stands among the client's numbers, as a trigger keeps it; what was cloned is another."""
        self.cr.execute("UPDATE care_client_number SET kind = 'other' WHERE id >= %s", (START,))
        self.cr.execute(
            "INSERT INTO care_client_number (client_id, company_id, number, kind)"
            " SELECT id, company_id, personal_number, 'current' FROM care_client WHERE id >= %s",
            (START,),
        )

    def clone(self, model):
        self.env.flush_all()
        client = model._fields.get("client_id")
        order = "client_id IS NULL, " if client and client.store else ""
        self.cr.execute(f"SELECT * FROM {model._table} ORDER BY {order}id DESC LIMIT 1")
        template = self.cr.dictfetchone()
        if not template:
            if model._name not in NO_TEXT:
                self.bare.append(model._name)
            return
        columns = {"id": "p.id"}
        for column, value in template.items():
            field = model._fields.get(column)
            if field and column != "id":
                columns[column] = self.expression(model, field, value)
        for column in stored_texts(model):
            if template[column] is None and column not in FORMED and column in columns:
                self.fill_empty(model, template["id"], columns, column)
        self.insert(model, template["id"], columns, self.which[model._name])

    def fill_empty(self, model, template, columns, column):
        """Mark what the demo record leaves empty, if the database lets such a record have it."""
        marked = {**columns, column: self.mark(model, column)}
        try:
            with self.cr.savepoint(flush=False):
                self.insert(model, template, marked, f"{self.which[model._name]} LIMIT 1")
                self.cr.execute(f"DELETE FROM {model._table} WHERE id > %s", (START,))
        except psycopg2.IntegrityError:
            self.columns.pop()
        else:
            columns.update(marked)

    def insert(self, model, template, columns, which):
        names = ", ".join(f'"{column}"' for column in columns)
        self.cr.execute(
            f"INSERT INTO {model._table} ({names}) SELECT {', '.join(columns.values())}"
            f" FROM {model._table} t, population p WHERE t.id = {template} AND {which}"
        )

    def mark(self, model, column):
        self.columns.append(f"{model._name}.{column}")
        mark = MARK_SQL % (len(self.columns) - 1)
        return f"{mark} || '@example.com'" if column == "email" else mark

    def expression(self, model, field, value):
        kept = f't."{field.name}"'
        if model._name == "care.client" and field.name in CLIENT:
            return CLIENT[field.name].format(mark=self.mark(model, field.name))
        if field.name == "first_line_id":
            return "p.id"
        if field.type == "many2one":
            return self.link(model, field, value, kept)
        if value is None or field.name not in stored_texts(model):
            return kept
        if field.name == "reference":
            return f"'{model._table}-' || p.id"
        return kept if field.name in FORMED else self.mark(model, field.name)

    def link(self, model, field, value, kept):
        target = field.comodel_name
        if field.name == "company_id":
            return "p.company_id"
        if field.name == "client_id":
            return "p.id"
        if target == "care.oncall.shift":
            return str(self.shift.id)
        if value is None:
            return "NULL"
        if target == "care.unit":
            is_team = self.env["care.unit"].browse(value).kind == "on_call"
            return str(self.oncall.id) if is_team else "p.unit_id"
        if self.which.get(target) == self.which[model._name]:
            return "NULL" if target == model._name else "p.id"
        return kept

    def set_times(self):
        self.cr.execute(
            "UPDATE care_stay s SET date_from = p.begins, date_to = p.ends, opens_at = p.begins, ended_at = NULL,"
            " closes_at = p.ends + 14, dwelling_id = NULL FROM population p WHERE p.id = s.id"
        )
        for name in self.bound:
            model = self.env[name]
            stored = all(model._fields.get(f) and model._fields[f].store for f in ("date_from", "opens_at"))
            if stored and name not in ("care.stay", "care.client.lockout", "care.emergency.access"):
                self.cr.execute(
                    f"UPDATE {model._table} SET date_from = '2020-01-01', date_to = NULL, opens_at = '2020-01-01',"
                    " closes_at = NULL WHERE id >= %s",
                    (START,),
                )
        self.cr.execute("UPDATE care_client SET intake_unit_id = NULL WHERE id >= %s", (START,))

    def lock_out(self):
        """The cloned lockouts are for nobody; then all who attack, from each client of that kind."""
        self.cr.execute("UPDATE care_client_lockout SET user_id = %s WHERE id >= %s", (SUPERUSER_ID, START))
        self.cr.execute("UPDATE care_emergency_access SET user_id = %s WHERE id >= %s", (SUPERUSER_ID, START))
        first, last = (START + number for number in self.numbers["locked"])
        self.cr.execute(
            "INSERT INTO care_client_lockout (client_id, user_id, reason, origin, date_from, opens_at,"
            " company_id) SELECT p.id, u.id, 'prov', 'decided', '2020-01-01', '2020-01-01', p.company_id"
            " FROM population p, res_users u WHERE p.id BETWEEN %s AND %s AND u.id = ANY(%s)",
            (first, last, [user.id for user in self.users.values()]),
        )

    def hang(self):
        """Each record has a file, a message and an activity, where Odoo lets a record have them."""
        self.hung = {}
        for offset, (name, which) in enumerate(self.which.items(), 1):
            model = self.env[name]
            self.hung[name] = begin = START * 2 + offset * 1_000_000
            ids = f"p.id - {START} + {begin}"
            text = self.mark(model, "attachment")
            pictures = [
                f.name for f in model._fields.values() if f.type in ("binary", "image") and f.attachment
            ]
            for number, field in enumerate([None, *pictures]):
                self.cr.execute(
                    "INSERT INTO ir_attachment (id, name, type, res_model, res_id, res_field, db_datas, mimetype,"
                    " index_content, file_size, checksum, create_date, create_uid, company_id)"
                    f" SELECT {ids} + %s, {text} || '.txt', 'binary', %s, p.id, %s, convert_to({text}, 'UTF8'),"
                    f" 'text/plain', {text}, 12, 'x', now(), 1, p.company_id FROM population p WHERE {which}",
                    (number * 100_000, name, field),
                )
            if "message_ids" in model._fields:
                text = self.mark(model, "message")
                self.cr.execute(
                    "INSERT INTO mail_message"
                    " (id, model, res_id, body, subject, message_type, date, author_id, create_uid, create_date)"
                    f" SELECT {ids}, %s, p.id, {text}, {text}, 'comment', now(), 1, 1, now()"
                    f" FROM population p WHERE {which}",
                    (name,),
                )
            if "activity_ids" in model._fields:
                text = self.mark(model, "activity")
                self.cr.execute(
                    "INSERT INTO mail_activity (id, res_model_id, res_model, res_id, summary, note, user_id,"
                    f" date_deadline, active, create_uid) SELECT {ids}, %s, %s, p.id, {text}, {text}, 1,"
                    f" now()::date, TRUE, 1 FROM population p WHERE {which}",
                    (self.env["ir.model"]._get_id(name), name),
                )


# The client's own row: what has a form to keep.
CLIENT = {
    "reference": "'K-' || p.id",
    "personal_number": "p.personal_number",
    "birth_date": "NULL",
    "phone_digits": "NULL",
    "protection_level": "p.protection",
    "intake_unit_id": "NULL",
    "lang": 't."lang"',
    "listed_name": "CASE WHEN p.protection = 'none' THEN {mark} ELSE 'K-' || p.id END",
}
