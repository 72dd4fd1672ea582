from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareDecision(CareCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.basis = cls.env.ref("social_care.legal_basis_sol_11_1")
        cls.authority = cls.env["res.partner"].create({"name": "Nämnden", "is_company": True})

    def _decision(self, user=None, **vals):
        decisions = self._as(user, self.env["care.decision"]) if user else self.env["care.decision"]
        return decisions.create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "legal_basis_id": self.basis.id,
                "authority_id": self.authority.id,
                "reference": "SN 2026-117",
                "date_from": "2026-01-01",
                **vals,
            }
        )

    def test_managers_register_it_and_staff_read_it(self):
        decision = self._decision(self.north_manager, goal="Klara sitt hem")
        self.assertEqual(self._as(self.north_staff, decision).read(["goal"])[0]["goal"], "Klara sitt hem")
        for user in (self.north_staff, self.south_manager):
            with self.assertRaises(AccessError):
                self._decision(user)
            with self.assertRaises(AccessError):
                self._as(user, decision).write({"goal": "x"})
        with self.assertRaises(AccessError):
            self._as(self.north_manager, decision).unlink()

    def test_its_name_tells_neither_person_nor_case(self):
        name = self._decision(goal="Klara sitt hem").display_name
        for secret in ("Astrid", "Ek", "SN 2026-117", "Klara"):
            self.assertNotIn(secret, name)
        self.assertIn(self.astrid.reference, name)
        self.assertIn(self.basis.code, name)

    def test_hours_are_those_of_a_week(self):
        for hours in (-1, 169):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self._decision(hours_per_week=hours)
        self._decision(hours_per_week=168)

    def test_it_does_not_end_before_it_begins(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._decision(date_to="2025-12-31")
        self._decision(date_to="2026-01-01")

    def test_it_stays_with_its_client_and_unit(self):
        decision = self._decision()
        for vals in ({"client_id": self.bo.id}, {"unit_id": self.south.id}):
            with self.assertRaises(UserError):
                decision.write(vals)

    def test_b6_a_second_of_the_same_is_hinted_at(self):
        first = self._decision(date_to="2026-06-30")
        self.assertFalse(first.warning)
        second = self._decision(self.north_manager, reference=" sn 2026-117", date_from="2026-07-01")
        self.assertIn("SoL 11:1 (2026-01-01 – 2026-06-30) has the same case number.", second.warning)
        self.assertIn("(2026-07-01 – until further notice)", self._as(self.north_staff, first).warning)
        second.reference = "SN 2026-200"
        self.assertFalse(second.warning)
        with Form(second) as form:
            form.date_from = "2026-06-30"
            self.assertIn("is the same support at the same time", form.warning)
        self.assertIn("is the same support at the same time", second.warning, "and it was saved")
        second.legal_basis_id = self.env.ref("social_care.legal_basis_lss_9_9")
        self.assertFalse(second.warning)

    def test_another_file_is_not_hinted_at(self):
        self._decision(unit_id=self.south.id)
        self._decision(client_id=self.bo.id)
        self.assertFalse(self._decision().warning)
