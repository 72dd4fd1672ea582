from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .test_care_safety_walk import WalkCase


@tagged("post_install", "-at_install")
class TestCareSafetyWalkPointReminder(WalkCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()
        self.walk = self._walk(-100)
        self.point = self._point(self.walk, due_date=self._day(-1))

    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_safety_walk_point_cron_remind").method_direct_trigger()
        self.env.invalidate_all()

    def _activities(self, point=None):
        return (point or self.point).sudo().activity_ids

    def test_the_lead_is_reminded_once(self):
        waiting = self._point(self.walk, "B", due_date=self._day(0))
        good = self._point(self.walk, "C", good=True)
        self._remind()
        self._remind()
        self.assertEqual(self._activities().user_id, self.oncall_lead)
        self.assertEqual(len(self._activities()), 1)
        self.assertFalse(self._activities(waiting | good))
        self.assertEqual(len(self._as(self.oncall_lead, self.point).activity_ids), 1, "the lead sees it")

    def test_it_ends_by_itself_when_the_point_is_mended_or_declined(self):
        other = self._point(self.walk, "B", due_date=self._day(-1))
        self._remind()
        self._as(self.oncall_staff, self.point).action_done()
        self._as(self.oncall_staff, other).action_decline("Trädet är fridlyst")
        self.assertFalse(self._activities(self.point | other))

    def test_another_day_is_another_reminder(self):
        self._remind()
        self.walk.action_close()
        self._as(self.oncall_staff, self.point).due_date = self._day(7)
        self.assertFalse(self._activities())
        self._remind()
        self.assertFalse(self._activities())
        with freeze_time(self.now + timedelta(days=9)):
            self._remind()
        self.assertEqual(len(self._activities()), 1, "on a closed walk too")

    def test_mended_and_there_again_is_another_reminder(self):
        self._remind()
        self.point.action_done()
        self._remind()
        self.assertFalse(self._activities())
        self.point.action_reopen()
        self._remind()
        self.assertEqual(len(self._activities()), 1)

    def test_a_point_has_no_chat(self):
        with self.assertRaises(UserError):
            self._as(self.oncall_lead, self.point).message_post(body="Anna Al klagade")
