from odoo.tests import HttpCase, tagged

from ..common_file import FileCase
from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareEmergencyTour(OncallCase, FileCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_file_in_the_night(self):
        """Bo stays at Söder, which the team does not serve: no card of his is open to it."""
        self.start_tour("/odoo/my-shift", "care_emergency_open", login="oncall_staff")
        self.env.invalidate_all()
        access = self.env["care.emergency.access"].search([("client_id", "=", self.bo.id)])
        self.assertEqual(access.user_id, self.oncall_staff)
        self.assertFalse(access.is_open, "closed before its time")
        self.assertTrue(access.is_waiting)
        kept = self.env["care.emergency.open"].search([])
        self.assertFalse(any(kept.mapped("identifier")), "what was typed is not kept")
