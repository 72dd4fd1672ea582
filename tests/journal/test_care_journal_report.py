from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareJournalReport(JournalCase, TransactionCase):
    """The journal of a period on paper, with what was struck, amended and objected to."""

    def setUp(self):
        super().setUp()
        self.signed = self._signed(body="Signerad text", event_at=self._ago(days=1))
        self.old, self.new = self._amended(event_at=self._ago(days=2))
        self._objection(self.old, body="Det stämmer inte")
        self.struck = self._struck(body="Struken text")
        self.draft = self._draft(body="Hemligt utkast")

    def _wizard(self, user, **vals):
        values = {"client_id": self.astrid.id, "unit_id": self.north.id, **vals}
        return self._as(user, self.env["care.journal.print"]).create(values)

    def _html(self, user, wizard):
        report = self._as(user, self.env["ir.actions.report"])
        return report._render_qweb_html("social_care.care_journal_report", wizard.ids)[0].decode()

    def test_all_that_a_reader_must_know(self):
        wizard = self._wizard(self.north_colleague)
        html = self._html(self.north_colleague, wizard)
        for text in (
            "Signerad text", "Vi gick till affären.", "Vi gick till apoteket.", "Struken text", "Fel klient",
            "Det stämmer inte", "Fel affär", self.new.reference, self.astrid.reference, "Stödassistent", "topage",
        ):  # fmt: skip
            self.assertIn(text, html)
        self.assertEqual(html.count("Det stämmer inte"), 2, "at the note, and at the note that replaces it")
        self.assertIn("line-through", html)
        self.assertNotIn("Hemligt utkast", html)
        self.assertEqual(wizard.action_print()["report_name"], "social_care.care_journal_report")

    def test_the_period_is_in_local_days(self):
        """A note at half past midnight in Sweden is the next day's, whatever UTC says."""
        note = self._signed(body="Strax efter midnatt", event_at="2026-06-09 22:30:00")
        wizard = self._wizard(self.north_staff, date_from="2026-06-10", date_to="2026-06-10")
        self.assertEqual(wizard._entries(), note.with_user(self.north_staff))
        wizard.write({"date_from": "2026-06-09", "date_to": "2026-06-09"})
        with self.assertRaises(UserError):
            wizard.action_print()

    def test_nobody_else_prints(self):
        wizard = self._wizard(self.north_staff)
        for user in (
            self.south_staff,
            self.south_manager,
            self.oncall_staff,
            self.privacy_officer,
            self.care_admin,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._html(user, wizard)
        for user in (self.south_staff, self.south_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._wizard(user).action_print()
        theirs = self._once_open(self.north_colleague, wizard)
        with self.assertRaises(AccessError):
            theirs.env["report.social_care.care_journal_report"]._get_report_values(wizard.ids)

    def test_another_unit_of_the_client_is_empty(self):
        self._stay(self.astrid, self.south, -5)
        there = self._signed(self.south_staff, unit=self.south, body="Söders text")
        self.assertEqual(there.state, "signed")
        self.assertFalse(self._wizard(self.north_staff, unit_id=self.south.id)._entries())

    def test_a_protected_person_is_a_reference(self):
        self._contact_person(self.astrid, self.north, self.north_colleague)
        self.astrid.protection_level = "marked"
        html = self._html(self.north_colleague, self._wizard(self.north_colleague))
        self.assertIn(self.astrid.reference, html)
        self.assertNotIn("Astrid", html)
