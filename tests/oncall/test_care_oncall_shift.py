from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallShift(OncallCase, TransactionCase):
    def test_opening(self):
        self._as(self.oncall_lead, self.shift).action_close()
        shift = self._shift(self.oncall_staff, start=0.5, state="planned")
        action = self._as(self.oncall_staff, shift).action_open()
        self.assertEqual((shift.state, action["res_id"]), ("open", shift.id))
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, shift).action_open()
        with self.assertRaisesRegex(UserError, "by the buttons alone"):
            self._as(self.oncall_lead, shift).write({"state": "closed"})
        later = self._shift(self.oncall_staff, start=3, state="planned")
        with self.assertRaisesRegex(UserError, "can be opened an hour before"):
            self._as(self.oncall_staff, later).action_open()

    def test_whoever_has_left_the_team_opens_no_shift(self):
        """Though they are in its crew still."""
        self._as(self.oncall_lead, self.shift).action_close()
        shift = self._shift(self.oncall_staff, start=0.5, state="planned")
        member = self.oncall.member_ids.filtered(lambda member: member.user_id == self.oncall_staff)
        member.date_to = self._day(-1)
        with self.assertRaises(AccessError):
            self._once_open(self.oncall_staff, shift).action_open()
        self.assertEqual(shift.state, "planned")

    def test_the_first_screen_is_ones_shift(self):
        shifts = self._as(self.oncall_staff, self.env["care.oncall.shift"])
        self.assertEqual(shifts.action_first_screen()["res_id"], self.shift.id)
        self._as(self.oncall_lead, self.shift).action_close()
        self.assertEqual(shifts.action_first_screen()["res_model"], "care.oncall.shift")
        planned = self._shift(self.oncall_staff, start=3, state="planned")
        self.assertEqual(shifts.action_first_screen()["res_id"], planned.id)

    def test_wrong_times_are_refused(self):
        for start, hours in ((0, 0), (0, -1), (0, 26)):
            with (
                self.subTest(hours=hours),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._shift(self.oncall_staff, start=start, hours=hours, state="planned")

    def test_nobody_is_in_two_open_shifts(self):
        with self.assertRaises(UserError):
            self._shift(self.oncall_staff, start=-0.5)
        second = self._shift(self.oncall_staff, start=-0.5, state="planned")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._as(self.oncall_staff, second).action_open()
        third = self._shift(self.oncall_lead, start=-0.5)
        with self.assertRaises(UserError):
            third.employee_ids |= self._employee(self.oncall_staff)

    def test_across_midnight_and_daylight_saving(self):
        """25 October 2026 has 25 hours; a shift of a whole local day is planned and shown right."""
        shift = self._shift(
            self.oncall_lead,
            state="planned",
            date_start="2026-10-24 20:00:00",
            date_end="2026-10-25 06:00:00",
        )
        self.assertIn("2026-10-24 22:00–07:00", shift.display_name)
        day = self._shift(
            self.oncall_lead,
            state="planned",
            date_start="2026-10-24 22:00:00",
            date_end="2026-10-25 23:00:00",
        )
        self.assertIn("2026-10-25 00:00–00:00", day.display_name)

    def test_closing_demands_each_event_done_or_handed_on(self):
        events = self._event() | self._event()
        with self.assertRaises(UserError) as refused:
            self._as(self.oncall_lead, self.shift).action_close()
        for event in events:
            self.assertIn(event.reference, str(refused.exception))
        self.assertEqual(self.shift.state, "open")
        events[0].action_done()
        events[1].action_hand_on()
        action = self._as(self.oncall_lead, self.shift).action_close()
        self.assertEqual(action["report_name"], "social_care.care_oncall_shift_report_document")
        self.assertEqual(self.shift.state, "closed")

    def test_what_was_handed_on_is_unread_to_the_next_shift(self):
        event = self._event(description="Dörren går inte i lås")
        self._as(self.oncall_staff, event).action_hand_on()
        self._as(self.oncall_lead, self.shift).action_close()
        following = self._shift(self.oncall_lead, start=0)
        handover = self._as(self.oncall_lead, following).handover_ids
        self.assertIn("Dörren", handover.body)
        handover.action_read()
        self.assertEqual(handover.read_by_id, self.oncall_lead)
        self.assertFalse(self._as(self.oncall_lead, following).handover_ids)

    def _closed(self):
        event = self._event(description="Oro")
        event.action_done()
        self.shift.action_close()
        return event

    def test_closed_is_closed_to_the_orm_and_to_sudo(self):
        event = self._closed()
        for write in (
            lambda: event.write({"description": "x"}),
            lambda: event.sudo().write({"received_at": self.now}),
            lambda: event.action_reopen(),
            lambda: event.write({"employee_ids": [Command.clear()]}),
            lambda: self.shift.sudo().write({"summary": "x"}),
            lambda: self.shift.sudo().write({"employee_ids": [Command.clear()]}),
            lambda: self.shift.unlink(),
            lambda: self._event(),
        ):
            with self.assertRaises(UserError):
                write()

    def test_closed_is_closed_to_the_database(self):
        event = self._closed()
        shift, row = {"id": self.shift.id}, {"id": event.id}
        new = {"shift": self.shift.id, "unit": self.oncall.id}
        for statement, values in (
            ("UPDATE care_oncall_shift SET summary = 'x' WHERE id = %(id)s", shift),
            ("UPDATE care_oncall_shift SET state = 'open' WHERE id = %(id)s", shift),
            ("UPDATE care_oncall_event SET description = 'x' WHERE id = %(id)s", row),
            ("UPDATE care_oncall_event SET calm_before = 3 WHERE id = %(id)s", row),
            ("UPDATE care_oncall_event SET reference = 'x' WHERE id = %(id)s", row),
            ("UPDATE care_oncall_event SET state = 'open' WHERE id = %(id)s", row),
            ("DELETE FROM care_oncall_event WHERE id = %(id)s", row),
            ("DELETE FROM care_oncall_shift WHERE id = %(id)s", shift),
            ("DELETE FROM care_oncall_shift_crew WHERE shift_id = %(id)s", shift),
            (
                "INSERT INTO care_oncall_event (shift_id, unit_id, received_at, channel, kind, state)"
                " VALUES (%(shift)s, %(unit)s, now(), 'phone', 'other', 'open')",
                new,
            ),
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, values)

    def test_the_report(self):
        event = self._event(client_id=self.astrid.id, description="Kunde inte sova", action_taken="Samtal")
        event.action_done()
        self.shift.action_close()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.oncall_staff)
            ._render_qweb_html("social_care.care_oncall_shift_report_document", self.shift.ids)
        )
        html = html.decode()
        self.assertIn("Kunde inte sova", html)
        self.assertIn(self.astrid.reference, html)
        self.assertNotIn("Astrid", html)

    def test_queries_do_not_grow_with_the_night(self):
        spec = {
            "event_count": {},
            "open_event_ids": {"fields": {"kind": {}, "client_name": {}}},
            "visit_ids": {"fields": {"client_name": {}, "state": {}, "dwelling_name": {}}},
            "changed_card_ids": {"fields": {"name": {}, "what_helps": {}}},
        }

        def queries():
            shift = self._as(self.oncall_staff, self.shift)
            before = self.cr.sql_log_count
            shift.web_read(spec)
            return self.cr.sql_log_count - before

        self._event(client_id=self.astrid.id)
        self._visit()
        few = min(queries() for _try in range(3))
        for _number in range(20):
            self._event(client_id=self.astrid.id)
            self._visit()
        self.assertLessEqual(min(queries() for _try in range(2)), few)
