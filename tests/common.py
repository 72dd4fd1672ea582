"""The people of one invented provider, by role. Every test builds on them."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

# Public test numbers: serial numbers 980-999 are given to nobody.
PERSONAL_NUMBERS = {
    "astrid": "194006049987",
    "bo": "197203129981",
    "cilla": "198811249989",
    "dan": "200002299980",
}


class CareCase:
    """Mixin for TransactionCase and HttpCase: units Norr and Söder, and a second company.

    Astrid stays at Norr, Bo at Söder; Cilla is at intake at Norr; Dan's stay at Norr ended long ago.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # where care is given: between midnight there and in UTC it is another day
        context = {"tracking_disable": True, "no_reset_password": True, "tz": "Europe/Stockholm"}
        cls.env = cls.env(context={**cls.env.context, **context})
        cls.company = cls.env["res.company"].create(
            {"name": "Trygg Test AB", "care_operator_type": "private"}
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.today = fields.Date.context_today(cls.env.company)
        cls.north = cls._unit("Norr")
        cls.south = cls._unit("Söder")
        cls.oncall = cls._unit("Jouren", kind="on_call", serves_unit_ids=[Command.set(cls.north.ids)])
        cls.relatives = cls._unit("Anhörigstöd", kind="relative_support")
        for login, groups, unit, role in [
            ("north_staff", "social_care.group_care_staff", cls.north, "staff"),
            ("north_manager", "social_care.group_care_manager", cls.north, "manager"),
            ("south_staff", "social_care.group_care_staff", cls.south, "staff"),
            ("south_manager", "social_care.group_care_manager", cls.south, "manager"),
            ("oncall_staff", "social_care.group_oncall_staff", cls.oncall, "staff"),
            ("oncall_lead", "social_care.group_oncall_lead", cls.oncall, "staff"),
            ("supporter", "social_care.group_relative_support", cls.relatives, "staff"),
            ("privacy_officer", "social_care.group_privacy_officer", None, None),
            ("care_admin", "social_care.group_care_admin", None, None),
        ]:
            user = cls._user(login, groups)
            setattr(cls, login, user)
            if unit:
                cls._member(unit, user, role)
        cls.area = cls.env["care.area"].create({"name": "Björkbacken", "company_id": cls.company.id})
        cls.dwelling = cls.env["care.dwelling"].create(
            {"name": "1203", "unit_id": cls.north.id, "street": "Björkvägen 1", "area_id": cls.area.id}
        )
        cls.astrid = cls._client("Astrid", "Ek", PERSONAL_NUMBERS["astrid"], phone="070-174 06 05")
        cls.bo = cls._client("Bo", "Al", PERSONAL_NUMBERS["bo"])
        cls.cilla = cls._client("Cilla", "Lönn", PERSONAL_NUMBERS["cilla"], intake_unit_id=cls.north.id)
        cls.dan = cls._client("Dan", "Björk", PERSONAL_NUMBERS["dan"])
        cls.stay_astrid = cls._stay(cls.astrid, cls.north, -30, dwelling_id=cls.dwelling.id)
        cls.stay_bo = cls._stay(cls.bo, cls.south, -30)
        cls.stay_dan = cls._stay(cls.dan, cls.north, -400, -100)

    @classmethod
    def set_rule(cls, code, value, company=None):
        """A row of the company's own, as an administrator adds one."""
        company = company or cls.company
        rules = cls.env["care.rule"].search([("code", "=", code)])
        if not (own := rules.filtered(lambda rule: rule.company_id == company)):
            same = {name: rules[0][name] for name in ("code", "name", "unit", "least", "most", "rests")}
            own = rules.create({**same, "company_id": company.id, "value": value})
        own.value = value

    @classmethod
    def rule(cls, code):
        return cls.env["care.rule"]._value(code, cls.company)

    @classmethod
    def _unit(cls, name, **vals):
        return cls.env["care.unit"].create({"name": name, "code": name, "company_id": cls.company.id, **vals})

    @classmethod
    def _user(cls, login, groups, **vals):
        vals = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)], **vals}
        return new_test_user(cls.env, login, groups, tz="Europe/Stockholm", **vals)

    @classmethod
    def _employee(cls, user):
        employees = cls.env["hr.employee"].sudo()
        return employees.search([("user_id", "=", user.id)], limit=1) or employees.create(
            {"name": user.name, "user_id": user.id, "company_id": user.company_id.id}
        )

    @classmethod
    def _member(cls, unit, user, role="staff", start=-365, end=None, **vals):
        return cls.env["care.unit.member"].create(
            {
                "unit_id": unit.id,
                "employee_id": cls._employee(user).id,
                "role": role,
                "date_from": cls._day(start),
                "date_to": end is not None and cls._day(end),
                **vals,
            }
        )

    @classmethod
    def _client(cls, firstname, lastname, personal_number=False, **vals):
        company = cls.env["res.company"].browse(vals.get("company_id", cls.company.id))
        if not company.care_operator_type:
            company.care_operator_type = "private"
        return cls.env["care.client"].create(
            {
                "firstname": firstname,
                "lastname": lastname,
                "personal_number": personal_number,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def _stay(cls, client, unit, start=0, end=None, **vals):
        return cls.env["care.stay"].create(
            {
                "client_id": client.id,
                "unit_id": unit.id,
                "date_from": cls._day(start),
                "date_to": end is not None and cls._day(end),
                **vals,
            }
        )

    @classmethod
    def _contact_person(cls, client, unit, user, start=-10, **vals):
        return cls.env["care.contact.person"].create(
            {
                "client_id": client.id,
                "unit_id": unit.id,
                "employee_id": cls._employee(user).id,
                "date_from": cls._day(start),
                **vals,
            }
        )

    @classmethod
    def _lockout(cls, client, user):
        return cls.env["care.client.lockout"].create(
            {"client_id": client.id, "user_id": user.id, "reason": "Släkt"}
        )

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    def _as(self, user, record):
        """The record as another user sees it, with nothing left over in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["care.closed"]._forget_opened()
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _once_open(self, user, record):
        """The record as a user holds it who had it open a moment ago, in the same transaction.

        Its values lie in the cache and count as asked for: what merely reads them is not refused.
        """
        mine = self._as(user, record)
        mine.with_env(self.env).read()
        if hasattr(mine, "_remember_opened"):
            mine._remember_opened(mine.ids, noted=True)
        return mine
