from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCareStayEnd(CarePlanCase, TransactionCase):
    """With the stay ends the plan; contact persons and choices end when the file has closed."""

    def _night(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_stay_cron_end").method_direct_trigger()
        self.env.invalidate_all()

    def _end_stay(self, day=0):
        self._as(self.north_manager, self.stay_astrid).action_end(self._day(day), "own_home")
        self.env.invalidate_all()

    def _ahead(self, plan):
        return self.env["care.visit"].search_count([("plan_id", "=", plan.id), ("state", "=", "planned")])

    def test_a_plan_ends_with_the_stay(self):
        plan = self._active_plan()
        self.assertTrue(self._ahead(plan))
        content = plan.content_hash
        self._end_stay()
        self.assertEqual((plan.state, plan.ended_on), ("ended", self.today))
        self.assertTrue(plan.end_reason)
        self.assertFalse(self._ahead(plan))
        self.assertEqual(plan.content_hash, content)
        self.assertFalse(plan._faults(), "the signed content is untouched")

    def test_a_planned_stay_that_never_began_prolongs_nothing(self):
        """It was taken back, or the client has died: its days lie ahead, and nobody stays on until then."""
        plan = self._active_plan()
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        self.stay_astrid.date_to = self._day(10)
        wrong = self._stay(self.astrid, self.north, 50)
        self._as(self.north_manager, wrong).action_take_back("Fel person")
        self._end_stay()
        self.assertEqual((plan.state, plan.ended_on), ("ended", self.today))
        with freeze_time(self.today + timedelta(days=40, hours=2)):
            self._night()
        self.assertEqual(contact.date_to, self.today)

    def test_a_last_day_ahead_ends_the_plan_at_midnight(self):
        plan = self._active_plan()
        self._end_stay(day=5)
        self.assertEqual(plan.state, "active")
        self._night()
        self.assertEqual(plan.state, "active")
        with freeze_time(self.today + timedelta(days=6, hours=2)):
            self._night()
        self.assertEqual((plan.state, plan.ended_on), ("ended", self._day(5)))

    def test_who_moves_within_the_unit_keeps_the_plan(self):
        plan = self._active_plan()
        self.stay_astrid.date_to = self._day(-1)
        self.assertEqual(plan.state, "ended")
        other = self._active_plan(self.bo, self.south, contact=self._south_contact())
        self.stay_bo.date_to = self.today
        self._stay(self.bo, self.south, 1)
        self.stay_bo.action_end(self._day(0), "other")
        self._night()
        self.assertEqual(other.state, "active", "another stay in the unit begins tomorrow")

    def _south_contact(self):
        self._contact_person(self.bo, self.south, self.south_staff)
        return self.south_staff

    def test_another_units_plan_goes_on(self):
        self._stay(self.astrid, self.south, -20)
        self._contact_person(self.astrid, self.south, self.south_staff)
        plan = self._active_plan()
        other = self._active_plan(unit=self.south, contact=self.south_staff)
        self._end_stay()
        self.assertEqual((plan.state, other.state), ("ended", "active"))

    def test_an_end_that_is_taken_back_late(self):
        plan = self._active_plan()
        self._end_stay()
        self.assertEqual(self.stay_astrid.state, "ended")
        with self.assertRaisesRegex(UserError, "active plan is revised"):
            self._as(self.anna, plan).action_revise()
        with freeze_time(self.today + timedelta(days=2, hours=12)):
            self._as(self.north_manager, self.stay_astrid).date_to = False
        self.env.invalidate_all()
        self.assertEqual(self.stay_astrid.state, "active")
        self.assertEqual(plan.state, "ended", "what ended was agreed for that time; it is agreed anew")
        self.assertTrue(self._as(self.anna, plan).may_continue)
        following = self.env["care.plan"].browse(self._as(self.anna, plan).action_revise()["res_id"])
        self.env.invalidate_all()
        self.assertEqual((following.version, following.previous_id), (2, plan))
        self.assertEqual(following.line_ids.mapped("name"), plan.line_ids.mapped("name"))
        self.assertFalse(self._as(self.anna, plan).may_continue, "it is open already")
        self._propose(following)
        self._sign_both(following)
        self.assertEqual((plan.state, following.state), ("ended", "active"))
        self.assertTrue(self._ahead(following))

    def test_a_last_day_moved_ahead_opens_the_stay_again(self):
        self._end_stay()
        self.stay_astrid.date_to = self._day(10)
        self.assertEqual(self.stay_astrid.state, "active")
        self._end_stay(-1)
        self.stay_astrid.date_to = self._day(-3)
        self.assertEqual(self.stay_astrid.state, "ended", "an earlier last day is an end too")

    def test_nothing_is_proposed_signed_or_put_in_force_after_the_stay(self):
        plan, draft = self._plan(), self._plan()
        self._propose(plan)
        self._sign(plan, "contact_person")
        self._end_stay()
        with self.assertRaisesRegex(UserError, "stay in the unit has ended"):
            self._sign(plan, "client")
        with self.assertRaisesRegex(UserError, "stay in the unit has ended"):
            self._propose(draft)
        with self.assertRaisesRegex(UserError, "stay in the unit has ended"):
            self._as(self.north_manager, plan).action_activate("Har flyttat")

    def test_the_contact_person_finishes_the_documentation_and_then_goes(self):
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        choice = self.env["care.staff.choice"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "task_type_id": self.env.ref("social_care.task_type_conversation").id,
                "employee_id": self._employee(self.anna).id,
                "date_from": self._day(-10),
            }
        )
        self.astrid.protection_level = "marked"
        self._end_stay()
        self._night()
        self.assertFalse(contact.date_to, "named until the file closes: the person is protected")
        self.assertTrue(self._as(self.anna, self.astrid).has_access("read"))
        days = self.north.finish_days
        with freeze_time(self.today + timedelta(days=days + 1, hours=2)):
            self._night()
            self.assertEqual((contact.date_to, choice.state), (self.today, "ended"))
            self.assertEqual(choice.date_to, self.today)
            written = contact.write_date
            self._night()
            self.assertEqual(contact.write_date, written, "a second night changes nothing")

    def test_who_returns_at_intake_keeps_the_new_contact_person(self):
        self.dan.intake_unit_id = self.north
        contact = self._contact_person(self.dan, self.north, self.anna)
        self._night()
        self.assertFalse(contact.date_to)
        self.dan.intake_unit_id = False
        self._night()
        self.assertTrue(contact.date_to)

    def test_reminders_close_with_the_stay(self):
        self.stay_astrid._update_plan_reminders()
        self.assertTrue(self.stay_astrid.activity_ids)
        self._end_stay()
        self.assertFalse(self.stay_astrid.activity_ids)
