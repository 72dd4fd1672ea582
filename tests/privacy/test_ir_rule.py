from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common_relative import RelativeCase


@tagged("post_install", "-at_install")
class TestIrRule(RelativeCase, TransactionCase):
    def test_what_one_writes_in_a_wizard_nobody_else_reads(self):
        """A referral that is being written holds a relative's name; test_access_kinds tries every wizard."""
        wizard = self._as(self.north_staff, self.env["care.referral.send"]).create(
            {
                "from_unit_id": self.north.id,
                "unit_id": self.relatives.id,
                "relative_name": "Gun Ek",
                "phone": "070-174 06 60",
            }
        )
        self.assertEqual(wizard.read(["relative_name"])[0]["relative_name"], "Gun Ek")
        for user in (self.south_staff, self.north_manager, self.supporter):
            theirs = self._as(user, wizard)
            self.assertFalse(theirs.search([]))
            for operation in (theirs.unlink, lambda theirs=theirs: theirs.read(["relative_name"])):
                with self.assertRaises(AccessError):
                    operation()
