from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareContactPersonAccess(CareCase, TransactionCase):
    def test_one_primary_at_a_time(self):
        self._contact_person(self.astrid, self.north, self.north_staff, -10, date_to=self._day(10))
        for start, end, role, refused in [
            (-20, -11, "primary", False),
            (10, None, "primary", True),
            (0, 5, "primary", True),
            (0, 5, "deputy", False),
            (0, 5, "deputy", False),
            (11, None, "primary", False),
        ]:
            vals = {"date_to": end is not None and self._day(end), "role": role}
            with self.subTest(start=start, end=end, role=role):
                if refused:
                    with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                        self._contact_person(self.astrid, self.north, self.north_manager, start, **vals)
                else:
                    self._contact_person(self.astrid, self.north, self.north_manager, start, **vals)

    def test_it_is_someone_who_works_there(self):
        with self.assertRaises(ValidationError):
            self._contact_person(self.astrid, self.north, self.south_staff)

    def test_only_the_units_manager_assigns(self):
        vals = {
            "client_id": self.astrid.id,
            "unit_id": self.north.id,
            "employee_id": self._employee(self.north_staff).id,
        }
        for user in (self.north_staff, self.south_manager):
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.contact.person"]).create(vals)
        contact = self._as(self.north_manager, self.env["care.contact.person"]).create(vals)
        self.assertEqual(self._as(self.north_staff, self.astrid).contact_person_id.id, contact.id)
        self.assertEqual(contact.display_name, self.north_staff.name, "a colleague's name, no client's")

    def test_the_present_one_is_shown(self):
        self._contact_person(self.astrid, self.north, self.north_manager, -30, date_to=self._day(-1))
        now = self._contact_person(self.astrid, self.north, self.north_staff, 0)
        self._contact_person(self.astrid, self.north, self.north_manager, 0, role="deputy")
        self.assertEqual(self._as(self.north_staff, self.astrid).contact_person_id.id, now.id)
        self.assertEqual(self._as(self.north_staff, self.stay_astrid).contact_person_id.id, now.id)

    def test_filter_my_clients(self):
        self._contact_person(self.astrid, self.north, self.north_staff, -10)
        mine = [
            ("contact_person_ids", "any", [("user_id", "=", self.north_staff.id), ("opens_at", "<=", "now")])
        ]
        self.assertEqual(
            self._as(self.north_staff, self.env["care.client"]).search(mine).ids, self.astrid.ids
        )
