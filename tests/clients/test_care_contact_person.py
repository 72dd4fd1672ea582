import itertools
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from ..common import CareCase
from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareContactPerson(VisitCase, TransactionCase):
    """A change of contact person: who asked, the closing conversation, the overlap, the history."""

    def setUp(self):
        super().setUp()
        self.former = self._contact_person(self.astrid, self.north, self.north_staff)

    def _change(self, **how):
        contacts = self._as(self.north_manager, self.env["care.contact.person"])
        return contacts._change(self.astrid, self.north, self.colleague, self._day(3), **how)

    def test_the_former_one_stays_as_deputy_during_the_overlap(self):
        new = self._change(asked_by="client", chosen_by="client", closing_date=self._day(2), overlap_days=14)
        self.assertEqual((self.former.date_to, self.former.asked_by), (self._day(2), "client"))
        self.assertFalse(self.former.reason, "nobody has to say why")
        deputy = self.env["care.contact.person"].search(
            [("client_id", "=", self.astrid.id), ("role", "=", "deputy")]
        )
        self.assertEqual(
            (deputy.employee_id, deputy.date_from, deputy.date_to), (self.staff, self._day(3), self._day(16))
        )
        self.assertEqual((new.sudo().previous_id, new.date_from), (self.former, self._day(3)))
        self.assertEqual(new.sudo().chosen_by, "client")

    def test_the_closing_conversation_is_one_reminder_that_its_outcome_closes(self):
        self._change(closing_date=self._day(2))
        activity = self.stay_astrid.activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (self.north_staff, self._day(2)))
        self.assertNotIn("Astrid", activity.summary or "")
        self._as(self.north_staff, self.former).action_closing_held()
        self.assertEqual(self.former.closing_outcome, "held")
        self.assertFalse(self.stay_astrid.activity_ids)
        with self.assertRaises(UserError):
            self._as(self.north_staff, self.former).action_closing_not_wanted()

    def test_the_wizard_asks_and_the_model_decides(self):
        action = self._as(self.north_manager, self.astrid).action_change_contact_person()
        wizard = Form(
            self._as(self.north_manager, self.env[action["res_model"]]).with_context(**action["context"])
        )
        self.assertEqual(wizard.former_id.id, self.former.id)
        wizard.employee_id = self.colleague
        wizard.date_from = self._day(1)
        wizard.save().action_change()
        now = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)], order="id")
        self.assertEqual(now.mapped("role"), ["primary", "deputy", "primary"])
        self.assertEqual(now[-1].employee_id, self.colleague)

    def test_the_first_contact_person_comes_after_nobody(self):
        contacts = self._as(self.south_manager, self.env["care.contact.person"])
        first = contacts._change(self.bo, self.south, self._employee(self.south_staff), self._day(0))
        self.assertFalse(first.previous_id)
        self.assertEqual(self._as(self.south_manager, self.bo).contact_person_id.id, first.id)

    def test_the_same_person_or_the_same_day_is_refused(self):
        contacts = self._as(self.north_manager, self.env["care.contact.person"])
        with self.assertRaises(UserError):
            contacts._change(self.astrid, self.north, self.staff, self._day(3))
        with self.assertRaises(UserError):
            contacts._change(self.astrid, self.north, self.colleague, self.former.date_from)

    def test_only_a_member_of_the_unit_in_that_time(self):
        with self.assertRaises(ValidationError):
            self._contact_person(self.astrid, self.north, self.south_staff, role="deputy")
        self.north.member_ids.filtered(
            lambda member: member.employee_id == self.colleague
        ).date_to = self._day(-5)
        with self.assertRaises(ValidationError):
            self._change()

    def test_the_deputy_stands_in_while_the_contact_person_is_away(self):
        self._contact_person(self.astrid, self.north, self.north_colleague, role="deputy")
        client = self._as(self.north_staff, self.astrid)
        self.assertFalse(client.deputy_id)
        self.assertFalse(client.contact_absent_until)
        line = self._line(self._plan(), responsible="contact_person")
        self.assertEqual(self._as(self.north_staff, line).performer_today_id.id, self.staff.id)
        now = fields.Datetime.now()
        self._away(self.staff, now - timedelta(hours=4), now + timedelta(days=3))
        client = self._as(self.north_staff, self.astrid)
        self.assertEqual(client.deputy_id.employee_id.id, self.colleague.id)
        self.assertTrue(client.contact_absent_until)
        self.assertEqual(self._as(self.north_staff, line).performer_today_id.id, self.colleague.id)

    def test_worked_time_elsewhere_is_no_absence(self):
        """A course is in Odoo's Time Off too, as worked time."""
        now = fields.Datetime.now()
        self._away(self.staff, now - timedelta(hours=4), now + timedelta(days=3)).time_type = "other"
        self.assertFalse(self._as(self.north_staff, self.astrid).contact_absent_until)

    def test_the_card_names_no_client(self):
        html = (
            self._as(self.north_staff, self.env["ir.actions.report"])
            ._render_qweb_html("social_care.care_contact_person_report", self.former.ids)[0]
            .decode()
        )
        self.assertIn(self.staff.name, html)
        for secret in ("Astrid", self.astrid.reference):
            self.assertNotIn(secret, html)
        self.former.date_to = self._day(-1)
        with self.assertRaises(UserError):
            self._as(self.north_staff, self.env["ir.actions.report"])._render_qweb_html(
                "social_care.care_contact_person_report", self.former.ids
            )


@tagged("post_install", "-at_install")
class TestCareContactPersonResponsible(CareCase, TransactionCase):
    """Whom to ask about a client in a unit now: contact person, else deputy, else the managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env["care.unit.member"]._today()  # just after midnight it is not the server's
        cases = ("", "former", "future", "left", "suspended", "archived", "gone")
        people = {(role, case): cls._person(role, case) for role in ("primary", "deputy") for case in cases}
        cls.places = [(cls.astrid, cls.north), (cls.bo, cls.south), (cls.bo, cls.relatives)]
        for number, pair in enumerate(itertools.product(cases, cases)):
            client = cls._client("Fall", str(number))
            cls.places.append((client, cls.north))
            for role, case in zip(("primary", "deputy"), pair, strict=True):
                start, end = {"former": (-9, cls._day(-1)), "future": (1, False)}.get(case, (-9, False))
                user = people[role, case]
                cls._contact_person(client, cls.north, user, start, role=role, date_to=end)
        for role, case in people:
            cls._spoil(people[role, case], case)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _person(cls, role, case):
        user = cls._user(f"{role} {case}", "social_care.group_care_staff")
        cls._member(cls.north, user)
        return user

    @classmethod
    def _spoil(cls, user, case):
        member = cls.north.member_ids.filtered(lambda member: member.user_id == user)
        if case == "left":
            member.date_to = cls._day(-1)
        elif case == "suspended":
            member._suspend_by_hand()
        elif case == "archived":
            user.active = False
        elif case == "gone":
            member.employee_id.active = False

    def _by_record(self, client, unit):
        """As somebody would who reads the records one by one."""
        users = self.env["res.users"]
        here = client.contact_person_ids.filtered(
            lambda contact: (
                contact.unit_id == unit
                and contact.date_from <= self.today
                and (not contact.date_to or contact.date_to >= self.today)
            )
        )
        for role in ("primary", "deputy"):
            for contact in here.filtered(lambda contact, role=role: contact.role == role):
                user, employee = contact.user_id, contact.employee_id
                members = unit.member_ids.filtered(lambda member, who=employee: member.employee_id == who)
                if (
                    user.active
                    and employee.active
                    and any(member._is_now() and not member.suspended for member in members)
                ):
                    users |= user
        return users | unit._managers_now()[unit]

    def test_sql_and_records_agree(self):
        found = self.env["care.contact.person"]._responsible_now(self.places)
        for client, unit in self.places:
            with self.subTest(client=client.name):
                self.assertEqual(found[client, unit].ids, self._by_record(client, unit).ids)
        first = {users[:1].login for users in found.values()}
        self.assertIn("primary ", first)
        self.assertIn("deputy ", first, "the contact person's time is over")
        self.assertIn("north_manager", first, "both have left, say")
        self.assertFalse(found[self.bo, self.relatives])

    def test_one_query_for_all(self):
        contacts = self.env["care.contact.person"]
        contacts._responsible_now(self.places)
        with self.assertQueryCount(1):
            contacts._responsible_now(self.places)
        self.assertFalse(contacts._responsible_now([]))
