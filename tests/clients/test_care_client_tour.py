from odoo.tests import HttpCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareClientTour(CareCase, HttpCase):
    def test_a_manager_admits_a_client(self):
        self.start_tour("/odoo/clients", "care_client_admit", login="north_manager")
        client = self.env["care.client"].search(
            [("lastname", "=", "Dahl"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(client.stay_ids.unit_id, self.north)
        self.assertFalse(client.intake_unit_id)
        self.assertIn(client, self._as(self.north_staff, self.env["care.client"]).search([]))

    def test_staff_find_a_client_by_personal_number(self):
        self.start_tour("/odoo/clients", "care_client_find", login="north_staff")

    def test_another_units_staff_do_not_find_the_client(self):
        self.start_tour("/odoo/clients", "care_client_not_found", login="south_staff")
