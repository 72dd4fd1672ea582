"""What watches over access is not deleted, by whichever app and not as superuser."""

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareKept(OncallCase, TransactionCase):
    def _is_kept(self, record):
        for env in (self.env, self.env(user=self.sysadmin, su=True)):
            for context in ({}, {MODULE_UNINSTALL_FLAG: True}):
                with self.assertRaises(UserError), self.cr.savepoint():
                    env[record._name].browse(record.id).with_context(**context).unlink()
        self.assertTrue(record.exists())
        self.assertNotIn("active", record._fields, "nor archived")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sysadmin = cls._user("kept_admin", "base.group_system")

    def test_a_lockout(self):
        lockout = self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.oncall_staff.id, "reason": "Släkt"}
        )
        self._is_kept(lockout)
        lockout.write({"date_to": self._day(0)})

    def test_a_consent(self):
        consent = self.env["care.consent"].create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "scope": "photo", "purpose": "Porträtt"}
        )
        self._is_kept(consent)
        consent.action_withdraw()
        self._is_kept(consent)

    def test_a_no(self):
        refusals = self.env["care.outreach.refusal"]
        keys = refusals._keys(self.relatives, "070-174 06 05", "Karin Ek", "12345")
        refusals._remember(self.relatives, keys)
        found = refusals.search([("unit_id", "=", self.relatives.id)])
        self.assertEqual(len(found), 2)
        self._is_kept(found[0])
        refusals._forget(self.relatives, keys)
        self.assertFalse(found.exists(), "who says yes after all is not held to the no")

    def test_a_handover(self):
        event = self._event(client_id=self.astrid.id)
        self._is_kept(event._send_handover(self.north, "Ring henne"))
        self._is_kept(event._send_handover(self.oncall, "Ring igen"))

    def test_a_membership_leaves_a_row(self):
        member = self.env["care.unit.member"].search([("user_id", "=", self.north_staff.id)])
        changes = self.env["care.access.change"]
        before = changes.search([])
        member.with_user(self.care_admin).with_context(**{MODULE_UNINSTALL_FLAG: True}).unlink()
        noted = changes.search([]) - before
        self.assertEqual(
            (noted.kind, noted.user_id, noted.subject_user_id, noted.company_id, noted.is_alarm),
            ("membership", self.care_admin, self.north_staff, self.company, True),
        )
        self.assertIn(str(self._day(-365)), noted.before)
