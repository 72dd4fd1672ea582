from odoo.tests import HttpCase, tagged

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareJournalTour(VisitCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entries = cls.env["care.journal.entry"]
        cls.env["care.journal.phrase"].create({"name": "Fika", "body": "Vi fikade.", "unit_id": cls.north.id})
        plan = cls._plan()
        cls._line(plan, name="Samtal")
        cls.visit = cls._visit(cls._active(plan))

    def test_three_taps_from_my_day(self):
        self.start_tour("/odoo/my-day", "care_journal_write_from_my_day", login="north_staff")
        entry = self.entries.search([("client_id", "=", self.astrid.id)])
        self.assertEqual((entry.state, entry.body), ("signed", "Det gick bra.\nVi fikade."))
        self.assertEqual((entry.author_id, entry.line_id), (self.north_staff, self.visit.line_id))
        url = f"/odoo/clients/{self.astrid.id}"
        self.start_tour(url, "care_journal_timeline", login="north_colleague")

    def test_a_draft_survives(self):
        url = f"/odoo/clients/{self.astrid.id}"
        self.start_tour(url, "care_journal_survives_a_reload", login="north_staff")
        entry = self.entries.search([("client_id", "=", self.astrid.id)])
        self.assertEqual((entry.state, entry.body), ("draft", "Halvskriven"))
        self.start_tour("/odoo/my-drafts", "care_journal_after_the_reload", login="north_staff")

    def test_a_draft_survives_a_logout_and_a_server_that_is_gone(self):
        """What is typed meanwhile stays on the page, and is saved as soon as its author can save it."""
        for tour in ("care_journal_survives_a_logout", "care_journal_survives_a_crash"):
            self.start_tour(f"/odoo/clients/{self.astrid.id}", tour, login="north_staff")
            entry = self.entries.search([("client_id", "=", self.astrid.id)])
            self.assertEqual((entry.state, entry.body), ("draft", "Halvskriven, och mer"))
            self.assertEqual(entry.author_id | entry.write_uid, self.north_staff)
            self._as(self.north_staff, entry).action_discard()
