from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareClientJournal(JournalCase, TransactionCase):
    """Write, read and print a journal from the client's own page."""

    def _write(self, user, client=None):
        return self._as(user, client or self.astrid).action_write_note()

    def _draft_of(self, action):
        self.assertEqual(action["res_model"], "care.journal.entry")
        return self.entries.browse(action["res_id"])

    def test_who_stays_in_one_unit_gets_a_note_at_once(self):
        draft = self._draft_of(self._write(self.north_staff))
        self.assertEqual(
            (draft.client_id, draft.unit_id, draft.author_id, draft.state),
            (self.astrid, self.north, self.north_staff, "draft"),
        )

    def test_of_two_units_of_mine_it_is_asked_which(self):
        self._member(self.south, self.north_staff)
        south = self._stay(self.astrid, self.south, -5)
        action = self._write(self.north_staff)
        self.assertEqual(action["res_model"], "care.stay")
        stays = self._as(self.north_staff, self.env["care.stay"]).search(action["domain"])
        self.assertEqual(set(stays.ids), {self.stay_astrid.id, south.id})
        self.assertFalse(self.entries.search([("client_id", "=", self.astrid.id)]), "nothing is written yet")
        for stay, unit in ((self.stay_astrid, self.north), (south, self.south)):
            draft = self._draft_of(self._as(self.north_staff, stay).action_write_note())
            self.assertEqual(draft.unit_id, unit)

    def test_another_units_stay_is_neither_asked_about_nor_told(self):
        self._stay(self.astrid, self.south, -5)
        self.assertEqual(self._draft_of(self._write(self.north_staff)).unit_id, self.north)
        self.assertEqual(self._draft_of(self._write(self.south_staff)).unit_id, self.south)

    def test_a_stay_that_has_ended_is_no_choice(self):
        self._member(self.south, self.north_staff)
        self._stay(self.astrid, self.south, -20, -1)
        self.assertEqual(self._draft_of(self._write(self.north_staff)).unit_id, self.north)

    def test_the_last_stay_and_then_the_intake(self):
        """A note can be finished some days after the stay has ended; a client at intake has none yet."""
        self.stay_astrid.date_to = self._day(-1)
        self.assertEqual(self._draft_of(self._write(self.north_staff)).unit_id, self.north)
        self.assertEqual(self._draft_of(self._write(self.north_manager, self.cilla)).unit_id, self.north)

    def test_a_client_of_no_unit_of_mine(self):
        with self.assertRaises(AccessError):
            self._once_open(self.north_staff, self.bo).action_write_note()
        outsider = self._client("Utan", "Enhet")
        with self.assertRaises(UserError):
            outsider.action_write_note()

    def test_tapping_twice_makes_no_second_note(self):
        draft = self._draft_of(self._write(self.north_staff))
        self.assertEqual(self._draft_of(self._write(self.north_staff)), draft)
        self.assertNotEqual(self._draft_of(self._write(self.north_colleague)), draft, "another's is not mine")
        self._as(self.north_staff, draft).write({"body": "Nu står det något"})
        self.assertNotEqual(self._draft_of(self._write(self.north_staff)), draft)

    def test_an_empty_draft_that_is_used_again_is_about_what_was_tapped_now(self):
        draft = self._draft_of(self._write(self.north_staff))
        self._as(self.north_staff, draft).write({"event_at": self._ago(hours=5)})
        again = self._draft_of(self._write(self.north_staff))
        self.assertEqual(again, draft)
        self.assertGreater(again.event_at, self._ago(minutes=5))

    def test_timeline_print_and_verify_are_for_whoever_reads_the_file(self):
        self._signed()
        for user in (self.south_staff, self.south_manager, self.privacy_officer, self.care_admin):
            for verb in ("action_open_timeline", "action_print_journal", "action_verify_journal"):
                with self.assertRaises(AccessError):
                    getattr(self._once_open(user, self.astrid), verb)()
        action = self._as(self.north_staff, self.astrid).action_print_journal()
        self.assertEqual(
            (action["context"]["default_client_id"], action["context"]["default_unit_id"]),
            (self.astrid.id, self.north.id),
        )
        action = self._as(self.north_staff, self.astrid).action_open_timeline()
        self.assertIn(self.astrid.reference, action["display_name"])
        self.assertNotIn(self.astrid.name, str(action))
