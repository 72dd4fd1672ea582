from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .test_care_disturbance import DisturbanceCase


@tagged("post_install", "-at_install")
class TestCareDisturbanceEvent(DisturbanceCase, TransactionCase):
    """The events behind a case name nobody of ours."""

    def test_an_event_that_names_a_client_cannot_be_linked(self):
        """The database itself refuses, also for a superuser."""
        shift, case = self._shift(), self._case()
        for vals in (
            {"client_id": self.astrid.id},
            {"dwelling_id": self.dwelling.id},
            {"caller_kind": "client"},
            {"kind": "first_visit"},
            {"kind": "check_visit"},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._event(shift, disturbance_id=case.id, **vals)
                self.env.flush_all()
        event = self._event(shift, disturbance_id=case.id, caller_kind="tenant")
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(
                "UPDATE care_oncall_event SET client_id = %s WHERE id = %s", (self.astrid.id, event.id)
            )

    def test_from_the_event_to_the_case(self):
        shift = self._shift()
        event = self._event(shift, caller_kind="tenant", caller_name="Stina", area_id=self.area.id)
        action = self._as(self.oncall_staff, event).action_open_disturbance()
        cases = self._as(self.oncall_staff, self.env["care.disturbance"]).with_context(**action["context"])
        with Form(cases) as form:
            form.address = "Björkvägen 1, lgh 1203"
        self.assertEqual(
            (event.disturbance_id.address, event.disturbance_id.complainant_name), (form.address, "Stina")
        )
        self.assertEqual(event.action_open_disturbance()["res_id"], event.disturbance_id.id)

    def test_from_an_event_about_a_client_goes_no_link(self):
        event = self._event(
            self._shift(), client_id=self.astrid.id, caller_name="Astrid", description="Hemligt"
        )
        context = event.action_open_disturbance()["context"]
        self.assertEqual(set(context), {"default_unit_id", "default_area_id"})

    def test_another_teams_case_is_not_linked(self):
        theirs = self._case(unit_id=self._unit("Nattpatrullen", kind="on_call").id)
        with self.assertRaises(ValidationError):
            self._event(self._shift(), disturbance_id=theirs.id)
