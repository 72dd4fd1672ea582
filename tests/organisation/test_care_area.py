from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareArea(CareCase, TransactionCase):
    def test_a_name_is_used_once_in_a_company(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.env["care.area"].create({"name": self.area.name, "company_id": self.company.id})
        other = self.env["res.company"].create({"name": "Annat bolag"})
        self.assertTrue(self.env["care.area"].create({"name": self.area.name, "company_id": other.id}))

    def test_the_administrator_writes_and_the_others_read(self):
        self._as(self.care_admin, self.area).write({"municipality": "Ekeby"})
        for user in (self.north_staff, self.oncall_staff, self.oncall_lead, self.north_manager):
            self.assertEqual(self._as(user, self.area).read(["municipality"])[0]["municipality"], "Ekeby")
            with self.assertRaises(AccessError):
                self._as(user, self.area).write({"municipality": "Annat"})

    def test_another_companys_areas_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Annat bolag"})
        area = self.env["care.area"].create({"name": "Annat", "company_id": other.id})
        self.assertFalse(self._as(self.oncall_staff, area.browse()).search([("id", "=", area.id)]))
