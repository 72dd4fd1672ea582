from datetime import timedelta

from odoo import models
from odoo.fields import Domain


class CareClient(models.Model):
    """Nobody decides any more who comes to a person who has died."""

    _inherit = "care.client"

    def _after_deceased(self):
        super()._after_deceased()
        wishes = self.env["care.staff.choice"].search(
            Domain("client_id", "in", self.ids) & Domain("state", "=", "wished")
        )
        today = self.env["care.stay"]._today()
        wishes._end(today, returns_until=today + timedelta(days=1))
