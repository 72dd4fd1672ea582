from odoo import api, models


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["care.access.watch"]._watched("acl"):
            return super().create(vals_list)

    def write(self, vals):
        with self.env["care.access.watch"]._watched("acl"):
            return super().write(vals)

    def unlink(self):
        with self.env["care.access.watch"]._watched("acl"):
            return super().unlink()
