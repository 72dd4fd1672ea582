from odoo import models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Say nothing about a closed record, in debug mode either."""
        if records._wall == "neutral":
            return AccessError(
                self.env._(
                    "This belongs to relative support. Only those who are members of that unit now open it."
                )
            )
        return super()._make_access_error(operation, records)
