from datetime import datetime, timedelta

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
        holiday = self.env["resource.calendar.leaves"].create(
            {
                "name": "Helgdag",
                "company_id": self.company.id,
                "date_from": start - timedelta(hours=2),
                "date_to": start + timedelta(hours=22),
            }
        )
        self._night()
        self.assertFalse(self._of(self._day(3)))
        holiday.unlink()
        self._night()
        self.assertTrue(self._of(self._day(3)))

    def _night(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_visit_cron").method_direct_trigger()
        self.env.invalidate_all()
