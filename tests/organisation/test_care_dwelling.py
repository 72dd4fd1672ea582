from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareDwelling(CareCase, TransactionCase):
    def test_it_is_called_and_found_by_street_and_number(self):
        self.assertEqual(self.dwelling.display_name, "Björkvägen 1, 1203")
        for text in ("1203", "björkvägen"):
            found = self.env["care.dwelling"].name_search(text)
            self.assertIn(self.dwelling.id, [id_ for id_, _name in found], text)

    def test_no_places_is_no_dwelling(self):
        empty = self.env["care.dwelling"].create({"name": "1204", "unit_id": self.north.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            empty.places = 0
            self.env.flush_all()

    def test_places_are_not_taken_from_those_who_live_there(self):
        self.dwelling.places = 2
        self._stay(self.cilla, self.north, 0, dwelling_id=self.dwelling.id)
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.dwelling.places = 1
            self.env.flush_all()

    def test_the_unit_gives_the_company(self):
        self.assertEqual(self.dwelling.company_id, self.company)

    def test_staff_place_and_do_not_build(self):
        for user in (self.north_staff, self.oncall_staff):
            with self.assertRaises(AccessError):
                self._as(user, self.dwelling).write({"places": 9})
        self._as(self.care_admin, self.dwelling).write({"places": 3})
        self.assertEqual(self.dwelling.places, 3)

    def test_a_new_user_on_the_employee_of_a_team_sees_no_dwelling_until_confirmed(self):
        self.assertIn(self.dwelling, self._as(self.oncall_staff, self.env["care.dwelling"]).search([]))
        thief = self._user("thief", "social_care.group_oncall_staff")
        self._employee(self.oncall_staff).user_id = thief
        self.assertFalse(self._as(thief, self.env["care.dwelling"]).search([]))
        with self.assertRaises(AccessError):
            self._as(thief, self.dwelling).read(["street"])
