from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareClientContact(CareCase, TransactionCase):
    def _contact(self, user=None, **vals):
        contacts = (
            self._as(user, self.env["care.client.contact"]) if user else self.env["care.client.contact"]
        )
        return contacts.create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "name": "Lisa", **vals}
        )

    def test_staff_keep_the_network_and_managers_tidy_it(self):
        contact = self._contact(self.north_staff, phone="08-123 45 67")
        self._as(self.north_staff, contact).write({"relation": "syster"})
        with self.assertRaises(AccessError):
            self._as(self.north_staff, contact).unlink()
        for user in (self.south_staff, self.south_manager):
            with self.assertRaises(AccessError):
                self._as(user, contact).read(["name"])
            with self.assertRaises(AccessError):
                self._contact(user)
        self._as(self.north_manager, contact).unlink()

    def test_a_representative_has_a_mandate(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._contact(kind="representative")
        self._contact(kind="representative", mandate="god_man", scope="economy")
        self._contact(kind="official")

    def test_its_name_in_other_places_is_the_clients_reference(self):
        contact = self._contact()
        self.assertEqual(contact.display_name, self.astrid.reference)

    def test_it_stays_with_its_client_and_unit(self):
        contact = self._contact()
        for vals in ({"client_id": self.bo.id}, {"unit_id": self.south.id}, {"client_id": False}):
            with self.assertRaises(UserError):
                self._as(self.north_manager, contact).write(vals)
        contact.write({"client_id": self.astrid.id, "note": "samma"})

    def test_a_line_cannot_be_taken_from_another_file(self):
        theirs = self._contact(client_id=self.bo.id, unit_id=self.south.id)
        for command in (
            [(4, theirs.id, 0)],
            [(6, 0, theirs.ids)],
            [(1, theirs.id, {"note": "x"})],
            [(2, theirs.id, 0)],
        ):
            with self.assertRaises(UserError):
                self._as(self.north_manager, self.astrid).write({"contact_ids": command})
        self.assertTrue(theirs.exists())
        self.assertFalse(theirs.note)
        self.assertEqual(theirs.client_id, self.bo)
