from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareUnit(CareCase, TransactionCase):
    def test_occupancy_is_counted_among_what_the_reader_may_see(self):
        self.dwelling.places = 3
        self._stay(self.cilla, self.north, 10)
        self._stay(self._client("Eva", "Ny"), self.north, -5, 20)
        for user, expected in [
            (self.north_manager, (3, 2, 1, 1)),
            (self.north_staff, (3, 2, 0, 1)),
            (self.south_manager, (3, 0, 0, 0)),
            (self.care_admin, (3, 0, 0, 0)),
            (self.oncall_staff, (3, 0, 0, 0)),
        ]:
            with self.subTest(user=user.login):
                row = self._as(user, self.north).read(["places", "taken", "arriving", "leaving"])[0]
                self.assertEqual(
                    tuple(row[name] for name in ("places", "taken", "arriving", "leaving")), expected
                )

    def test_a_protected_person_is_not_counted_for_those_not_named(self):
        self.astrid.protection_level = "marked"
        self.assertEqual(self._as(self.north_staff, self.north).taken, 0)
        self.assertEqual(self._as(self.north_manager, self.north).taken, 1)

    def test_managers_are_those_of_today(self):
        self.assertEqual(self.north.manager_ids, self._employee(self.north_manager))
        member = self.north.member_ids.filtered(lambda member: member.role == "manager")
        member.date_to = self._day(-1)
        self.env.invalidate_all()
        self.assertFalse(self.north.manager_ids)

    def test_the_regime_of_a_kind(self):
        for kind, regime in [
            ("housing_support", "assessed"),
            ("supported_housing", "assessed"),
            ("relative_support", "open"),
            ("open_activity", "open"),
            ("quality", "quality"),
        ]:
            self.assertEqual(self._unit(f"Ny {kind}", kind=kind).regime, regime)

    def test_only_an_open_service_does_without_names(self):
        for regime in ("assessed", "landlord", "quality"):
            for mode in ("pseudonym", "none"):
                with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                    self._unit(f"{regime} {mode}", regime=regime, documentation_mode=mode)
        for mode in ("named", "pseudonym", "none"):
            self._unit(f"open {mode}", regime="open", documentation_mode=mode)

    def test_numbers_within_reason(self):
        for vals in ({"finish_days": -1}, {"finish_days": 91}, {"code": self.north.code}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self._unit("Ny", **{"code": "NY", **vals})

    def test_the_administrator_sets_up_and_others_read(self):
        vals = {"name": "Ny", "code": "NY", "company_id": self.company.id}
        unit = self._as(self.care_admin, self.env["care.unit"]).create(vals)
        self._as(self.care_admin, self.env["care.dwelling"]).create({"name": "1", "unit_id": unit.id})
        for user in (
            self.north_manager,
            self.north_staff,
            self.privacy_officer,
            self.oncall_lead,
            self.supporter,
        ):
            self.assertTrue(self._as(user, unit).read(["name"]))
            with self.assertRaises(AccessError):
                self._as(user, unit).write({"name": "x"})
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.unit"]).create({**vals, "code": user.login})

    def test_every_role_opens_a_unit_s_page(self):
        """A field on the page that the reader may not read closes the whole page."""
        for user in (
            self.north_staff,
            self.north_manager,
            self.oncall_staff,
            self.oncall_lead,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
        ):
            for unit in (self.north, self.oncall, self.relatives):
                if self._as(user, unit).has_access("read"):
                    with self.subTest(user=user.login, unit=unit.name):
                        self.assertEqual(Form(self._as(user, unit)).name, unit.name)
        self.assertTrue(self._as(self.supporter, self.relatives).has_access("read"))

    def test_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Annan AB"})
        far = self._unit("Fjärran", code=self.north.code, company_id=other.id)
        self.assertNotIn(far.id, self._as(self.care_admin, self.env["care.unit"]).search([]).ids)
        both = self._user(
            "both", "social_care.group_care_admin", company_ids=[(6, 0, (self.company | other).ids)]
        )
        units = self._as(both, self.env["care.unit"])
        self.assertIn(far.id, units.search([]).ids)
        self.assertNotIn(far.id, units.with_context(allowed_company_ids=self.company.ids).search([]).ids)
        with self.assertRaises(AccessError):
            self._as(self.care_admin, self.env["care.unit"]).with_context(
                allowed_company_ids=other.ids
            ).search([])
