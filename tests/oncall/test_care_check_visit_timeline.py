from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common_access_log import AccessLogCase
from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareCheckVisitTimeline(AccessLogCase, OncallCase, TransactionCase):
    """What a unit ordered of the on-call team, and the outcome that it was told, among all else of the client."""

    def setUp(self):
        super().setUp()
        self.visit = self._visit(instructions="Knacka på", reason="staff_presence")

    def _lines_of(self, user):
        lines = self._as(user, self.env["care.journal.timeline"])
        return lines.search([("client_id", "=", self.astrid.id), ("source", "=", "check_visit")])

    def test_the_unit_reads_the_order_and_the_outcome(self):
        line = self._lines_of(self.north_staff)
        self.assertEqual((line.res_id, line.state), (self.visit.id, "ordered"))
        self.assertIn("Knacka på", line.text)
        self.assertIn(self.oncall.name, line.title)
        self._as(self.oncall_staff, self.visit).action_not_done("Hon sov")
        line = self._lines_of(self.north_staff)
        self.assertEqual((line.state, line.at), ("not_done", self.visit.closed_at))
        self.assertEqual(line.text, "Knacka på\nHon sov")
        action = line.action_open_source()
        self.assertEqual((action["res_model"], action["res_id"]), ("care.check.visit", self.visit.id))

    def test_the_log_behind_it_stays_with_the_team(self):
        event = self.env["care.oncall.event"].browse(
            self._as(self.oncall_staff, self.visit).action_start()["res_id"]
        )
        event.write({"description": "Hemlig rad i loggen", "reason": "anxiety"})
        self._as(self.oncall_staff, event).action_done()
        values = self._lines_of(self.north_staff).read()[0]
        self.assertNotIn("Hemlig rad", str(values))
        self.assertNotIn(event.reference, str(values))

    def test_the_wall(self):
        self.assertTrue(self._lines_of(self.north_manager))
        for user in (self.south_staff, self.south_manager):
            self.assertFalse(self._lines_of(user), user.login)
        for user in (self.oncall_staff, self.oncall_lead):
            self.assertFalse(self._lines_of(user), "the crew has its own screen, and no timeline")
        for user in (self.supporter, self.privacy_officer, self.care_admin):
            with self.assertRaises(AccessError):
                self._lines_of(user)
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.north_staff.id, "reason": "Släkt"}
        )
        self.assertFalse(self._lines_of(self.north_staff))

    def test_another_units_order_is_another_units(self):
        """A client of two units: each has ordered its own."""
        self.oncall.serves_unit_ids |= self.south
        self._stay(self.astrid, self.south, -3)
        other = self._visit(unit_id=self.south.id, instructions="Söders sak")
        self.assertEqual(self._lines_of(self.north_staff).mapped("res_id"), self.visit.ids)
        self.assertIn(other.id, self._lines_of(self.south_staff).mapped("res_id"))
        self.assertNotIn(self.visit.id, self._lines_of(self.south_staff).mapped("res_id"))

    def test_the_reading_is_noted(self):
        self._end_request()
        self._tick()
        self._lines_of(self.north_staff).read(["title", "text"])
        self._end_request()
        lines = self._lines(self.north_staff, self.astrid, model="care.check.visit")
        self.assertEqual({(line["res_id"], line["operation"]) for line in lines}, {(self.visit.id, "read")})
        self.assertFalse(self._lines(self.south_staff, self.astrid))
