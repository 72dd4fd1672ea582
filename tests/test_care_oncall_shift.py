from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.care_oncall_shift_closing import EVENT_FROZEN, SHIFT_FROZEN
from .common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallShift(OncallCase, TransactionCase):
    def test_opening(self):
        self._as(self.oncall_lead, self.shift).action_close()
        shift = self._shift(self.oncall_staff, start=0.5, state="planned")
        action = self._as(self.oncall_staff, shift).action_open()
        self.assertEqual((shift.state, action["res_id"]), ("open", shift.id))
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, shift).action_open()

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

    def test_an_open_event_about_a_protected_person_keeps_the_shift_open(self):
        event = self._event(client_id=self.astrid.id)
        self.astrid.protection_level = "marked"
        self.assertFalse(self._as(self.oncall_lead, event.browse()).search([("id", "=", event.id)]))
        with self.assertRaises(UserError) as refused:
            self._as(self.oncall_lead, self.shift).action_close()
        self.assertIn(event.reference, str(refused.exception))

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
        names = {
            name
            for name, field in self.env["care.oncall.shift"]._fields.items()
            if field.store and field.column_type
        }
        self.assertLessEqual(set(SHIFT_FROZEN), names)
        self.assertTrue(EVENT_FROZEN)

    def test_what_is_new_since_last_here(self):
        with freeze_time(self.now - timedelta(days=3)):
            self._night_card(self.bo, self.south)
        self._as(self.oncall_lead, self.shift).action_close()
        with freeze_time(self.now + timedelta(hours=1)):
            card = self._night_card(self.astrid, self.north)
        card.changed_at = self.now + timedelta(hours=1)
        with freeze_time(self.now + timedelta(hours=2)):
            shift = self._shift(self.oncall_staff, start=1)
            seen = self._as(self.oncall_staff, shift)
            self.assertEqual(seen.last_here_at, self.shift.closed_at)
            self.assertEqual(seen.changed_card_ids.client_id.ids, self.astrid.ids)
            self.assertFalse(self._as(self.oncall_lead, shift).changed_card_ids)

    def test_the_numbers(self):
        self._event(kind="phone_support", calm_before=2, calm_after=6)
        self._event(kind="callout", received_at=self.now - timedelta(minutes=20), arrived_at=self.now)
        shift = self._as(self.oncall_staff, self.shift)
        self.assertEqual(
            (
                shift.event_count,
                shift.phone_count,
                shift.callout_count,
                shift.response_minutes,
                shift.calm_gain,
            ),
            (2, 1, 1, 20, 4),
        )

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


@tagged("post_install", "-at_install")
class TestCareOncallCoverage(OncallCase, TransactionCase):
    def _holes(self):
        rows = self.env["care.oncall.coverage"].search([("unit_id", "=", self.oncall.id)])
        return [(row.kind, row.date_start, row.date_end) for row in rows]

    def test_gaps_and_lone_shifts_of_four_weeks(self):
        with freeze_time("2026-03-02 09:00:00"):
            self.env["care.oncall.shift"].search([("unit_id", "=", self.oncall.id)])._move(
                {"employee_ids": [Command.clear()]}
            )
            both = (self._employee(self.oncall_staff) | self._employee(self.oncall_lead)).ids
            create = self.env["care.oncall.shift"].create
            for start, end, crew in (
                ("2026-03-01 23:00:00", "2026-03-02 12:00:00", both),
                ("2026-03-02 12:00:00", "2026-03-02 20:00:00", both[:1]),
            ):
                create(
                    {
                        "unit_id": self.oncall.id,
                        "date_start": start,
                        "date_end": end,
                        "employee_ids": [Command.set(crew)],
                    }
                )
            holes = self._holes()
            self.assertEqual(holes[0], ("lone", datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 20)))
            # the clock goes forward on 29 March: four weeks later midnight is at 22:00 UTC
            self.assertEqual(holes[1], ("gap", datetime(2026, 3, 2, 20), datetime(2026, 3, 29, 22)))
            self.assertEqual(len(holes), 2)

    def test_opening_hours(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Vardagar", "company_id": self.company.id, "tz": "Europe/Stockholm"}
        )
        with freeze_time("2026-03-02 09:00:00"):
            self.env["care.oncall.shift"].search([("unit_id", "=", self.oncall.id)])._move(
                {"employee_ids": [Command.clear()]}
            )
            self.oncall.opening_calendar_id = calendar
            hours = {(start.hour, end.hour) for _kind, start, end in self._holes()}
            self.assertNotIn(3, {start for start, _end in hours})
            self.assertGreater(len(self._holes()), 20)

    def test_the_lead_is_reminded_once_before_a_gap(self):
        coverage = self.env["care.oncall.coverage"]
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("social_care.care_oncall_coverage_cron_warn").method_direct_trigger()
        activities = self.oncall.sudo().activity_ids
        self.assertEqual(activities.user_id, self.oncall_lead)
        gaps = coverage.search([("unit_id", "=", self.oncall.id), ("kind", "=", "gap")])
        warned = gaps.filtered("activity_ids")
        self.assertEqual(len(activities), len(warned))
        warned.unlink()
        self.assertFalse(self.oncall.sudo().activity_ids)

    def test_the_crew_reads_and_nobody_writes(self):
        coverage = self._as(self.oncall_lead, self.env["care.oncall.coverage"])
        self.assertTrue(coverage.search([]))
        with self.assertRaises(AccessError):
            coverage.search([]).write({"kind": "lone"})
