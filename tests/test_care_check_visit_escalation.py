from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareCheckVisitEscalation(OncallCase, TransactionCase):
    def _run(self, xmlid):
        with self.enter_registry_test_mode():
            self.env.ref(f"social_care.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()

    def test_it_escalates_to_the_lead_and_then_the_manager_once_per_step(self):
        visit = self._visit()
        steps = [
            (50, 0, 0),
            (65, 1, 0),
            (66, 1, 0),
            (95, 1, 1),
            (170, 1, 1),
            (185, 2, 1),
            (215, 2, 2),
            (300, 2, 2),
        ]
        for minutes, lead, manager in steps:
            with freeze_time(self.now + timedelta(minutes=minutes)):
                self._run("care_check_visit_cron_escalate")
                self._run("care_check_visit_cron_escalate")
                mine = self.oncall.sudo().activity_ids.filtered(lambda a: a.user_id == self.oncall_lead)
                theirs = visit.sudo().activity_ids.filtered(lambda a: a.user_id == self.north_manager)
                mine = mine & visit.sudo().lead_activity_ids
                self.assertEqual((len(mine), len(theirs)), (lead, manager), minutes)
        for activity in self.oncall.sudo().activity_ids | visit.sudo().activity_ids:
            self.assertNotIn("Astrid", activity.summary or "")
        with freeze_time(self.now + timedelta(minutes=70)):
            self.assertEqual(self._as(self.oncall_lead, self.shift).late_visit_count, 1)
        self._as(self.oncall_staff, visit).action_not_done("Ingen hemma")
        self.assertFalse(visit.sudo().activity_ids | visit.sudo().lead_activity_ids)

    def test_acknowledged_in_time_escalates_only_when_undone(self):
        visit = self._visit()
        self._as(self.oncall_staff, visit).action_acknowledge()
        for minutes, expected in ((70, 0), (185, 1)):
            with freeze_time(self.now + timedelta(minutes=minutes)):
                self._run("care_check_visit_cron_escalate")
                self.assertEqual(len(visit.sudo().lead_activity_ids), expected, minutes)

    def test_the_lead_outside_the_crew_sees_that_it_is_late_and_not_for_whom(self):
        """DESIGN.md: visits of clients are the crew's alone, while it is on duty."""
        visit = self._visit()
        with freeze_time(self.now + timedelta(minutes=70)):
            self.assertEqual(self._as(self.oncall_lead, self.shift).late_visit_count, 1)
            self.assertFalse(self._as(self.oncall_lead, self.shift).visit_ids)
            self.assertFalse(self._as(self.oncall_lead, visit.browse()).search([]))
            with self.assertRaises(AccessError):
                self._as(self.oncall_lead, visit).read(["instructions"])
            self.assertEqual(len(self._as(self.oncall_staff, self.shift).visit_ids), 1)
