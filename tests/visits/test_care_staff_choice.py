from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareStaffChoice(VisitCase, TransactionCase):
    """The client wishes in order of preference; a manager accepts, or declines with a reason."""

    def test_wishes_in_order_one_accepted_one_declined(self):
        wish = self._as(self.north_staff, self.env["care.staff.choice"])
        first, second = (
            wish.create(
                {
                    "client_id": self.astrid.id,
                    "unit_id": self.north.id,
                    "task_type_id": self.conversation.id,
                    "employee_id": employee.id,
                    "priority": priority,
                }
            )
            for priority, employee in [(1, self.staff), (2, self.colleague)]
        )
        self._as(self.north_manager, first).action_accept()
        self._as(self.north_manager, second).action_decline("Schemat räcker inte")
        self.assertEqual((first.sudo().state, second.sudo().state), ("accepted", "declined"))
        self.assertEqual(second.sudo().decline_reason, "Schemat räcker inte")
        self.assertEqual(first.sudo().decided_by_id, self.north_manager)
        line = self._line(self._plan(), responsible="chosen")
        self.assertEqual(self._as(self.north_staff, line).performer_today_id.id, self.staff.id)

    def test_an_accepted_wish_is_named_in_the_plan_that_is_being_written(self):
        plan = self._plan()
        waiting, named = (
            self._line(plan, responsible="chosen", performer_id=person) for person in (False, self.manager.id)
        )
        choice = self._choice(self.staff, state="wished")
        self._as(self.north_manager, choice).action_accept()
        self.assertEqual((waiting.performer_id, named.performer_id), (self.staff, self.manager))

    def test_a_wish_is_never_declined_without_a_reason(self):
        choice = self._choice(self.staff, state="wished")
        for reason in (None, "", "  "):
            with self.assertRaises(UserError):
                self._as(self.north_manager, choice).action_decline(reason)
        self.assertEqual(choice.state, "wished")

    def test_the_state_moves_along_its_edges_alone(self):
        verbs = {
            "accepted": lambda choice: choice.action_accept(),
            "declined": lambda choice: choice.action_decline("Nej"),
            "ended": lambda choice: choice.action_end(),
        }
        ways = {"wished": [], "accepted": ["accepted"], "declined": ["declined"], "ended": ["ended"]}
        for state, way in ways.items():
            for target, verb in verbs.items():
                choice = self._choice(self.staff, state="wished")
                for step in way:
                    verbs[step](choice)
                with self.subTest(state=state, target=target):
                    if target in choice._transitions.get(state, ()):
                        verb(choice)
                        self.assertEqual(choice.state, target)
                    else:
                        with self.assertRaises(UserError):
                            verb(choice)
                        self.assertEqual(choice.state, state)
                if choice.state in ("wished", "accepted"):
                    choice.action_end()

    def test_the_state_is_not_written_by_hand(self):
        choice = self._choice(self.staff, state="wished")
        for vals in ({"state": "accepted"}, {"decided_by_id": self.env.uid}, {"decline_reason": "x"}):
            with self.assertRaises(UserError):
                self._as(self.north_manager, choice).write(vals)
            with self.assertRaises(UserError):
                choice.sudo().write(vals)
        with self.assertRaises(UserError):
            self.env["care.staff.choice"].create(
                {
                    "client_id": self.astrid.id,
                    "unit_id": self.north.id,
                    "task_type_id": self.hygiene.id,
                    "employee_id": self.staff.id,
                    "state": "accepted",
                }
            )

    def test_offered_and_not_wanted_is_an_answer(self):
        choice = self._as(self.north_staff, self.env["care.staff.choice"]).create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "task_type_id": self.hygiene.id,
                "not_wanted": True,
            }
        )
        self.assertEqual(
            (choice.state, choice.employee_id.ids, choice.date_to), ("ended", [], choice.date_from)
        )

    def test_who_does_not_work_in_the_unit_cannot_be_chosen(self):
        stranger = self._employee(self.south_staff)
        with self.assertRaisesRegex(ValidationError, "Norr"):
            self._choice(stranger, state="wished")
        choice = self.env["care.staff.choice"].new(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "employee_id": stranger.id}
        )
        self.assertIn("Norr", choice.warning)

    def test_who_has_left_since_cannot_be_accepted(self):
        choice = self._choice(self.colleague, state="wished")
        self.north.member_ids.filtered(
            lambda member: member.employee_id == self.colleague
        ).date_to = self._day(-1)
        with self.assertRaises(ValidationError):
            choice.action_accept()

    def test_a_membership_that_ends_is_told(self):
        member = self.north.member_ids.filtered(lambda member: member.employee_id == self.colleague)
        member.date_to = self._day(20)
        choice = self._choice(self.colleague, state="wished")
        self.assertIn(fields.Date.to_string(self._day(20)), choice.warning)

    def _calendar(self, days):
        return self.env["resource.calendar"].create(
            {
                "name": "Schema",
                "company_id": self.company.id,
                "attendance_ids": [(5,)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": day,
                            "dayofweek": day,
                            "hour_from": 8,
                            "hour_to": 16,
                            "day_period": "morning",
                        },
                    )
                    for day in days
                ],
            }
        )

    def test_days_without_work_are_told_at_the_choice(self):
        self._line(self._plan(), "67")
        self.colleague.resource_calendar_id = self._calendar("012345")
        choice = self._choice(self.colleague, state="wished")
        self.assertIn("sunday", choice.warning)
        self.assertNotIn("saturday", choice.warning)
        choice.action_accept()
        self.staff.resource_calendar_id = self._calendar("01")
        never = self._choice(self.staff, state="wished")
        self.assertIn("saturday, sunday", never.warning)
        with self.assertRaisesRegex(ValidationError, "saturday, sunday"):
            never.action_accept()

    def test_an_absence_is_told(self):
        now = fields.Datetime.now()
        self._away(self.staff, now - timedelta(days=1), now + timedelta(days=3))
        self.assertIn("away", self._choice(self.staff, state="wished").warning)

    def test_the_same_wish_twice_is_refused(self):
        self._choice(self.staff, state="wished")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._choice(self.staff, state="wished")

    def test_what_was_decided_stays(self):
        choice = self._choice(self.staff)
        with self.assertRaises(UserError):
            choice.unlink()
        with self.assertRaises(UserError):
            choice.write({"note": "Ändrat i efterhand"})
        choice.action_end()
        self.assertEqual(choice.date_to, fields.Date.context_today(choice))
