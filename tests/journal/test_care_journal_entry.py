from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common_journal import JournalCase
from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareJournalEntry(JournalCase, TransactionCase):
    """A note: written, signed, amended, struck, objected to."""

    def test_h_found_by_the_number_as_one_writes_it(self):
        entry = self._signed()
        mine = self._as(self.north_staff, self.entries)
        for operator, text in (
            ("ilike", entry.reference),
            ("ilike", str(entry.id)),
            ("=", entry.reference.lower()),
        ):
            with self.subTest(operator=operator, text=text):
                self.assertEqual(mine.search([("reference", operator, text)]).ids, entry.ids)
        for text in ("J", "J99999999999999", "mjölk"):
            self.assertFalse(mine.search([("reference", "ilike", text)]))

    def test_signing_fixes_author_and_title_as_they_are_then(self):
        entry = self._signed()
        self.assertEqual(entry.state, "signed")
        self.assertEqual((entry.author_name, entry.author_title), (self.north_staff.name, "Stödassistent"))
        name = self.north_staff.name
        self.north_staff.name = "Ett annat namn"
        self._employee(self.north_staff).job_title = "Chef"
        self.env.invalidate_all()
        self.assertEqual((entry.author_name, entry.author_title), (name, "Stödassistent"))
        self.assertEqual(entry.signature_line, f"{name}, Stödassistent")

    def test_nobody_signs_for_another(self):
        draft = self._draft()
        for user in (self.north_colleague, self.north_manager):
            with self.assertRaises(AccessError):
                self._as(user, draft).action_sign()
        with self.assertRaises(AccessError):
            draft.sudo().action_sign()
        self.assertEqual(draft.state, "draft")

    def test_an_empty_note_is_not_signed(self):
        for body in (False, "", "  \n "):
            draft = self._draft(body=body)
            with self.assertRaises(UserError):
                self._as(self.north_staff, draft).action_sign()

    def test_times_and_names_are_the_servers(self):
        """Not even by a context that proposes defaults."""
        for name, value in [
            ("state", "signed"),
            ("author_id", self.north_manager.id),
            ("author_name", "Någon"),
            ("author_title", "Chef"),
            ("entered_at", "2020-01-01 00:00:00"),
            ("signed_at", "2020-01-01 00:00:00"),
            ("is_auto_signed", True),
            ("is_late", True),
            ("about", "Mål"),
            ("strike_reason", "x"),
            ("struck_by_name", "Någon"),
        ]:
            with self.subTest(name=name):
                with self.assertRaises(UserError):
                    self._draft(**{name: value})
                with self.assertRaises(UserError):
                    self._as(self.north_staff, self._draft()).write({name: value})
                if name == "is_late":
                    continue
                entries = self._as(self.north_staff, self.entries).with_context(**{f"default_{name}": value})
                entry = entries.create({"client_id": self.astrid.id, "unit_id": self.north.id})
                stored = entry[name].id if name == "author_id" else entry[name]
                self.assertNotEqual(stored, fields.Datetime.to_datetime(value) if "_at" in name else value)
        old = self._signed()
        entries = self._as(self.north_staff, self.entries).with_context(default_replaces_id=old.id)
        entry = entries.create({"client_id": self.astrid.id, "unit_id": self.north.id})
        self.assertFalse(entry.replaces_id)

    def test_written_is_when_the_text_was_last_written(self):
        self.stay_astrid.date_from = "2026-01-01"
        with freeze_time("2026-05-04 10:00:00"):
            draft = self._draft(body=False)
        with freeze_time("2026-05-06 10:00:00"):
            self._as(self.north_staff, draft).write({"present": "Bilal"})
            self.assertEqual(draft.entered_at, datetime(2026, 5, 4, 10))
            self._as(self.north_staff, draft).write({"body": "Två dagar senare"})
            self.assertEqual(draft.entered_at, datetime(2026, 5, 6, 10))
            self.assertTrue(draft.is_late, "an empty draft made in time does not count")

    def test_late_by_the_hours_that_have_passed(self):
        """The night of the clock change has 23 or 25 hours: the limit is in hours."""
        self.stay_astrid.date_from = "2026-01-01"
        for day, event_at, entered_at, is_late in [
            ("forward", "2026-03-28 12:00:00", "2026-03-29 11:59:00", False),  # 12:59 on the wall both times
            ("forward", "2026-03-28 12:00:00", "2026-03-29 12:01:00", True),
            ("back", "2026-10-24 12:00:00", "2026-10-25 12:00:00", False),
            ("back", "2026-10-24 12:00:00", "2026-10-25 12:00:01", True),
        ]:
            with self.subTest(day=day, entered_at=entered_at), freeze_time(entered_at):
                self.assertEqual(self._draft(event_at=event_at).is_late, is_late)

    def test_the_limit_is_the_companys_and_of_its_time(self):
        entry = self._signed(event_at=self._ago(hours=30))
        self.assertTrue(entry.is_late)
        self.set_rule("journal_late", 72)
        self.env.invalidate_all()
        self.assertTrue(entry.is_late, "a new limit does not rewrite what was signed")
        self.assertFalse(self._draft(event_at=self._ago(hours=30)).is_late)

    def test_nothing_is_written_about_the_future(self):
        with self.assertRaises(ValidationError):
            self._draft(event_at=self._ago(hours=-1))

    def test_no_illegal_edge(self):
        makers = {
            "draft": self._draft,
            "signed": self._signed,
            "amended": lambda: self._amended()[0],
            "struck": self._struck,
        }
        for state in makers:
            for target in makers.keys() - self.env["care.journal.entry"]._transitions.get(state, set()):
                with self.subTest(state=state, target=target), self.assertRaises(UserError):
                    makers[state]().sudo()._transition(target)

    def test_amending_replaces_and_keeps(self):
        old, new = self._amended()
        self.assertEqual((old.state, new.state), ("amended", "signed"))
        self.assertEqual((new.replaces_id, old.replaced_by_id), (old, new))
        self.assertEqual(old.body, "Vi gick till affären.")
        self.assertTrue(self._as(self.north_colleague, old).read(["body"]))
        with self.assertRaises(UserError):
            self._as(self.north_staff, old).action_amend()
        with self.assertRaises(UserError):
            self._as(self.north_staff, old).action_strike("x")

    def test_amending_needs_a_reason_and_the_right_person(self):
        old = self._signed()
        with self.assertRaises(AccessError):
            self._as(self.north_colleague, old).action_amend()
        new = self._as(self.north_staff, old)._amend()
        self.assertEqual(
            self._as(self.north_staff, old)._amend().id, new.id, "one's own draft is not made twice"
        )
        with self.assertRaises(UserError):
            new.action_sign()
        self.assertEqual(old.state, "signed")
        managed = self._signed(self.north_colleague)
        by_manager = self._as(self.north_manager, managed)._amend()
        by_manager.write({"amend_reason": "Författaren har slutat", "body": "Rätt"})
        by_manager.action_sign()
        self.assertEqual((managed.state, by_manager.author_id), ("amended", self.north_manager))

    def test_striking_keeps_with_reason_and_name(self):
        entry = self._signed()
        with self.assertRaises(UserError):
            self._as(self.north_staff, entry).action_strike("  ")
        with self.assertRaises(AccessError):
            self._as(self.north_colleague, entry).action_strike("x")
        self._as(self.north_manager, entry).action_strike("Gäller en annan klient")
        self.assertEqual((entry.state, entry.struck_by_id), ("struck", self.north_manager))
        self.assertEqual(entry.strike_reason, "Gäller en annan klient")
        self.assertTrue(self._as(self.north_colleague, entry).read(["body", "strike_reason"]))

    def test_an_objection_follows_the_note_that_replaces(self):
        old = self._signed()
        self._objection(old, self.north_colleague)
        new = self._as(self.north_staff, old)._amend()
        new.write({"body": "Nytt", "amend_reason": "Klienten invände"})
        new.action_sign()
        self._objection(new, body="Fortfarande fel")
        self.env.invalidate_all()
        self.assertIn("Så var det inte.", new.objections_text)
        self.assertIn("Fortfarande fel", new.objections_text)
        self.assertIn("north_colleague", new.objections_text)
        self.assertNotIn("Fortfarande fel", old.objections_text)

    def test_an_objection_is_fixed_at_once_and_never_on_a_draft(self):
        draft = self._draft()
        with self.assertRaisesRegex(UserError, "Sign the note first"):
            self._objection(draft)
        theirs = self._once_open(self.north_colleague, draft)
        with self.assertRaises(AccessError):
            theirs.env["care.journal.objection"].create({"entry_id": draft.id, "body": "x"})
        objection = self._objection(self._signed())
        self.assertEqual(objection.noted_by_id, self.north_staff)
        for user in (self.north_staff, self.north_manager):
            with self.assertRaises(UserError):
                self._as(user, objection).write({"body": "x"})
            with self.assertRaises(UserError):
                self._as(user, objection).unlink()
        for vals in ({"noted_by_name": "x"}, {"noted_at": "2020-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                self._objection(self._signed(), **vals)

    def test_throwing_away_is_for_ones_own_draft(self):
        draft, signed = self._draft(), self._signed()
        with self.assertRaises(AccessError):
            self._as(self.north_colleague, draft).action_discard()
        with self.assertRaises(UserError):
            self._as(self.north_staff, signed).action_discard()
        self._as(self.north_staff, draft).action_discard()
        self.assertFalse(draft.exists())

    def test_two_windows_do_not_overwrite_each_other(self):
        draft = self._as(self.north_staff, self._draft(body="ett"))
        draft = draft.with_context(care_seen={"body": "ett"})
        draft.web_save({"body": "ett två"}, {})
        with self.assertRaisesRegex(UserError, "in another window"):
            draft.web_save({"body": "ett tre"}, {})
        self.assertEqual(draft.body, "ett två")

    def test_references_find_notes(self):
        entry = self._signed()
        self.assertEqual(self.entries.search([("reference", "=", entry.reference)]), entry)
        self.assertFalse(self.entries.search([("reference", "=", "J0")]))

    def test_a_phrase_is_put_in_with_one_tap(self):
        phrase = self.env["care.journal.phrase"].create(
            {"name": "Mådde bra", "body": "Klienten mådde bra.", "unit_id": self.north.id}
        )
        draft = self._as(self.north_staff, self._draft(body="Promenad."))
        draft.phrase_id = phrase
        draft._onchange_phrase_id()
        self.assertEqual(draft.body, "Promenad.\nKlienten mådde bra.")
        self.assertFalse(draft.phrase_id)

    def test_phrases_are_the_units_and_the_managers(self):
        phrases = self.env["care.journal.phrase"]
        north = self._as(self.north_manager, phrases).create(
            {"name": "N", "body": "Norr", "unit_id": self.north.id}
        )
        self.assertEqual(self._as(self.north_staff, phrases).search([]), north)
        self.assertFalse(self._as(self.south_manager, phrases).search([]))
        with self.assertRaises(AccessError):
            self._as(self.north_staff, north).write({"body": "x"})
        with self.assertRaises(AccessError):
            self._as(self.south_manager, phrases).create({"name": "N", "body": "x", "unit_id": self.north.id})


@tagged("post_install", "-at_install")
class TestCareJournalFromVisit(VisitCase, TransactionCase):
    def test_a_note_from_a_visit_knows_what_it_is_about(self):
        plan = self._plan()
        goal = self.env["care.plan.goal"].create({"plan_id": plan.id, "name": "Handla själv"})
        self._line(plan, name="Samtal", goal_id=goal.id)
        visit = self._visit(self._active(plan))
        action = self._as(self.north_staff, visit).action_write_note()
        entry = self.env["care.journal.entry"].browse(action["res_id"])
        self.assertEqual((entry.client_id, entry.unit_id), (self.astrid, self.north))
        self.assertEqual((entry.line_id, entry.goal_id), (plan.line_ids, goal))
        self.assertLessEqual(entry.event_at, fields.Datetime.now())
        again = self._as(self.north_staff, visit).action_write_note()
        self.assertEqual(again["res_id"], entry.id, "an empty draft is used again")
        self._as(self.north_staff, entry).write({"body": "Det gick bra"})
        self._as(self.north_staff, entry).action_sign()
        self.assertEqual(entry.about, "Samtal")
        for user in (self.south_staff, self.oncall_staff, self.privacy_officer):
            with self.assertRaises(AccessError):
                self._as(user, visit).action_write_note()

    def test_a_goal_of_another_file_is_refused(self):
        plan = self._plan(self.bo, self.south)
        goal = self.env["care.plan.goal"].create({"plan_id": plan.id, "name": "Hemligt mål"})
        entries = self._as(self.north_staff, self.env["care.journal.entry"])
        with self.assertRaises(UserError):
            entries.create({"client_id": self.astrid.id, "unit_id": self.north.id, "goal_id": goal.id})
