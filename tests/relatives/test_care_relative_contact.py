from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_relative import RelativeCase


def _pass(*args, **kwargs):
    """A guard that forgets."""


@tagged("post_install", "-at_install")
class TestRelativeContact(RelativeCase, TransactionCase):
    """What a contact, and the modes, let be stored."""

    def _contact(self, unit, **values):
        return self.env["care.relative.contact"].create({"unit_id": unit.id, **values})

    def _case(self, **values):
        return self.env["care.relative.case"].create(
            {"unit_id": self.relatives.id, "name": "Gun Ek", **values}
        )

    def assertRefused(self, make):
        """Refused twice: by the app, whose log then holds no name, and by the database if the app forgot."""
        with self.assertRaises(UserError), self.assertNoLogs("odoo.sql_db"):
            make()
        forgetful = patch.multiple(
            "odoo.addons.social_care.models.relatives.care_neutral.CareNeutral",
            _refuse_what_mode_keeps_out=_pass,
        )
        text = (
            "odoo.addons.social_care.models.relatives.care_relative_contact.CareRelativeContact._refuse_text"
        )
        quietly = mute_logger("odoo.sql_db")
        refused = self.assertRaises(IntegrityError)
        with forgetful, patch(text, _pass), quietly, refused, self.cr.savepoint():
            make()
            self.env.flush_all()

    def test_an_anonymous_call_is_noted_with_defaults_and_three_choices(self):
        with Form(
            self._supporter("care.relative.contact").with_context(default_unit_id=self.line.id)
        ) as form:
            form.relation = "partner"
            form.need_code = "respite"
            form.minutes_choice = "30"
        contact = form.record
        self.assertEqual((contact.mode, contact.minutes, contact.date), ("none", 30, self.today))

    def test_the_form_knows_the_unit_s_mode_before_it_is_saved(self):
        """Else it would offer a case where none can be, and not say that no name is kept."""
        with Form(
            self._supporter("care.relative.contact").with_context(default_unit_id=self.line.id)
        ) as form:
            self.assertEqual(form.mode, "none")
            self.assertTrue(form._get_modifier("case_id", "invisible"))
            form.unit_id = self.relatives
            self.assertEqual(form.mode, "named")
            self.assertFalse(form._get_modifier("case_id", "invisible"))
            form.unit_id = self.line
        self.assertEqual(form.record.mode, "none")

    def test_a_row_without_a_case_has_no_place_for_a_name(self):
        """Every text column of the table, in each mode, without a case."""
        texts = {
            name
            for name, field in self.env["care.relative.contact"]._fields.items()
            if field.store and field.type in ("char", "text", "html", "json", "binary", "properties")
        }
        self.assertEqual(texts, {"alias", "note"}, "a new text field needs a CHECK and a line here")
        for unit, allowed in ((self.line, set()), (self.cards, {"alias"}), (self.relatives, set())):
            for name in texts - allowed:
                self.assertRefused(lambda u=unit, n=name: self._contact(u, **{n: "Gun Ek"}))
            for name in allowed:
                self.assertEqual(self._contact(unit, **{name: "K-7"})[name], "K-7")

    def test_a_unit_without_names_has_no_cases_notes_or_participants(self):
        self.assertRefused(lambda: self._case(unit_id=self.line.id))
        group = self.env["care.support.group"].create({"unit_id": self.line.id, "name": "Onsdagar"})
        people = self.env["care.support.participant"]
        self.assertRefused(lambda: people.create({"group_id": group.id, "name": "Gun"}))
        self.assertRefused(lambda: people.create({"group_id": group.id, "alias": "7"}))

    def test_a_pseudonym_is_an_alias_and_nothing_else(self):
        for name in ("name", "phone", "email"):
            self.assertRefused(
                lambda n=name: self._case(
                    **{"unit_id": self.cards.id, "name": False, "alias": "K-1", n: "Gun"}
                )
            )
        form = Form(self._supporter("care.relative.case").with_context(default_unit_id=self.cards.id))
        self.assertTrue(form.alias.startswith("K-"))
        self.assertEqual(form.save().mode, "pseudonym")

    def test_nobody_is_no_case_and_no_participant(self):
        with self.assertRaisesRegex(UserError, "a card number that the relative holds"):
            self._supporter("care.relative.case").create({"unit_id": self.relatives.id})
        group = self.env["care.support.group"].create({"unit_id": self.relatives.id, "name": "Onsdagar"})
        with self.assertRaisesRegex(UserError, "a card number that the person holds"):
            self._supporter("care.support.participant").create({"group_id": group.id})

    def test_a_note_needs_a_case_of_the_same_unit(self):
        case = self._case()
        contact = self._contact(self.relatives, case_id=case.id, note="Sov bättre")
        self.assertEqual(contact.note, "Sov bättre")
        self.assertEqual(
            self._contact(self.line, case_id=case.id).unit_id, self.relatives, "the case decides"
        )
        other = self._case(unit_id=self.other_relatives.id)
        with self.assertRaises(UserError):
            contact.case_id = other

    def test_rows_stay_with_their_unit_and_mode(self):
        contact = self._contact(self.relatives)
        with self.assertRaises(UserError):
            contact.unit_id = self.line
        with self.assertRaisesRegex(UserError, "Documentation is set by the buttons alone"):
            contact.write({"mode": "none"})

    def test_the_display_name_is_no_name(self):
        case = self._case()
        self.assertEqual(case.display_name, case.reference)
        self.assertNotIn("Gun", self._contact(self.relatives, case_id=case.id).display_name)

    def test_a_case_is_closed_and_opened_by_its_verbs(self):
        case = self._as(self.supporter, self._case())
        with self.assertRaisesRegex(UserError, "is set by the buttons alone"):
            case.write({"state": "closed"})
        case.action_close("better")
        self.assertEqual((case.state, case.outcome, case.date_closed), ("closed", "better", self.today))
        with self.assertRaises(UserError):
            case.write({"phone": "070"})
        with self.assertRaises(UserError):
            case.action_close("better")
        case.action_reopen()
        self.assertEqual((case.state, case.date_closed), ("open", False))
        for user in (self.north_manager, self.other_supporter):
            with self.assertRaises(AccessError):
                self._as(user, case).action_close("better")
            with self.assertRaises(AccessError):
                self._once_open(user, case).write({"state": "closed"})

    def test_a_signed_note_is_frozen_and_corrected_by_another(self):
        case = self._case()
        note = self._supporter("care.relative.note").create({"case_id": case.id, "body": "Orolig för sonen"})
        note.action_sign()
        for act in (lambda: note.write({"body": "Nej"}), note.unlink, note.action_sign):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(AccessError):
            self._once_open(self.other_supporter, note).write({"signed_at": False})
        action = note.action_correct()
        correction = self._supporter("care.relative.note").with_context(**action["context"]).create({})
        self.assertEqual(correction.replaces_id.id, note.id)
        self.assertEqual(note.body, "Orolig för sonen")

    def test_nobody_signs_or_writes_in_another_s_name(self):
        vals = {"case_id": self._case().id, "body": "x"}
        with self.assertRaises(UserError):
            self._supporter("care.relative.note").create({**vals, "author_id": self.north_staff.id})
        note = self._supporter("care.relative.note").create(vals)
        self.assertEqual(note.author_id, self.supporter)
        colleague = self._user("colleague", "social_care.group_relative_support")
        self._member(self.relatives, colleague)
        for act in (lambda n: n.action_sign(), lambda n: n.write({"body": "y"})):
            with self.assertRaises(UserError):
                act(self._as(colleague, note))

    def test_a_follow_up_moves_the_case_s_date(self):
        case = self._case()
        self._supporter("care.relative.followup").create(
            {"case_id": case.id, "burden": 6, "helped": "partly", "next_date": self._day(30)}
        )
        self.assertEqual(case.review_date, self._day(30))
        case.review_date = self._day(0)
        self.assertIn(case, self.env["care.relative.case"].search([("review_due", "=", True)]))
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.env["care.relative.followup"].create({"case_id": case.id, "burden": 11})

    def test_without_a_decision_the_app_says_that_contacts_must_be_documented(self):
        contact = self._contact(self.line)
        self.assertTrue(contact.mode_unsupported)
        decision = self.env["care.mode.decision"].create(
            {
                "unit_id": self.line.id,
                "number": "SN 2026/118 § 24",
                "date": self._day(-40),
                "mode": "none",
                "date_from": self._day(-30),
                "date_to": self._day(30),
            }
        )
        self.env.invalidate_all()
        self.assertFalse(contact.mode_unsupported)
        self.assertEqual(self.line.mode_decision_id, decision)
        decision.date_to = self._day(-1)
        self.env.invalidate_all()
        self.assertTrue(self.line.mode_unsupported)
        self.assertFalse(self.relatives.mode_unsupported)

    def test_lists_cost_the_same_whatever_their_length(self):
        """The list, the month's statistic and registering one: queries do not grow with the rows."""
        contacts = self._supporter("care.relative.contact")
        costs = []
        for number in (2, 2, 60):
            contacts.create([{"unit_id": self.line.id} for _i in range(number)])
            costs.append([self._queries(self._list), self._queries(self._month), self._queries(self._one)])
        self.assertEqual(costs[1], costs[2], "the first round warms Odoo's own caches")
        self.assertLessEqual(max(costs[2]), 12, costs)

    def _queries(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _list(self):
        specification = {name: {} for name in ("date", "form", "minutes", "relation", "need_code")}
        specification["unit_id"] = {"fields": {"display_name": {}}}
        self._supporter("care.relative.contact").web_search_read([], specification, limit=80)

    def _month(self):
        self._supporter("care.relative.contact").formatted_read_group(
            [("date", ">=", "=1d")], ["date:month", "form"], ["__count", "minutes:sum"]
        )

    def _one(self):
        self._supporter("care.relative.contact").create({"unit_id": self.line.id, "form": "call"})
