from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_relative import RelativeCase


@tagged("post_install", "-at_install")
class TestSupportGroup(RelativeCase, TransactionCase):
    """Places, waiting list, attendance and invitations, by mode."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relatives.write({"invitation_sender": "Maria på Storgatan 14", "phone": "010-174 14 00"})
        cls.group = cls._group(cls.relatives)
        cls.session = cls.env["care.support.session"].create(
            {
                "group_id": cls.group.id,
                "date_start": fields.Datetime.now() + timedelta(days=7),
                "place": "Storgatan 14",
            }
        )

    @classmethod
    def _group(cls, unit, **values):
        return cls.env["care.support.group"].create(
            {"unit_id": unit.id, "name": "Partner till någon med demens", "places": 2, **values}
        )

    def _person(self, name="Gun Ek", group=None, **values):
        return self._supporter("care.support.participant").create(
            {"group_id": (group or self.group).id, "name": name, **values}
        )

    def test_places_are_given_while_there_are_any(self):
        people = [self._person(name) for name in ("Gun Ek", "Åke Sund", "Eva Ström")]
        self.assertEqual([person.number for person in people], [1, 2, 3])
        people[0].action_give_place()
        people[1].action_give_place()
        self.env.invalidate_all()
        self.assertEqual((self.group.taken, self.group.waiting, self.group.free), (2, 1, 0))
        with self.assertRaises(UserError):
            people[2].action_give_place()
        with self.assertRaisesRegex(UserError, "The group has no free place"):
            self._as(self.supporter, self.group).action_next_in_line()
        people[0].action_leave()
        self._as(self.supporter, self.group).action_next_in_line()
        self.assertEqual(people[2].state, "invited")

    def test_more_places_than_heads_cannot_be_taken_away(self):
        for name in ("Gun Ek", "Åke Sund"):
            self._person(name).action_give_place()
        with self.assertRaises(UserError):
            self._as(self.supporter, self.group).write({"places": 1})

    def test_attendance_is_who_came_or_how_many(self):
        person = self._person()
        person.action_give_place()
        session = self._as(self.supporter, self.session)
        session.action_all_came()
        self.assertEqual((session.head_count, session.present_ids.id), (1, person.id))
        anonymous = self._group(self.line, booked_heads=2, waiting_heads=3)
        meeting = self._supporter("care.support.session").create({"group_id": anonymous.id, "head_count": 7})
        self.assertEqual((meeting.head_count, meeting.number, meeting.mode), (7, 1, "none"))
        self.assertEqual((anonymous.taken, anonymous.waiting, anonymous.free), (2, 3, 0))
        stranger = self._person("Bo", self._group(self.relatives))
        with self.assertRaises(UserError):
            session.present_ids |= stranger

    def test_a_group_moves_by_its_verbs(self):
        group = self._as(self.supporter, self.group)
        with self.assertRaisesRegex(UserError, "is set by the buttons alone"):
            group.write({"state": "open"})
        group.action_start()
        group.action_end()
        for verb in ("action_start", "action_end"):
            with self.assertRaises(UserError):
                getattr(group, verb)()
        for user in (self.north_manager, self.other_supporter):
            for verb in ("action_start", "action_end", "action_invite", "action_next_in_line"):
                with self.assertRaises(AccessError):
                    getattr(self._once_open(user, group), verb)()

    def test_a_participant_s_place_is_not_written_but_given(self):
        person = self._person()
        for values in ({"state": "joined"}, {"number": 9}, {"invited_on": self.today}):
            with self.assertRaisesRegex(UserError, "is set by the buttons alone"):
                person.write(values)
        with self.assertRaises(AccessError):
            self._once_open(self.other_supporter, person).action_give_place()

    def test_the_letter_and_the_list(self):
        person = self._person(street="Ekvägen 1", zip="241 30", city="Ekeby")
        person.action_give_place()
        html = self._html("care_support_letter_report", self.group)
        self.assertIn("Gun Ek", html)
        for word in ("demens", "nhörigstöd", "Anhörig"):
            self.assertNotIn(word, html)
        self.assertIn("Gun", self._html("care_support_list_report", self.group))
        self.assertNotIn("Gun Ek", self._html("care_support_list_report", self.group), "first names only")
        anonymous = self._group(self.line, booked_heads=2)
        self.assertNotIn("Gun", self._html("care_support_list_report", anonymous))
        cards = self._group(self.cards)
        self._supporter("care.support.participant").create(
            {"group_id": cards.id, "alias": "K-77"}
        ).action_give_place()
        self.assertIn("K-77", self._html("care_support_list_report", cards))

    def test_nobody_else_prints(self):
        self._person().action_give_place()
        for name in ("care_support_letter_report", "care_support_list_report"):
            for user in self.outsiders:
                with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                    self._html(name, self.group, user)

    def _html(self, name, record, user=None):
        reports = self._as(user or self.supporter, self.env["ir.actions.report"])
        return reports._render_qweb_html(f"social_care.{name}", record.ids)[0].decode()

    def test_the_meeting_s_day_is_the_company_s(self):
        late = self.env["care.support.session"].create(
            {"group_id": self.group.id, "date_start": datetime(2026, 6, 30, 22, 30)}
        )
        self.assertEqual(str(late.date), "2026-07-01")
        self.assertEqual(late.date_end, datetime(2026, 7, 1, 0, 0))

    def test_the_calendar_shows_the_group_and_no_person(self):
        self.assertEqual(self.session.display_name, "Partner till någon med demens 1")
        self.assertFalse("calendar.event" in self.env and self.env["calendar.event"].search([]))
