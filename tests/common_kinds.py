"""One record of every model in every kind of place, and one person of every kind who might reach it.

The rows are written past the models, so that none is missing because a verb is hard to reach: what is tried with
them is who gets through rules and access lines, not how a record comes to be.
"""

from contextlib import contextmanager
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .common import CareCase

# Each person's groups, and where they are members: a unit, and as what.
PEOPLE = {
    "staff": ("care_staff", "home abroad"),
    "named": ("care_staff", "home"),  # the protected client's contact person
    "titular": ("care_staff", "home:manager"),  # a manager without the managers' group
    "manager": ("care_manager", "home:manager abroad:manager"),
    "deputy": ("care_manager", "home"),  # has the managers' group, and manages another unit than this one
    "neighbour": ("care_staff", "elsewhere"),
    "other_manager": ("care_manager", "elsewhere:manager"),
    "crew": ("oncall_staff", "oncall oncall_abroad"),
    "off_duty": ("oncall_staff", "oncall"),
    "lead": ("oncall_lead", "oncall oncall_abroad"),
    "team_manager": ("oncall_lead", "oncall:manager"),
    "other_crew": ("oncall_staff", "other_oncall"),
    "supporter": ("relative_support", "relatives relatives_abroad"),
    "other_supporter": ("relative_support", "other_relatives"),
    # All three ways in at once, and none of them holds.
    "former": ("care_manager oncall_lead relative_support", "home:manager oncall:manager relatives:manager"),
    "newcomer": (
        "care_manager oncall_lead relative_support",
        "home:manager oncall:manager relatives:manager",
    ),
    "unconfirmed": (
        "care_manager oncall_lead relative_support",
        "home:manager oncall:manager relatives:manager",
    ),
    # Members of nothing, who have opened the files here, of the protected and of the locked by emergency.
    "helper": ("care_staff", ""),
    "night_helper": ("oncall_staff", ""),
    "officer": ("privacy_officer", ""),
    "admin": ("care_admin", ""),
    # Two roles at once: what one opens, the other's rules must not close.
    "officer_too": ("care_manager privacy_officer", ""),
    "admin_too": ("care_manager care_admin", ""),
    "stranger": ("care_manager oncall_lead relative_support", "home:manager oncall relatives"),
    "system": ("base.group_system", ""),
    "employee": ("base.group_user", ""),
    "portal": ("base.group_portal", ""),
    "public": ("base.group_public", ""),
}
WHEN = {"former": (-365, -1), "newcomer": (1, None)}  # memberships; everybody else's are from a year ago

# Each client's place: the unit, and the days from which and to which they stay there.
PLACES = {
    "here": ("home", -30, None),
    "there": ("elsewhere", -30, None),
    "shared": ("elsewhere", -30, None),  # stays at home too; the record is the other unit's
    "leaving": ("home", -400, -3),
    "ended": ("home", -400, -100),
    "planned": ("home", 10, None),
    "intake": ("home", None, None),
    "protected": ("home", -30, None),
    "locked": ("home", -30, None),  # everybody is locked out
    "abroad": ("abroad", -30, None),  # of another company
}
UNITS = {  # the on-call team and the relative support beside a unit of care
    "home": ("home", "oncall", "relatives"),
    "elsewhere": ("elsewhere", "other_oncall", "other_relatives"),
    "abroad": ("abroad", "oncall_abroad", "relatives_abroad"),
}
MORE_CLIENTS = ("second", "third")  # they stay at home, where one client cannot have two such records
# Records that concern no client are told apart by unit and company alone.
WITHOUT_CLIENT = ("here", "there", "abroad")

# A wizard is its maker's: there is one of each of these people.
MAKERS = ("staff", "manager", "crew", "lead", "supporter", "officer", "admin", "system")

# What a row must have beside the ordinary. Users, employees, units and clients go by their names here.
VALUES = {
    "care.access.log": {"operation": "read", "channel": "web", "model": "care.client", "refused": False},
    "care.access.review.line": {"user_id": "employee"},
    "care.client.lockout": {"user_id": "employee", "origin": "decided"},
    "care.contact.person": {"date_from": "2001-01-01", "date_to": "2001-01-02", "closes_at": "2001-01-03"},
    "care.emergency.access": {
        "user_id": "employee",
        "date_from": "2001-01-01",
        "date_to": "2001-01-01",
        "date_limit": "2001-01-01",
    },
    "care.emergency.attempt": {"user_id": "employee", "date": "2001-01-01"},
    "care.journal.entry": {
        "state": "signed",
        "body": "x",
        "signed_at": "2001-01-01",
        "author_name": "x",
    },
    "care.journal.look": {"user_id": "employee"},
    "care.night.card": {"approved_by": "client", "active": True, "closes_at": "2999-01-01"},
    "care.oncall.shift": {"date_start": "2001-01-01 20:00:00", "date_end": "2001-01-02 06:00:00"},
    "care.subject.item": {"model": "care.stay"},
    "care.referral.receipt": {"sender_id": "employee"},
    "care.visit": {"state": "done", "employee_id": "employee"},
    "care.relative.contact": {"minutes": 10},
    "care.unit.support": {"minutes": 10, "people": 1},
    "care.relative.case": {"name": "Gun Ek"},
    "care.support.participant": {"name": "Gun Ek"},
}
ABROAD_OF_LEAD = {"abroad of lead": ("abroad", {"create_uid": "lead", "unit_id": "oncall_abroad"})}
# Kinds of records that the rules tell apart beside their place: the place, and what is different.
KINDS = {
    "care.access.change": {
        "of all": ("here", {"company_id": None}),
        "lockout of officer": ("here", {"kind": "lockout", "subject_user_id": "officer"}),
        "miss of officer": ("here", {"kind": "miss", "subject_user_id": "officer"}),
        "lockout of staff": ("here", {"kind": "lockout", "subject_user_id": "staff"}),
    },
    "care.client.lockout": {"by itself": ("here", {"origin": "matched"})},
    "care.emergency.attempt": {"of officer": ("here", {"user_id": "officer"})},
    "care.journal.entry": {
        "draft": ("here", {"state": "draft"}),
        "draft of staff": ("here", {"state": "draft", "author_id": "staff"}),
        "draft of manager": ("here", {"state": "draft", "author_id": "manager"}),
        "ended draft of manager": ("ended", {"state": "draft", "author_id": "manager"}),
        **{
            f"{place} draft of staff": (place, {"state": "draft", "author_id": "staff"})
            for place in ("there", "protected", "locked", "abroad")
        },
    },
    "care.journal.look": {
        f"{place} of staff": (place, {"user_id": "staff"})
        for place in ("here", "protected", "locked", "abroad")
    },
    "care.journal.link": {"locked": ("locked", {"chain_id": "locked"})},
    "care.night.card": {
        "not approved": ("here", {"client_id": "second", "approved_by": None}),
        "old": ("here", {"client_id": "third", "closes_at": "2001-01-01"}),
        "put away": ("here", {"active": False}),
    },
    "care.oncall.numbers": ABROAD_OF_LEAD,
    "care.disturbance.report": ABROAD_OF_LEAD,
    "care.plan.template": {
        "of all": ("here", {"company_id": None}),
    },
    "care.plan.template.goal": {
        kind: ("here", {"template_id": kind}) for kind in ("there", "abroad", "of all")
    },
    "care.plan.template.line": {kind: ("here", {"goal_id": kind}) for kind in ("there", "abroad", "of all")},
    "care.referral.receipt": {
        "of staff": ("here", {"sender_id": "staff"}),
        "of crew": ("here", {"unit_id": "oncall", "sender_id": "crew"}),
        "of supporter": ("here", {"unit_id": "relatives", "sender_id": "supporter"}),
        "elsewhere of staff": ("there", {"sender_id": "staff"}),
    },
    "care.subject.item": {
        "no unit": ("here", {"unit_id": None}),
        "team": ("here", {"unit_id": "oncall"}),
    },
    "care.subject.part": {
        "no unit": ("here", {"unit_id": None}),
        "team": ("here", {"unit_id": "oncall"}),
    },
    "care.unit.member": {
        "team": ("here", {"unit_id": "oncall"}),
        "support": ("here", {"unit_id": "relatives"}),
    },
    "care.unit.support": {"team": ("here", {"unit_id": "oncall"})},
}


class KindsCase(CareCase):
    """``people`` by name, and ``rows``: the ids of each model's records by place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create(
            {"name": "Annan Test AB", "care_operator_type": "private"}
        )
        cls._make_units()
        cls.people = {name: cls._person(name, groups) for name, (groups, _where) in PEOPLE.items()}
        cls.clients, cls.stays = {}, {}
        for place, (unit, start, end) in PLACES.items():
            cls._make_client(place, cls.units[unit], start, end)
        for more in MORE_CLIENTS:
            cls._make_client(more, cls.units["home"], -30, None)
        cls.rows, cls.number = {}, 0
        cls.env.flush_all()
        with cls._without_guards():
            for name, (_groups, where) in PEOPLE.items():
                for membership in where.split():
                    cls._make_member(name, *membership.split(":"))
            cls._make_rows()
            cls._make_ways()
        cls._find_rows_of_views()
        cls.env.invalidate_all()

    @classmethod
    def _make_units(cls):
        cls.units = {
            "home": cls.north,
            "elsewhere": cls.south,
            "oncall": cls.oncall,
            "relatives": cls.relatives,
            "other_oncall": cls._unit(
                "Andra jouren", kind="on_call", serves_unit_ids=[Command.set(cls.south.ids)]
            ),
            "other_relatives": cls._unit("Andra stödet", kind="relative_support"),
        }
        abroad = {"company_id": cls.other_company.id}
        cls.units["abroad"] = cls._unit("Utom", **abroad)
        cls.units["relatives_abroad"] = cls._unit("Stöd utom", kind="relative_support", **abroad)
        cls.units["oncall_abroad"] = cls._unit(
            "Jour utom", kind="on_call", serves_unit_ids=[Command.set(cls.units["abroad"].ids)], **abroad
        )

    @classmethod
    def _person(cls, name, groups):
        xmlids = [group if "." in group else f"social_care.group_{group}" for group in groups.split()]
        company = cls.other_company if name == "stranger" else cls.company
        return cls._user(
            f"kind_{name}", ",".join(xmlids), company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    @classmethod
    def _make_client(cls, place, unit, start, end):
        vals = {"company_id": unit.company_id.id}
        if start is None:
            vals["intake_unit_id"] = unit.id
        if place == "protected":
            vals["protection_level"] = "marked"
        client = cls.clients[place] = cls._client("Kim", place.capitalize(), **vals)
        if start is not None:
            cls.stays[place] = cls._stay(client, unit, start, end)
        if place == "shared":
            cls._stay(client, cls.units["home"], start)

    @classmethod
    @contextmanager
    def _without_guards(cls):
        """Rows as they are after years of lawful work, written at once."""
        cls.env.cr.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0"
        )
        tables = [table for (table,) in cls.env.cr.fetchall()]
        for table in tables:
            cls.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        yield
        for table in tables:
            cls.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", SQL.identifier(table)))

    # ------------------------------------------------------------------
    # The rows
    # ------------------------------------------------------------------

    @classmethod
    def _stored_models(cls):
        """Those with a table, parents before what must have them."""
        cls.env.cr.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')")
        tables = {table for (table,) in cls.env.cr.fetchall()}
        names = [
            name
            for name in sorted(cls.env.registry)
            if name.startswith("care.") and cls.env[name]._table in tables
        ]
        ordered = []

        def add(name):
            if name in names and name not in ordered:
                for field in cls.env[name]._fields.values():
                    if (
                        field.type == "many2one"
                        and field.store
                        and field.required
                        and field.comodel_name != name
                    ):
                        add(field.comodel_name)
                ordered.append(name)

        for name in names:
            add(name)
        return ordered

    @classmethod
    def _make_rows(cls):
        for name, records in [("care.client", cls.clients), ("care.stay", cls.stays)]:
            cls.rows[name] = {place: records[place].ids for place in PLACES if place in records}
        cls.rows["care.unit"] = {place: cls._unit_of(place, "care.unit").ids for place in WITHOUT_CLIENT}
        for name in cls._stored_models():
            if name in cls.rows:
                continue
            cls.rows[name] = {}
            for kind, (place, vals) in {**cls._kinds(name), **KINDS.get(name, {})}.items():
                cls.rows[name][kind] = [cls._insert(name, place, {**VALUES.get(name, {}), **vals})]

    @classmethod
    def _kinds(cls, name):
        """The kinds of rows that every model of this kind has: the place, and what is different."""
        if cls.env[name]._transient:
            return {f"of {maker}": ("here", {"create_uid": maker}) for maker in MAKERS}
        if "client_id" in cls.env[name]._fields:
            return {place: (place, {}) for place in PLACES}
        placed = {"unit_id", "company_id"} & cls.env[name]._fields.keys()
        return {place: (place, {}) for place in (WITHOUT_CLIENT if placed else ("here",))}

    @classmethod
    def _insert(cls, name, place, vals):
        model, columns = cls.env[name], {}
        for field in model._fields.values():
            if field.store and field.column_type and field.name != "id":
                value = vals[field.name] if field.name in vals else cls._value(model, field, place)
                if value is not None:
                    columns[field.name] = cls._as_column(field, value)
        [[id_]] = cls.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                tuple(columns.values()),
            )
        )
        return id_

    @classmethod
    def _as_column(cls, field, value):
        if field.comodel_name and isinstance(value, str):
            if field.comodel_name == "care.unit":
                return cls.units[value].id
            if field.comodel_name == "care.client":
                return cls.clients[value].id
            if field.comodel_name in cls.rows:
                return cls.rows[field.comodel_name][value][0]
            user = cls.people[value]
            return cls._employee(user).id if field.comodel_name == "hr.employee" else user.id
        if field.translate:
            return field.convert_to_column_insert(value, cls.env.user)
        return value

    @classmethod
    def _value(cls, model, field, place):
        cls.number += 1
        if field.type == "many2one":
            return cls._link(model, field, place)
        if field.name in ("active", "consent"):
            return True
        if field.name == "opens_at":
            return "2001-01-01"
        if not field.required:
            return None
        if field.type == "selection":
            first = field.get_values(cls.env)[0]
            return field.default(model) if field.default and field.name != "mode" else first
        ordinary = {
            "date": cls.today,
            "datetime": fields.Datetime.now() + timedelta(minutes=cls.number),
            "boolean": False,
            "integer": cls.number,
            "many2one_reference": cls.number,
        }
        return ordinary.get(field.type, f"x{cls.number}")

    @classmethod
    def _link(cls, model, field, place):
        """What says where the row is, and otherwise only what it must have."""
        unit = cls._unit_of(place, model._name, field.name)
        if field.name == "company_id":
            return unit.company_id.id
        if field.comodel_name == "care.unit" and (field.required or field.name == "unit_id"):
            return unit.id
        if field.name == "client_id":
            return cls.clients[place].id
        if not field.required:
            return None
        if field.comodel_name in cls.rows:
            rows = cls.rows[field.comodel_name]
            return rows.get(place, next(iter(rows.values())))[0]
        if field.comodel_name in ("res.users", "hr.employee"):
            return "employee"
        return cls.company.partner_id.id

    @classmethod
    def _unit_of(cls, place, name, column="unit_id"):
        """The place's unit of care, on-call team or relative support, whichever such a record belongs to."""
        care, oncall, relatives = (cls.units[unit] for unit in UNITS[PLACES[place][0]])
        model = cls.env[name]
        if column in getattr(model, "_wall_teams", ()) and (
            column != "unit_id" or len(model._wall_teams) == 1
        ):
            return oncall
        neutral = hasattr(model, "_neutral_parent") or name == "care.mode.decision"
        return relatives if column == "to_unit_id" or (neutral and column == "unit_id") else care

    @classmethod
    def _find_rows_of_views(cls):
        """A model that is a view has the rows that its tables make of the others."""
        for name in sorted(cls.env.registry):
            model = cls.env[name]
            if not name.startswith("care.") or model._abstract or name in cls.rows:
                continue
            bound = "client_id" in model._fields
            cls.rows[name] = {}
            for place in PLACES if bound else WITHOUT_CLIENT:
                care, _oncall, relatives = (cls.units[unit] for unit in UNITS[PLACES[place][0]])
                at = Domain("client_id", "=", cls.clients[place].id) if bound else Domain.TRUE
                for kind, unit in [(place, care), (f"support {place}", relatives)]:
                    found = model.sudo()._search(at & Domain("unit_id", "=", unit.id)).get_result_ids()
                    if found:
                        cls.rows[name][kind] = list(found)

    # ------------------------------------------------------------------
    # Who gets in, and how
    # ------------------------------------------------------------------

    @classmethod
    def _make_member(cls, name, unit, role="staff"):
        start, end = WHEN.get(name, (-365, None))
        closed = end is not None
        cls._insert(
            "care.unit.member",
            "here",
            {
                "unit_id": unit,
                "company_id": cls.units[unit].company_id.id,
                "employee_id": name,
                "user_id": name,
                "confirmed_user_id": None if name == "unconfirmed" else name,
                "role": role,
                "date_from": cls._day(start),
                "opens_at": cls._day(start),
                "date_to": cls._day(end) if closed else None,
                "closes_at": cls._day(end + 1) if closed else None,
            },
        )

    @classmethod
    def _make_ways(cls):
        now = fields.Datetime.now()
        cls._insert("care.contact.person", "protected", {"employee_id": "named", "user_id": "named"})
        for name in PEOPLE:
            cls._insert("care.client.lockout", "locked", {"user_id": name, "origin": "decided"})
        for team, name in [("oncall", "crew"), ("other_oncall", "other_crew"), ("oncall_abroad", "crew")]:
            shift = cls._insert(
                "care.oncall.shift",
                "here",
                {
                    "unit_id": team,
                    "company_id": cls.units[team].company_id.id,
                    "date_start": now - timedelta(hours=1),
                    "date_end": now + timedelta(hours=7),
                    "state": "open",
                },
            )
            cls.env.cr.execute(
                "INSERT INTO care_oncall_shift_crew (shift_id, employee_id) VALUES (%s, %s)",
                (shift, cls._employee(cls.people[name]).id),
            )
        opened = {"date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=1)}
        for name in ("helper", "night_helper"):
            for place in ("here", "protected", "locked", "abroad"):
                vals = {**opened, "user_id": name, "date_limit": opened["date_to"]}
                cls.rows["care.emergency.access"][f"{place} of {name}"] = [
                    cls._insert("care.emergency.access", place, vals)
                ]
            over = {key: value - timedelta(days=2) for key, value in opened.items()}
            vals = {**over, "user_id": name, "date_limit": over["date_to"]}
            cls._insert("care.emergency.access", "leaving", vals)

    # ------------------------------------------------------------------
    # What they reach
    # ------------------------------------------------------------------

    def _reached(self, person, name, operation):
        """The kinds of rows that the person may ``operation``; ``kind (some)`` where not all of its rows."""
        user = self.people[person]
        model = (
            self.env[name]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids, active_test=False)
        )
        records = model.browse(id_ for ids in self.rows[name].values() for id_ in ids)
        try:
            if operation == "search":
                allowed = model.search([("id", "in", records.ids)])
            else:
                allowed = records._filtered_access(operation)
        except AccessError:  # a refusal of the model's own, to whoever asks
            return set()
        allowed = set(allowed.ids)
        return {
            kind if allowed.issuperset(ids) else f"{kind} (some)"
            for kind, ids in self.rows[name].items()
            if allowed.intersection(ids)
        }
