from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common_visit import VisitCase

HAND_OVER = "social_care.activity_type_hand_over"


@tagged("post_install", "-at_install")
class TestCareUnitMemberLeaving(VisitCase, TransactionCase):
    """Whoever leaves a unit is passed over at once, holds nothing any more, and the manager gets one page of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.north.member_ids.filtered(lambda member: member.user_id == cls.north_staff)
        cls.contact = cls._contact_person(cls.astrid, cls.north, cls.north_staff)
        cls.choice = cls._choice(cls.staff, priority=1)
        cls.plan = cls._plan()
        cls.of_choice, cls.of_contact, cls.of_line = (
            cls._line(cls.plan, time_from=10, **vals)
            for vals in (
                {"responsible": "chosen"},
                {"responsible": "contact_person"},
                {"responsible": "chosen", "task_type_id": cls.hygiene.id, "performer_id": cls.staff.id},
            )
        )
        cls._active(cls.plan)

    def _night(self):
        with self.enter_registry_test_mode():
            for name in ("care_stay_cron_end", "care_visit_cron", "care_stay_cron_remind"):
                self.env.ref(f"social_care.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _planned(self, line, day=None):
        """Who is planned for a line's visits that lie ahead, or for the one of a day."""
        self.env.invalidate_all()
        visits = self.visits.search([("line_id", "=", line.id), ("start", ">", fields.Datetime.now())])
        visits = visits.filtered(lambda visit: day is None or visit.date == self._day(day))
        self.assertTrue(visits)
        people = {visit.planned_employee_id.id for visit in visits}
        self.assertEqual(len(people), 1, people)
        return self.env["hr.employee"].browse(filter(None, people))

    def _page(self, user=None):
        stays = self._as(user or self.north_manager, self.env["care.stay"])
        return stays.search([("to_hand_over", "=", True)])

    def _text(self):
        return self._page().hand_over_text or ""

    def _told(self):
        type_ = self.env.ref(HAND_OVER)
        return self.env["mail.activity"].search([("activity_type_id", "=", type_.id)]).user_id

    def _second(self):
        """A deputy, and the next whom the client wants."""
        deputy = self._contact_person(self.astrid, self.north, self.north_colleague, role="deputy")
        return deputy, self._choice(self.colleague, priority=2)

    def test_b1_the_last_day_was_yesterday_and_the_login_is_archived(self):
        self._second()
        self.member.date_to = self._day(0)
        self.assertEqual((self.contact.date_to, self.choice.state), (False, "accepted"))
        with freeze_time(self._day(1) + timedelta(hours=4)):
            self.north_staff.active = False
            self._night()
            self.assertEqual(self._planned(self.of_choice), self.colleague)
            self.assertEqual(self._planned(self.of_contact), self.colleague)
            self.assertFalse(self._planned(self.of_line))
            self.assertEqual((self.contact.date_to, self.contact.left_unit), (self._day(0), "open"))
            self.assertEqual(
                (self.choice.state, self.choice.date_to, self.choice.left_unit),
                ("ended", self._day(0), "open"),
            )
            self.assertEqual(self._told(), self.north_manager)
            self.assertEqual(self._page(), self.stay_astrid)
            for words in ("Contact person was", "had chosen", "The plan names", "Visits without anybody"):
                self.assertIn(words, self._text())
            before = self.env["mail.activity"].search_count([])
            self._night()
            self.assertEqual(self.env["mail.activity"].search_count([]), before, "once")

    def test_b1_the_last_day_lies_ahead(self):
        self._second()
        self.member.date_to = self._day(3)
        for line in (self.of_choice, self.of_contact):
            self.assertEqual(self._planned(line, 3), self.staff)
            self.assertEqual(self._planned(line, 4), self.colleague)
        self.assertEqual((self.contact.date_to, self.choice.state), (False, "accepted"))
        self.member.date_to = False
        self.assertEqual(self._planned(self.of_choice), self.staff)
        self.member.date_to = self._day(3)
        with freeze_time(self._day(4) + timedelta(hours=4)):
            self._night()
            self.assertEqual((self.contact.date_to, self.choice.date_to), (self._day(3), self._day(3)))

    def test_b1_whoever_leaves_at_once(self):
        leavings = {
            "login": lambda: self.north_staff.write({"active": False}),
            "employee": lambda: self.staff.write({"active": False}),
            "last day": lambda: self.member.write({"date_to": self._day(-1)}),
            "membership": lambda: self.member.unlink(),
        }
        for name, leave in leavings.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                leave()
                for line in (self.of_choice, self.of_contact, self.of_line):
                    self.assertFalse(self._planned(line), line.responsible)
                self.assertEqual((self.contact.left_unit, self.choice.left_unit), ("open", "open"))
                self.assertEqual(self._told(), self.north_manager)
                self.assertIn("works in the unit no more", self._text())
                savepoint.rollback()
                self.env.invalidate_all()

    def test_b1_whoever_keeps_employees_needs_no_role_in_care(self):
        officer = self._user("hr_officer", "hr.group_hr_manager")
        self._as(officer, self.staff).action_archive()
        self.assertEqual(self.contact.left_unit, "open")
        self.assertFalse(self._planned(self.of_choice))
        self.assertEqual(self.contact.write_uid, self.env.ref("base.user_root"))

    def test_b1_a_membership_that_waits_has_not_ended(self):
        """An administrator who sets a password makes it wait, and must not take contact persons away by that."""
        deputy, _second = self._second()
        self.member.with_user(self.care_admin).sudo()._suspend_by_hand()
        self.assertTrue(self.member.suspended)
        self.assertEqual(self._planned(self.of_choice), self.colleague)
        self.assertEqual(self._planned(self.of_contact), self.colleague)
        self.assertFalse(self._planned(self.of_line))
        self._night()
        self.assertEqual((self.contact.date_to, self.choice.state), (False, "accepted"))
        self.assertIn("waits to be confirmed", self._text())
        self.assertEqual(self._told(), self.north_manager)
        line = self._as(self.north_manager, self.of_contact)
        self.assertEqual(line.performer_today_id.id, self.colleague.id)
        self._as(self.north_manager, self.member).action_confirm()
        for line in (self.of_choice, self.of_contact, self.of_line):
            self.assertEqual(self._planned(line), self.staff)
        self.assertFalse(self._page())
        self.assertFalse(self._told())
        self.assertFalse(deputy.date_to)

    def test_b1_archived_by_mistake_and_back_the_same_day(self):
        """Visits that the plan gives the person by name come back; roles stay ended, and stand on the page."""
        self.north_staff.active = False
        self.north_staff.active = True
        self.member.action_confirm()
        self.assertEqual(self._planned(self.of_line), self.staff)
        self.assertFalse(self._planned(self.of_choice, 1))
        self.assertFalse(self._planned(self.of_contact, 1))
        self.assertIn("is a member again", self._text())
        self.assertNotIn("The plan names", self._text())
        self._night()
        self.assertEqual((self.contact.left_unit, self.choice.state), ("open", "ended"))
        self._as(self.north_manager, self.contact).write({"date_to": False})
        self.assertFalse(self.contact.left_unit, "whoever gives it another last day has decided")
        self.assertEqual(self._planned(self.of_contact), self.staff)
        self.assertNotIn("Contact person was", self._text())

    def test_b1_whoever_begins_later_comes_from_that_day_on(self):
        newcomer = self._user("newcomer", "social_care.group_care_staff")
        member = self._member(self.north, newcomer, start=5)
        choice = self._choice(self._employee(newcomer), state="wished", task_type=self.hygiene)
        choice.action_accept()
        self.assertEqual(self._planned(self.of_line, 4), self.staff, "the next, as for one on leave")
        self.assertEqual(self._planned(self.of_line, 5), self._employee(newcomer))
        self._night()
        self.assertEqual(choice.state, "accepted")
        member.date_from = self._day(2)
        self.assertEqual(self._planned(self.of_line, 2), self._employee(newcomer))

    def test_b1_what_is_held_in_another_unit_goes_on(self):
        self._stay(self.astrid, self.south, -5)
        self._member(self.south, self.north_staff)
        south = self._contact_person(self.astrid, self.south, self.north_staff)
        self.member.date_to = self._day(-1)
        self.assertTrue(self.contact.left_unit)
        self.assertEqual((south.left_unit, south.date_to), (False, False))
        self.assertFalse(self._page(self.south_manager))

    def test_b1_what_ended_before_is_left_as_it_was(self):
        self.contact.date_to = self._day(-5)
        self.choice.action_end()
        self.choice.date_to = self._day(-4)
        self.member.date_to = self._day(-7)
        self._night()
        self.assertEqual((self.contact.date_to, self.contact.left_unit), (self._day(-5), False))
        self.assertEqual((self.choice.date_to, self.choice.left_unit), (self._day(-4), False))

    def test_b1_a_person_without_a_login_works_while_a_member(self):
        employee = self.env["hr.employee"].create({"name": "Timvikarie", "company_id": self.company.id})
        values = {"unit_id": self.north.id, "employee_id": employee.id, "date_from": self._day(-1)}
        member = self.env["care.unit.member"].create(values)
        self._choice(employee, priority=1, task_type=self.hygiene)
        self.assertEqual(self._planned(self.of_line), employee)
        employee.active = False
        self.assertEqual(self._planned(self.of_line), self.staff)
        self.assertTrue(member.exists())

    def test_b1_nobody_who_has_left_is_offered_or_chosen(self):
        self.staff.active = False
        choice = self._choice(self.colleague, state="wished", task_type=self.hygiene)
        self.assertNotIn(self.staff, choice.member_ids)
        self.assertIn(self.colleague, choice.member_ids)
        change = self.env["care.contact.person.change"].new(
            {"client_id": self.astrid.id, "unit_id": self.north.id}
        )
        self.assertNotIn(self.staff, change.member_ids._origin)
        with self.assertRaises(ValidationError):
            self._choice(self.staff, state="wished", task_type=self.hygiene)

    def _reminder(self):
        """One that a colleague has planned for the member."""
        return self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("care.stay"),
                "res_id": self.stay_astrid.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "user_id": self.north_staff.id,
            }
        )

    def test_b1_what_was_planned_for_whoever_leaves_is_not_lost(self):
        reminder = self._reminder()
        self.member.date_to = self._day(-1)
        self.assertIn("Reminders of", self._text())
        self.assertIn("Reminders of", self._page(self.north_manager).hand_over_text)
        with self.assertRaises(AccessError):
            self._as(self.north_colleague, self.north_staff).action_archive()
        self.assertEqual(reminder.user_id, self.north_staff)
        self._as(self._user("sysadmin", "base.group_system"), self.north_staff).action_archive()
        self.assertEqual(reminder.user_id, self.north_manager)
        self.assertNotIn("Reminders of", self._text())

    def test_b1_reminders_find_the_next_in_charge(self):
        self._second()
        self.env["care.decision"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "legal_basis_id": self.env.ref("social_care.legal_basis_sol_11_1").id,
                "authority_id": self.env["res.partner"].create({"name": "Nämnden", "is_company": True}).id,
                "date_from": self._day(-100),
                "date_to": self._day(10),
            }
        )
        self._night()
        own = self.env["mail.activity"].search(
            [("res_model", "=", "care.stay"), ("res_id", "=", self.stay_astrid.id)]
        )
        self.assertEqual(own.user_id, self.north_staff)
        self.assertFalse(self._page())
        self.north_staff.active = False
        self._night()
        self.assertEqual(own.exists().user_id | self.stay_astrid.activity_ids.user_id, self.north_colleague)

    def test_b1_a_protected_person_whose_only_named_staff_has_left(self):
        self.astrid.protection_level = "registered"
        self.member.date_to = self._day(-1)
        page = self._page()
        self.assertEqual(page.listed_name, self.astrid.reference)
        self.assertIn("Nobody is named for this protected person", page.hand_over_text)
        self.assertNotIn("Ek", page.hand_over_text)
        self.assertFalse(self._page(self.north_colleague))
        self._contact_person(self.astrid, self.north, self.north_colleague, start=0, role="deputy")
        self.assertNotIn("Nobody is named", self._text())
        self.assertIn("Contact person was", self._text())

    def test_b1_the_page_empties_as_it_is_handed_over(self):
        self.member.date_to = self._day(-1)
        self.assertEqual(self._as(self.north_manager, self.north).to_hand_over, 1)
        contacts = self._as(self.north_manager, self.env["care.contact.person"])
        contacts._change(self.astrid, self.north, self.colleague, self._day(0))
        self.assertNotIn("Contact person was", self._text())
        self._as(self.north_manager, self.stay_astrid).action_handed_over()
        self.assertEqual((self.contact.left_unit, self.choice.left_unit), ("done", "done"))
        self.assertNotIn("had chosen", self._text())
        self.assertIn("The plan names", self._text(), "until its next version names somebody else")
        self.assertEqual(self._told(), self.north_manager)
        self._set_plan_state(self.plan, "ended")
        self._night()
        self.assertFalse(self._page())
        self.assertFalse(self._told())
        self.assertFalse(self._as(self.north_manager, self.north).to_hand_over)

    def test_b1_when_the_stay_has_ended_nothing_is_left(self):
        self.member.date_to = self._day(-1)
        self.assertTrue(self._page())
        self.stay_astrid.action_end(self._day(-1))
        self.assertFalse(self._page())
        self._night()
        self.assertFalse(self._told())

    def test_b1_who_sees_the_page_and_who_hands_over(self):
        self.member.date_to = self._day(-1)
        former = self._user("former", "social_care.group_care_manager")
        self._member(self.north, former, "manager", -100, -1)
        waiting = self._user("waiting", "social_care.group_care_manager")
        self._member(self.north, waiting, "manager").with_user(self.care_admin).sudo()._suspend_by_hand()
        locked = self._user("locked", "social_care.group_care_manager")
        self._member(self.north, locked, "manager")
        self._lockout(self.astrid, locked)
        titular = self._user("titular", "social_care.group_care_staff")
        self._member(self.north, titular, "manager")
        portal = self._user("astrids_own", "base.group_portal")
        abroad = self.env["res.company"].create({"name": "Omsorg Väst AB"})
        values = {"company_id": abroad.id, "company_ids": [Command.set(abroad.ids)]}
        stranger = self._user("stranger", "social_care.group_care_manager", **values)
        for user in (self.south_manager, former, waiting, locked, stranger):
            self.assertFalse(self._page(user), user.login)
            self.assertFalse(self._as(user, self.north).to_hand_over, user.login)
        for user in (
            *(self.south_manager, former, waiting, locked, stranger, titular),
            *(self.north_colleague, self.north_staff, self.oncall_staff, self.privacy_officer, portal),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._once_open(user, self.stay_astrid).action_handed_over()
        self.assertEqual(self.contact.left_unit, "open")

    def test_b1_nobody_writes_that_somebody_has_left(self):
        for record in (self.contact, self.choice):
            for value in ("open", "done"):
                with self.subTest(record=record, value=value), self.assertRaises(UserError):
                    self._as(self.north_manager, record).write({"left_unit": value})
            self.assertFalse(record.left_unit)

    def test_b1_as_many_queries_for_many_clients_and_visits(self):
        clients = [self._client("Klient", str(number)) for number in range(8)]
        for client in clients:
            self._stay(client, self.north, -30)
        costs = []
        for some in (clients[:1], clients[1:3], clients[3:]):
            user = self._user(f"leaver{len(some)}", "social_care.group_care_staff")
            member = self._member(self.north, user)
            for client in some:
                self._contact_person(client, self.north, user)
                self._choice(self._employee(user), client_id=client.id)
                plan = self._plan(client)
                self._line(plan, responsible="chosen")
                self._line(plan, responsible="contact_person")
                self._active(plan)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            member.date_to = self._day(-1)
            self.env.flush_all()
            leaving = self.cr.sql_log_count - before
            page = self._page()
            before = self.cr.sql_log_count
            page.mapped("hand_over_text")
            costs.append((leaving, self.cr.sql_log_count - before))
        self.assertEqual(costs[1], costs[2])

    def test_b1_the_night_goes_batch_by_batch(self):
        other = self._plan(self.bo, self.south)
        south = self._employee(self.south_staff)
        self._line(other, responsible="chosen", performer_id=south.id)
        self._active(other)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_unit_member SET date_to = %s, closes_at = now() - interval '1 day' WHERE employee_id IN %s",
            (self._day(-1), (south.id, self.staff.id)),
        )
        self.env.invalidate_all()
        batches = []
        correct = type(self.visits)._correct
        with (
            patch("odoo.addons.social_care.models.visits.care_visit_generation.PLANS_PER_BATCH", 1),
            patch.object(
                type(self.visits), "_correct", lambda visits, ids: batches.append(ids) or correct(visits, ids)
            ),
        ):
            self._night()
        self.assertIn([other.id], batches)
        self.assertTrue(all(len(ids) == 1 for ids in batches))
        self.assertFalse(
            self.visits.search(
                [("state", "=", "planned"), ("planned_employee_id", "in", (south | self.staff).ids)]
            )
        )
