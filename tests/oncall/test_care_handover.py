from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareHandover(OncallCase, TransactionCase):
    def test_the_sender_does_not_confirm_reading(self):
        handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "x")
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, handover).action_read()

    def test_unread_ones_remind_once(self):
        handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "x")
        for hours, expected in ((11, 0), (13, 1), (20, 1)):
            with freeze_time(self.now + timedelta(hours=hours)), self.enter_registry_test_mode():
                self.env.ref("social_care.care_handover_cron_remind").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(handover.sudo().activity_ids), expected, hours)
        self.assertEqual(handover.sudo().activity_ids.user_id, self.north_manager)
        self._as(self.north_manager, handover).action_read()
        self.assertFalse(handover.sudo().activity_ids)

    def test_unread_for_as_long_as_the_company_itself_has_set(self):
        self.set_rule("handover_late", 2)
        handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "x")
        for hours, expected in ((1, 0), (3, 1)):
            with freeze_time(self.now + timedelta(hours=hours)), self.enter_registry_test_mode():
                self.env.ref("social_care.care_handover_cron_remind").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(handover.sudo().activity_ids), expected, hours)

    def test_nobody_writes_one_or_changes_one(self):
        handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "x")
        for user in (self.north_staff, self.north_manager, self.oncall_staff, self.oncall_lead):
            with self.assertRaises(UserError):
                self._as(user, handover).write({"body": "y"})
        with self.assertRaises(UserError):
            self.env["care.handover"].sudo().write({"body": "y"})
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, handover).message_post(body="y")

    def test_who_reads_it_in_an_emergency_does_not_confirm_it(self):
        self.astrid.protection_level = "marked"
        handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "x")
        hour = timedelta(hours=1)
        self.env["care.emergency.access"].sudo().create(
            {
                "client_id": self.astrid.id,
                "user_id": self.north_staff.id,
                "reason": "Svarar inte",
                "date_from": self.now - hour,
                "date_to": self.now + hour,
                "review_due": self.today,
            }
        )
        mine = self._as(self.north_staff, handover)
        self.assertTrue(mine.body)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.action_read()
        self._as(self.north_manager, handover).action_read()
