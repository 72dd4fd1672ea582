"""The people and files that colleague.py attacks, made in a scratch database by SQL from one demo record of each kind.

Every text of client number n holds MARK.format(n). Odoo's ids are the same in every table: START + n, so that a
client's plan, stay and note have the client's own id. What is expected of each role stands here in words of our
own (EXPECTED), not in the module's rules.
"""

import inspect
import secrets
from datetime import timedelta

from odoo import SUPERUSER_ID, Command, fields
from odoo.api import Environment
from odoo.models import MAGIC_COLUMNS, BaseModel

START = 50_000_000
MARK = "zq{:06d}q"
MARK_SQL = f"'zq' || lpad((p.id - {START})::text, 6, '0') || 'q'"
TEXT = ("char", "text", "html")
MODULE = "odoo.addons.social_care."
# Who looked when, and a job's numbers: a demo record of them would be a lie, and they hold nothing of a person's.
NO_TEXT = ("care.journal.look", "care.relative.erasure")

# Kinds of clients, as seen from the unit where everyone below works. "home" are many: one for each attempt, since
# two looks within five minutes leave one line in the log.
KINDS = ("home", "elsewhere", "ended", "planned", "protected", "locked", "company", "relative")
SPARE = 40

# role: (group, place and role there, which kinds of clients it opens, in which models or None for the whole file,
# which kinds it tries in vain)
TEAM_LOG = ("care.oncall.event", "care.handover", "care.handover.send")  # a team's own, whoever it is about
ON_DUTY = ("care.client.card", "care.night.card", "care.check.visit", *TEAM_LOG)
OVERSEEN = (
    "care.access.review",
    "care.access.review.line",
    "care.client.lockout",
    "care.emergency.access",
    "care.journal.chain",  # hashes, no content
    "care.subject.part",
    "care.subject.request",
)
MANAGED = dict.fromkeys(("home", "ended", "planned", "protected"))
SHUT = ("elsewhere", "locked")
EXPECTED = {
    "staff": (
        "group_care_staff",
        "home:staff",
        {"home": None},
        (*SHUT, "ended", "planned", "protected", "company"),
    ),
    "manager": ("group_care_manager", "home:manager", MANAGED, SHUT),
    "crew": (
        "group_oncall_staff",
        "oncall:staff",
        {"home": ON_DUTY, "elsewhere": TEAM_LOG},
        (*SHUT, "protected"),
    ),
    "lead": ("group_oncall_lead", "oncall:manager", {"home": ON_DUTY, "elsewhere": TEAM_LOG}, SHUT),
    "off_duty": ("group_oncall_staff", "oncall:staff", {"home": TEAM_LOG}, ()),
    "former": ("group_care_staff", "former", {}, ("home",)),
    "other_unit": ("group_care_manager", "elsewhere:manager", {"elsewhere": None}, ("home", "company")),
    "supporter": ("group_relative_support", "relative:staff", {"relative": None}, ("home",)),
    "officer": ("group_privacy_officer", "", {"home": OVERSEEN}, ()),
    "care_admin": ("group_care_admin", "", {}, ("home",)),
    "sysadmin": ("base.group_system", "", {}, ("home",)),
    "employee": ("base.group_user", "", {}, ("home",)),
    "portal": ("base.group_portal", "", {}, ("home",)),
}


class Fill:
    def __init__(self, cursor):
        self.env = Environment(cursor, SUPERUSER_ID, {"tracking_disable": True, "no_reset_password": True})
        self.cr = cursor

    def run(self):
        """Make everything; returns what colleague.py is told."""
        self.make_units()
        self.make_people()
        ways = self.known_models()
        homes = len(EXPECTED) * SPARE + 6 * self.count_ways(ways)
        self.make_clients(homes)
        return {
            "start": START,
            "mark": MARK,
            "kinds": self.numbers,
            "roles": self.roles,
            "models": ways,
            "reports": self.known_reports(),
            "routes": self.known_routes(),
            "attachments": self.attachment_ids,
            "bare": self.bare,
        }

    # ------------------------------------------------------------------
    # Units and people
    # ------------------------------------------------------------------

    def make_units(self):
        units = self.env["care.unit"]
        legal = {"company_id": self.env.company.id}
        self.other_company = self.env["res.company"].create({"name": "Annan utförare"})

        def make(name, kind, **more):
            return units.create({"name": name, "code": name, "kind": kind, **legal, **more})

        self.home = make("Provhemmet", "supported_housing")
        self.elsewhere = make("Annanstans", "housing_support")
        self.oncall = make("Provjouren", "on_call", serves_unit_ids=[Command.set(self.home.ids)])
        self.relative = make("Provstödet", "relative_support")
        self.abroad = units.create(
            {
                "name": "Utomlands",
                "code": "UT",
                "kind": "supported_housing",
                "company_id": self.other_company.id,
            }
        )

    def make_people(self):
        self.roles, self.users, employees = {}, {}, {}
        for role, (groups, place, opens, closed) in EXPECTED.items():
            groups = groups if "." in groups else f"social_care.{groups}"
            password = secrets.token_urlsafe(12)
            user = self.env["res.users"].create(
                {
                    "name": f"Prov {role}",
                    "login": f"prov_{role}",
                    "password": password,
                    "group_ids": [Command.set(self.env.ref(groups).ids)],
                    "company_id": self.env.company.id,
                    "company_ids": [Command.set(self.env.company.ids)],
                }
            )
            if role not in ("portal",):
                user.group_ids |= self.env.ref("base.group_allow_export")
                employees[role] = self.env["hr.employee"].create({"name": user.name, "user_id": user.id})
                self.make_membership(employees[role], place)
            expires = fields.Datetime.now() + timedelta(days=1)
            key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "attack", expires)
            self.users[role] = user
            self.roles[role] = {
                "id": user.id,
                "login": user.login,
                "password": password,
                "key": key,
                "opens": opens,
                "closed": [*closed, "relative"] if role != "supporter" else closed,
            }
        now = fields.Datetime.now()
        self.shift = self.env["care.oncall.shift"].create(
            {
                "unit_id": self.oncall.id,
                "date_start": now - timedelta(hours=2),
                "date_end": now + timedelta(hours=8),
                "lead_id": employees["lead"].id,
                "employee_ids": [Command.set((employees["crew"] | employees["lead"]).ids)],
            }
        )
        self.shift.action_open()

    def make_membership(self, employee, place):
        if not place:
            return
        where, _, role = place.partition(":")
        today = fields.Date.today()
        vals = {
            "employee_id": employee.id,
            "unit_id": self.home.id,
            "role": role or "staff",
            "date_from": today,
        }
        if where == "former":
            vals |= {"date_from": today - timedelta(days=90), "date_to": today - timedelta(days=2)}
        else:
            vals |= {"unit_id": self[where].id, "date_from": today - timedelta(days=30)}
        self.env["care.unit.member"].create(vals)

    def __getitem__(self, name):
        return getattr(self, name)

    # ------------------------------------------------------------------
    # Clients and their files
    # ------------------------------------------------------------------

    def bound_models(self):
        """Every stored model whose records concern one client, and every one of relative support."""
        bound, neutral = [], self.env.registry.descendants(["care.neutral"], "_inherit")
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or model._transient or not model._auto or not name.startswith("care."):
                continue
            client = model._fields.get("client_id")
            if name == "care.client" or (client and client.store and client.comodel_name == "care.client"):
                bound.append(name)
        return bound, sorted(
            name for name in neutral if not self.env[name]._abstract and self.env[name]._auto
        )

    def make_clients(self, homes):
        today = fields.Date.today()
        self.numbers, self.bare, rows, number = {}, [], [], 0
        places = {
            "home": (homes, self.home, -60, None, "none"),
            "elsewhere": (SPARE, self.elsewhere, -60, None, "none"),
            "ended": (SPARE, self.home, -400, -90, "none"),
            "planned": (SPARE, self.home, 10, None, "none"),
            "protected": (SPARE, self.home, -60, None, "marked"),
            "locked": (SPARE, self.home, -60, None, "none"),
            "company": (SPARE, self.abroad, -60, None, "none"),
            "relative": (SPARE, self.relative, 0, None, "none"),
        }
        for kind, (count, unit, begin, end, protection) in places.items():
            self.numbers[kind] = [number + 1, number + count]
            for _client in range(count):
                number += 1
                begins = today + timedelta(days=begin)
                ends = today + timedelta(days=end) if end else None
                rows.append((START + number, unit.id, unit.company_id.id, begins, ends, protection))
        self.cr.execute(
            "CREATE TEMP TABLE population (id int, unit_id int, company_id int, begins date, ends date, protection varchar)"
        )
        self.cr.execute_values("INSERT INTO population VALUES %s", rows)
        self.cr.execute(
            "SET LOCAL session_replication_role = replica"
        )  # the walls are not to be tried from within
        bound, neutral = self.bound_models()
        first, last = (START + number for number in self.numbers["relative"])
        for name in bound:
            self.clone(name, set(bound), f"p.id < {first}")
        for name in neutral:
            self.clone(name, set(neutral), f"p.id BETWEEN {first} AND {last}")
        self.set_times()
        self.lock_out()
        self.attach(bound, neutral)
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self.cr.execute("ANALYZE")

    def clone(self, name, siblings, which):
        model = self.env[name]
        self.env.flush_all()
        order = (
            "client_id IS NULL, " if "client_id" in model._fields and model._fields["client_id"].store else ""
        )
        self.cr.execute(f"SELECT * FROM {model._table} ORDER BY {order}id DESC LIMIT 1")
        template = self.cr.dictfetchone()
        if not template:
            if name not in NO_TEXT:
                self.bare.append(name)
            return
        columns = {"id": "p.id"}
        for column, value in template.items():
            field = model._fields.get(column)
            if field and column != "id":
                columns[column] = self.expression(model, field, value, siblings)
        names = ", ".join(f'"{column}"' for column in columns)
        self.cr.execute(
            f"INSERT INTO {model._table} ({names}) SELECT {', '.join(columns.values())}"
            f" FROM {model._table} t, population p WHERE t.id = %s AND {which}",
            (template["id"],),
        )

    def expression(self, model, field, value, siblings):
        kept, mark = f't."{field.name}"', MARK_SQL
        if model._name == "care.client" and field.name in CLIENT:
            return CLIENT[field.name].format(mark=mark, start=START)
        if field.name == "lineage":
            return "p.id"
        if field.type == "many2one":
            return self.link(model, field, value, kept, siblings)
        if (
            value is None
            or field.type not in TEXT
            or isinstance(value, dict)
            or field.name in ("phone_digits", "hash")
        ):
            return kept
        if field.name == "reference":
            return f"'{model._table}-' || p.id"
        return mark

    def link(self, model, field, value, kept, siblings):
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
            return (
                str(self.oncall.id) if self.env["care.unit"].browse(value).kind == "on_call" else "p.unit_id"
            )
        if target in siblings:
            return "NULL" if target == model._name else "p.id"
        return kept

    def set_times(self):
        self.cr.execute(
            "UPDATE care_stay s SET date_from = p.begins, date_to = p.ends, opens_at = p.begins, ended_at = NULL,"
            " closes_at = p.ends + 14, dwelling_id = NULL FROM population p WHERE p.id = s.id"
        )
        for name in self.bound_models()[0]:
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
        first, last = (START + number for number in self.numbers["locked"])
        self.cr.execute(
            "INSERT INTO care_client_lockout (client_id, user_id, reason, origin, date_from, opens_at,"
            " company_id) SELECT p.id, u.id, 'prov', 'decided', '2020-01-01', '2020-01-01', p.company_id FROM population p, res_users u"
            " WHERE p.id BETWEEN %s AND %s AND u.id = ANY(%s)",
            (first, last, [user.id for user in self.users.values()]),
        )

    def attach(self, bound, neutral):
        """Each record has a file, a message and an activity, where Odoo lets a record have them."""
        self.attachment_ids = {}
        first = START + self.numbers["relative"][0]
        for offset, name in enumerate([*bound, *neutral], 1):
            begin = START * 2 + offset * 1_000_000
            self.attachment_ids[name] = begin
            which = f"p.id {'<' if name in bound else '>='} {first}"
            self.cr.execute(
                "INSERT INTO ir_attachment (id, name, type, res_model, res_id, db_datas, mimetype, index_content,"
                f" file_size, checksum, create_date, create_uid, company_id) SELECT p.id - %s + %s, {MARK_SQL} || '.txt', 'binary', %s,"
                f" p.id, convert_to({MARK_SQL}, 'UTF8'), 'text/plain', {MARK_SQL}, 9, 'x', now(), 1, p.company_id FROM population p WHERE {which}",
                (START, begin, name),
            )
            if "message_ids" in self.env[name]._fields:
                self.cr.execute(
                    "INSERT INTO mail_message (id, model, res_id, body, subject, message_type, date, author_id, create_uid, create_date)"
                    f" SELECT p.id - %s + %s, %s, p.id, {MARK_SQL}, {MARK_SQL}, 'comment', now(), 1, 1, now() FROM population p WHERE {which}",
                    (START, begin, name),
                )
            if "activity_ids" in self.env[name]._fields:
                self.cr.execute(
                    "INSERT INTO mail_activity (id, res_model_id, res_model, res_id, summary, note, user_id, date_deadline, active, create_uid)"
                    f" SELECT p.id - %s + %s, %s, %s, p.id, {MARK_SQL}, {MARK_SQL}, 1, now()::date, TRUE, 1 FROM population p WHERE {which}",
                    (START, begin, self.env["ir.model"]._get_id(name), name),
                )

    # ------------------------------------------------------------------
    # What is known of the module
    # ------------------------------------------------------------------

    def known_models(self):
        bound, neutral = self.bound_models()
        found = {}
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or not name.startswith("care."):
                continue
            kind = (
                "client"
                if name in bound or name == "care.client.card"
                else "relative"
                if name in neutral
                else ""
            )
            if not kind and "client_id" in model._fields and not model._transient:
                kind = "client"  # views of our own over the file
            found[name] = {
                "kind": kind,
                "transient": model._transient,
                "auto": model._auto,
                "fields": {
                    f: x.type
                    for f, x in model._fields.items()
                    if f not in MAGIC_COLUMNS and x.type != "properties"
                },
                "stored": [f for f, x in model._fields.items() if x.store],
                "thread": "message_ids" in model._fields,
                "links": {f: x.comodel_name for f, x in model._fields.items() if x.type == "many2one"},
                "methods": self.public_methods(type(model)),
            }
        return found

    def public_methods(self, model_class):
        """What the module itself offers to callers, by name: its parameters, and whether it takes no records."""
        methods = {}
        for parent in model_class.mro():
            if not parent.__module__.startswith(MODULE):
                continue
            for name, value in vars(parent).items():
                if (
                    name.startswith("_")
                    or not inspect.isfunction(value)
                    or getattr(value, "_api_private", False)
                ):
                    continue
                function = getattr(model_class, name)
                if getattr(function, "_api_private", False) or hasattr(BaseModel, name):
                    continue
                parameters = list(inspect.signature(function).parameters.values())[1:]
                methods[name] = {
                    "parameters": [
                        p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
                    ],
                    "model": bool(getattr(function, "_api_model", False)),
                }
        return methods

    def count_ways(self, models):
        from colleague import Attack  # beside this file

        return Attack.count(
            {"models": models, "reports": self.known_reports(), "routes": self.known_routes()}
        )

    def known_reports(self):
        reports = self.env["ir.actions.report"].search([("model", "=like", "care.%")])
        return [{"name": report.report_name, "model": report.model} for report in reports]

    def known_routes(self):
        """Of the module's own controllers."""
        rules = self.env["ir.http"].routing_map().iter_rules()
        return sorted({rule.rule for rule in rules if rule.endpoint.func.__module__.startswith(MODULE)})


# The client's own row: what has a form to keep.
CLIENT = {
    "reference": "'K-' || p.id",
    "personal_number": "NULL",
    "birth_date": "NULL",
    "phone": "NULL",
    "phone_digits": "NULL",
    "protection_level": "p.protection",
    "lang": 't."lang"',
    "intake_unit_id": "NULL",
    "zip": "NULL",
    "listed_name": "CASE WHEN p.protection = 'none' THEN {mark} ELSE 'K-' || p.id END",
    "name": "{mark}",
    "firstname": "{mark}",
    "lastname": "{mark}",
    "street": "{mark}",
    "city": "{mark}",
    "communication": "{mark}",
}
