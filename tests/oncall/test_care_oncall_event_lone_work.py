from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEventLoneWork(OncallCase, TransactionCase):
    def test_lone_work(self):
        waiting = self.env["care.oncall.event"].search([("check_in_at", "!=", False)])
        waiting._write_decided(
            {"check_in_at": False}
        )  # the demo's, which is late some minutes after the installation
        event = self._event(client_id=self.astrid.id, arrived_at=self.now)
        self._as(self.oncall_staff, event).with_context(minutes=15).action_check_in()
        self.assertFalse(event.is_overdue)
        sent = []
        self.patch(
            type(self.env["res.partner"]),
            "_bus_send",
            lambda partner, *args, **kw: sent.append((partner, args)),
        )
        with freeze_time(self.now + timedelta(minutes=20)):
            for _minute in range(3):
                with self.enter_registry_test_mode():
                    self.env.ref("social_care.care_oncall_event_cron_alarm").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(event.alarm_count, 3)
            self.assertIn(event, self._as(self.oncall_lead, self.shift).overdue_event_ids)
            people = self.oncall_staff.partner_id | self.oncall_lead.partner_id
            self.assertEqual(self.env["res.partner"].union(*(partner for partner, _args in sent)), people)
            self.assertNotIn("Astrid", str(sent))
            self.assertEqual({args[0] for _partner, args in sent}, {"care_oncall_alarm"})
            sent.clear()
            self._as(self.oncall_lead, event).action_all_well()
            self.assertEqual(
                [args for _partner, args in sent], 2 * [("care_oncall_alarm_over", {"id": event.id})]
            )
            self.assertEqual(
                self.env["res.partner"].union(*(partner for partner, _args in sent)),
                people,
                "gone from all screens",
            )
            self.assertFalse(event.is_overdue)
            with self.enter_registry_test_mode():
                self.env.ref("social_care.care_oncall_event_cron_alarm").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(event.alarm_count, 3)
        self.assertEqual(event.check_in_answered_id, self.oncall_lead)

    def test_whoever_has_left_is_waited_for_no_more(self):
        for verb in ("action_leave", "action_done"):
            event = self._as(self.oncall_staff, self._event(arrived_at=self.now))
            event.with_context(minutes=15).action_check_in()
            self.assertTrue(event.check_in_at)
            getattr(event, verb)()
            self.assertFalse(event.check_in_at, verb)

    def test_a_check_in_of_days_is_refused(self):
        event = self._as(self.oncall_staff, self._event())
        for minutes in (0, 241):
            with self.assertRaises(UserError):
                event.with_context(minutes=minutes).action_check_in()
        event.action_done()
        with self.assertRaises(UserError):
            event.action_check_in()
