from odoo import api, models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["care.access.watch"]._watched("rule"):
            return super().create(vals_list)

    def write(self, vals):
        with self.env["care.access.watch"]._watched("rule"):
            return super().write(vals)

    def unlink(self):
        with self.env["care.access.watch"]._watched("rule"):
            return super().unlink()

    def _make_access_error(self, operation, records):
        """Say nothing about a closed file, in debug mode either: no name, reference or company."""
        if "opened_by" in records._fields:
            self.env["care.access.log"]._note_refused(operation, records)
            return AccessError(
                self.env._(
                    "This file is not open to you now. You open the files of clients who stay in a unit of"
                    " which you are a member. Ask the unit's manager if you should have access."
                )
            )
        return super()._make_access_error(operation, records)
