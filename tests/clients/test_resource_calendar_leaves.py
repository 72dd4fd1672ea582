from datetime import datetime, time, timedelta

import pytz

from odoo.tests import TransactionCase, tagged

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestResourceCalendarLeaves(VisitCase, TransactionCase):
    """What Odoo's Time Off, or an administrator, writes is followed by the visits at once."""

    def setUp(self):
        super().setUp()
        self._choice(self.staff, priority=1)
        self._choice(self.colleague, priority=2)
        self.plan = self._plan()
        self._line(self.plan, responsible="chosen", time_from=10)
        self._active(self.plan)
        self.day = self._of(self._day(3))
        self.assertEqual(self.day.planned_employee_id, self.staff)

    def _of(self, day):
        return self.visits.search([("plan_id", "=", self.plan.id), ("date", "=", day)])

    def _away_on(self, visit):
        leave = self._away(self.staff, visit.start - timedelta(hours=8), visit.start + timedelta(hours=8))
        self.env.invalidate_all()
        return leave

    def test_time_off_that_is_granted_and_taken_back(self):
        leave = self._away_on(self.day)
        self.assertEqual(
            (self.day.wished_employee_id, self.day.planned_employee_id), (self.staff, self.colleague)
        )
        self.assertTrue(self._as(self.north_colleague, self.day).mine)
        leave.write(
            {"date_from": leave.date_from + timedelta(days=1), "date_to": leave.date_to + timedelta(days=1)}
        )
        self.env.invalidate_all()
        self.assertEqual(self.day.planned_employee_id, self.staff)
        self.assertEqual(self._of(self._day(4)).planned_employee_id, self.colleague)
        leave.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._of(self._day(4)).planned_employee_id, self.staff)

    def test_the_deputy_comes_for_the_contact_person(self):
        self._contact_person(self.astrid, self.north, self.north_staff)
        self._contact_person(self.astrid, self.north, self.north_colleague, role="deputy")
        plan = self._plan(self.astrid, self.north)
        self._set_plan_state(self.plan, "ended")
        self._line(plan, responsible="contact_person", time_from=10)
        self.plan = self._active(plan)
        day = self._of(self._day(3))
        self.assertEqual(day.planned_employee_id, self.staff)
        self._away_on(day)
        self.assertEqual(day.planned_employee_id, self.colleague)

    def test_what_was_granted_for_the_past_changes_nothing(self):
        self.env.cr.execute("UPDATE care_visit SET planned_employee_id = NULL WHERE id = %s", (self.day.id,))
        past = datetime.combine(self._day(-3), datetime.min.time())
        self._away(self.staff, past, past + timedelta(hours=8)).unlink()
        self.env.invalidate_all()
        self.assertFalse(self.day.planned_employee_id, "nothing was laid out again")

    def test_a_holiday_that_is_taken_away_gives_the_visits_back_at_night(self):
        self.north.on_holidays = "skip"
        start = datetime.combine(self._day(3), datetime.min.time())
        holiday = self._holiday(start - timedelta(hours=2), start + timedelta(hours=22))
        self._night()
        self.assertFalse(self._of(self._day(3)))
        holiday.unlink()
        self._night()
        self.assertTrue(self._of(self._day(3)))

    # ------------------------------------------------------------------
    # A day off is off from midnight to midnight
    # ------------------------------------------------------------------

    def _utc(self, day, hour):
        local = pytz.timezone("Europe/Stockholm").localize(datetime.combine(day, time(hour)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _next(self, weekday):
        """The next such day, 0 being Monday, at least two days ahead."""
        return next(day for day in map(self._day, range(2, 9)) if day.weekday() == weekday)

    def _evening(self):
        """Visits at seven in the evening, each day; who comes on a day."""
        plan = self._plan()
        self._set_plan_state(self.plan, "ended")
        self._line(plan, responsible="chosen", time_from=19)
        self.plan = self._active(plan)

        def who(day):
            self.env.invalidate_all()
            return self._of(day).planned_employee_id

        return who

    def test_b7_office_hours_stand_for_the_day(self):
        who, day = self._evening(), self._next(1)
        leave = self._away(self.staff, self._utc(day, 8), self._utc(day, 17))
        self.assertEqual(who(day), self.colleague)
        self.assertEqual(who(day + timedelta(days=1)), self.staff)
        self._night()
        self.assertEqual(who(day), self.colleague, "nor does the night give it back")
        leave.date_from = self._utc(day, 12)
        self.assertEqual(who(day), self.staff, "half a day is half a day")
        leave.write({"date_from": self._utc(day, 12), "date_to": self._utc(day + timedelta(days=1), 17)})
        self.assertEqual(
            [who(day + timedelta(days=days)) for days in range(3)],
            [self.colleague, self.colleague, self.staff],
        )

    def test_b7_a_saturday_off_can_be_told(self):
        who, day = self._evening(), self._next(5)
        self._away(self.staff, self._utc(day, 9), self._utc(day, 11))
        self.assertEqual(who(day), self.staff)
        self._away(self.staff, self._utc(day, 8), self._utc(day, 17))
        self.assertEqual(who(day), self.colleague)

    def test_a_holiday_of_office_hours_is_a_holiday_in_the_evening(self):
        who, day = self._evening(), self._next(2)
        self.north.on_holidays = "skip"
        self._holiday(self._utc(day, 8), self._utc(day, 17))
        self._night()
        self.assertFalse(who(day))
        self.assertTrue(who(day + timedelta(days=1)))

    def test_a_holiday_of_all_companies(self):
        holiday = self._holiday(self._utc(self._next(2), 8), self._utc(self._next(2), 17))
        self.env.cr.execute(
            "UPDATE resource_calendar_leaves SET company_id = NULL WHERE id = %s", [holiday.id]
        )
        holiday.invalidate_recordset()
        holiday.date_to += timedelta(hours=1)
        self.assertEqual(holiday.care_from, holiday.date_from, "nobody's hours are known")

    def test_away_until_the_last_day(self):
        today = self._day(0)
        self._away(
            self.staff, self._utc(today, 0), self._utc(today, 0) + timedelta(hours=23, minutes=59, seconds=59)
        )
        until = self.env["resource.calendar.leaves"]._care_absent_until(self.staff)[self.staff]
        self.assertEqual(self._local(until).date(), today)

    def test_days_that_time_off_has_granted(self):
        if "hr.leave" not in self.env:
            self.skipTest("Time Off is not installed")
        who, friday = self._evening(), self._next(4)
        kind = self.env["hr.leave.type"].create(
            {
                "name": "Ledigt",
                "requires_allocation": False,
                "leave_validation_type": "hr",
                "request_unit": "day",
            }
        )
        leave = self.env["hr.leave"].create(
            {
                "employee_id": self.staff.id,
                "holiday_status_id": kind.id,
                "request_date_from": friday,
                "request_date_to": friday + timedelta(days=2),
            }
        )
        leave.action_approve()
        days = [friday + timedelta(days=days) for days in range(-1, 4)]
        expected = [self.staff, self.colleague, self.colleague, self.colleague, self.staff]
        self.assertEqual([who(day) for day in days], expected, "the weekend is part of it")
        leave.action_refuse()
        self.assertEqual({who(day) for day in days}, {self.staff})

    def _holiday(self, start, end):
        return self.env["resource.calendar.leaves"].create(
            {"name": "Helgdag", "company_id": self.company.id, "date_from": start, "date_to": end}
        )

    def _night(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_visit_cron").method_direct_trigger()
        self.env.invalidate_all()
