from odoo.tests import TransactionCase, tagged

from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareJournalShown(JournalCase, TransactionCase):
    """What a reader is told of a note beside its text, on every screen and print."""

    def _remarks(self, entry, user=None):
        return self._as(user or self.north_colleague, entry).with_context(lang="en_US").remarks

    def test_a_plain_note_has_no_remark(self):
        entry = self._signed()
        self.assertFalse(self._remarks(entry))
        self.assertEqual(entry.signature_line, f"{self.north_staff.name}, Stödassistent")

    def test_a_draft_is_signed_by_nobody_and_not_late_yet(self):
        draft = self._draft(event_at=self._ago(days=4))
        self.assertTrue(draft.is_late)
        self.assertFalse(self._remarks(draft, self.north_staff))
        self.assertFalse(draft.signature_line)

    def test_late_is_told_with_the_local_time(self):
        entry = self._signed(event_at=self._ago(days=4))
        self.assertIn("Written late", self._remarks(entry))
        self.assertIn(entry._local(entry.entered_at), self._remarks(entry))
        self.company.care_tz = "Pacific/Auckland"
        self.assertIn(entry._local(entry.entered_at), self._remarks(entry))

    def test_an_amendment_says_what_it_amends_and_is_not_late_for_it(self):
        old, new = self._amended(event_at=self._ago(days=4))
        self.assertEqual(self._remarks(new), f"Amends {old.reference}: Fel affär")
        self.assertIn(f"Amended, see {new.reference}", self._remarks(old))

    def test_anothers_draft_of_an_amendment_shows_nowhere(self):
        entry = self._signed()
        self._as(self.north_staff, entry)._amend()
        seen = self._as(self.north_colleague, entry)
        self.assertFalse(seen.replaced_by_id)
        self.assertFalse(seen.remarks)

    def test_struck_says_by_whom_when_and_why(self):
        entry = self._struck()
        remarks = self._remarks(entry)
        for part in (self.north_staff.name, entry._local(entry.struck_at), "Fel klient"):
            self.assertIn(part, remarks)

    def test_objections_follow_every_step_of_amendment(self):
        """Two corrections later the client's words still stand at the note that holds."""
        first, second = self._amended()
        self._objection(first, body="Först")
        third = self._as(self.north_staff, second)._amend().with_env(self.env)
        self._as(self.north_staff, third).write({"body": "Tredje", "amend_reason": "Igen"})
        self._as(self.north_staff, third).action_sign()
        self._objection(third, body="Sist")
        self.env.invalidate_all()
        shown = third._objections_shown()[third]
        self.assertEqual(shown.mapped("body"), ["Först", "Sist"])
        self.assertEqual(first._objections_shown()[first].mapped("body"), ["Först"])
        self.assertEqual(third.objections_text.count("\n"), 1)

    def test_as_many_queries_for_many_notes(self):
        few = self._signed() | self._amended()[1]
        many = few.browse(few.ids)
        for _number in range(6):
            many |= self._amended()[1]
        for entry in many:
            self._objection(entry)
        costs = []
        for entries in (few, many):
            reading = self._as(self.north_colleague, entries)
            reading.mapped("client_id.reference")
            before = self.cr.sql_log_count
            reading.read(["remarks", "signature_line", "objections_text"])
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0], costs)
