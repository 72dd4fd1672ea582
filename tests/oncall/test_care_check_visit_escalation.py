from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


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

    def test_patience_is_what_the_company_itself_has_set(self):
        self.set_rule("order_read", 100)
        self.set_rule("order_patience", 10)
        with freeze_time(self.now):
            visit = self._visit()
        self.assertEqual(visit.acknowledge_by, self.now + timedelta(minutes=100))
        for minutes, expected in ((105, False), (111, True)):
            with freeze_time(self.now + timedelta(minutes=minutes)):
                self._run("care_check_visit_cron_escalate")
            self.assertEqual(bool(visit.manager_told_of_order_at), expected, minutes)

    def test_an_activity_outside_the_wall_names_no_client(self):
        """Whoever opens the team reads what hangs on it: the administrator, colleagues, the chatter when it is done."""
        visit = self._visit()
        with freeze_time(self.now + timedelta(minutes=215)):
            self._run("care_check_visit_cron_escalate")
        activities = self.env["mail.activity"].sudo().search([("res_model", "=like", "care.%")])
        outside = activities.filtered(lambda activity: not self._is_closed(activity.res_model))
        self.assertIn(self.oncall, self.env["care.unit"].browse(outside.mapped("res_id")))
        references = self.env["care.client"].search([]).mapped("reference")
        for reference in references:
            for activity in outside:
                said = f"{activity.summary} {activity.note} {activity.res_name}"
                self.assertNotIn(reference, said)
        told = self._as(self.care_admin, self.oncall).activity_ids.mapped("summary")
        self.assertEqual(len(told), 2, "the administrator reads that, and no more")
        self.assertIn(visit.client_id.reference, visit.sudo().activity_ids[0].summary)

    def _is_closed(self, model):
        """Behind the clients' wall, or that of the relative support."""
        return model in self.env.registry.descendants(["care.walled", "care.neutral"], "_inherit")

    def test_what_carries_activities_is_walled_or_speaks_of_no_client(self):
        """A model that comes in here says what its activities speak of."""
        carriers = {
            name
            for name in self.env.registry.descendants(["mail.activity.mixin"], "_inherit")
            if name.startswith("care.") and not self.env[name]._abstract
        }
        spoken_of = {
            "care.unit": "gaps, decisions of the board, and when an order is late",
            "care.unit.member": "that a membership waits",
            "care.access.change": "that something was changed; officers alone",
            "care.access.review": "that a review waits; officers alone",
            "care.disturbance": "tenants' cases, which know no clients",
            "care.safety.walk.point": "places",
        }
        self.assertEqual({name for name in carriers if not self._is_closed(name)}, spoken_of.keys())

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
