from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareCheckVisit(OncallCase, TransactionCase):
    def test_from_the_order_to_the_outcome(self):
        visits = self._as(self.north_staff, self.env["care.check.visit"])
        visit = visits.create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "instructions": "Titta till",
                "window_start": self.now,
                "window_end": self.now + timedelta(hours=3),
            }
        )
        self.assertEqual((visit.oncall_unit_id, visit.ordered_by_id), (self.oncall, self.north_staff))
        crew = self._as(self.oncall_staff, visit)
        self.assertIn(visit, self._as(self.oncall_staff, self.shift).visit_ids)
        self.assertEqual(crew.client_name, "Astrid Ek")
        crew.action_acknowledge()
        self.assertEqual(visit.acknowledged_by_id, self.oncall_staff)
        with self.assertRaises(UserError):
            crew.action_done()
        event = self.env["care.oncall.event"].browse(crew.action_start()["res_id"])
        self.assertEqual((event.kind, event.client_id, visit.event_id), ("check_visit", self.astrid, event))
        crew.action_done("Öppnade och mådde bra")
        seen = self._as(self.north_staff, visit).read(["state", "outcome", "event_id"])[0]
        self.assertEqual((seen["state"], seen["outcome"]), ("done", "Öppnade och mådde bra"))
        self.assertEqual(seen["event_id"][1], event.reference)

    def test_the_event_done_is_the_visit_done(self):
        visit = self._visit()
        event = self.env["care.oncall.event"].browse(
            self._as(self.oncall_staff, visit).action_start()["res_id"]
        )
        event.write({"description": "Loggens egen rad", "visit_outcome": "Hon öppnade och var lugn"})
        self._as(self.oncall_staff, event).action_done()
        told = self._as(self.north_staff, visit).read(["state", "outcome"])[0]
        self.assertEqual((told["state"], told["outcome"]), ("done", "Hon öppnade och var lugn"))

    def test_an_order_taken_on_is_not_changed(self):
        visit = self._visit()
        self._as(self.north_staff, visit).write({"instructions": "Ring på"})
        self._as(self.oncall_staff, visit).action_acknowledge()
        with self.assertRaises(UserError):
            self._as(self.north_staff, visit).write({"window_end": self.now + timedelta(hours=9)})

    def test_wrong_values_are_refused(self):
        with self.assertRaises(ValidationError):
            self._visit(window_start=self.now - timedelta(hours=3), window_end=self.now - timedelta(hours=1))
        with self.assertRaises(ValidationError):
            self._visit(client_id=self.bo.id, unit_id=self.south.id, oncall_unit_id=self.oncall.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._visit(window_start=self.now + timedelta(hours=3), window_end=self.now + timedelta(hours=1))

    def test_the_welcome_card_names_nobody(self):
        visit = self._visit(reason="first_visit")
        self.oncall.phone = "010-174 13 00"
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.oncall_staff)
            ._render_qweb_html("social_care.care_check_visit_report_document", visit.ids)
        )
        html = html.decode()
        self.assertIn("010-174 13 00", html)
        for secret in ("Astrid", self.astrid.reference, "1203"):
            self.assertNotIn(secret, html)
