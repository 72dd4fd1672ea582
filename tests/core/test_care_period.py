from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCarePeriod(CareCase, TransactionCase):
    """What opens and closes follows from the dates that people see."""

    def test_nobody_writes_the_times(self):
        stay = self._as(self.north_manager, self.stay_astrid)
        members = self.env["care.unit.member"].search([("user_id", "=", self.north_staff.id)])
        member = self._as(self.care_admin, members[:1])
        self.assertTrue(stay and member)
        for record in (stay, member):
            before = (record.opens_at, record.closes_at)
            for name in ("opens_at", "closes_at"):
                with self.assertRaises(UserError):
                    record.write({name: "2099-01-01 00:00:00"})
            self.assertEqual((record.opens_at, record.closes_at), before)

    def test_nor_begins_with_them(self):
        """Neither by its values nor by the caller's or a stored default."""
        today = fields.Date.today()
        vals = {
            "client_id": self.astrid.id,
            "unit_id": self.north.id,
            "name": "Bror",
            "kind": "relative",
            "date_from": today,
            "date_to": today,
        }
        contacts = self._as(self.north_staff, self.env["care.client.contact"])
        with self.assertRaises(UserError):
            contacts.create({**vals, "closes_at": "2099-01-01"})
        self.env["ir.default"].set("care.client.contact", "closes_at", "2099-01-01 00:00:00")
        contact = contacts.with_context(default_closes_at="2099-01-01", default_opens_at="2000-01-01").create(
            vals
        )
        self.assertLess((contact.closes_at.date() - today).days, 2)
        self.assertLess((today - contact.opens_at.date()).days, 2)
