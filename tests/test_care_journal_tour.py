from odoo.tests import HttpCase, tagged

from .common_visit import VisitCase


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
