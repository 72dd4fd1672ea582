from odoo import models


class HrVersion(models.Model):
    _inherit = "hr.version"

    def write(self, vals):
        result = super().write(vals)
        if {"ssnid", "identification_id"} & vals.keys():
            self.env["care.client.lockout"]._match(employees=self.employee_id)
        return result
