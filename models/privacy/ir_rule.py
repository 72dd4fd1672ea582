from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


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

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """What is written in a wizard is its writer's alone: Odoo promises it, and 19.0 does not keep it."""
        domain = super()._compute_domain(model_name, mode)
        if self.env.su or not model_name.startswith("care.") or not self.env[model_name].is_transient():
            return domain
        return domain & Domain("create_uid", "=", self.env.uid)

    def _make_access_error(self, operation, records):
        """Say nothing about a closed file, in debug mode either: no name, reference or company."""
        if records._wall == "file":
            self.env["care.access.log"]._note_refused(operation, records)
            return AccessError(
                self.env._(
                    "This file is not open to you now. You open the files of clients who stay in a unit of"
                    " which you are a member. Ask the unit's manager if you should have access."
                )
            )
        return super()._make_access_error(operation, records)
