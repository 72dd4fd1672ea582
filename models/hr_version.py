from odoo import models

from ..tools.own_work import own_work


class HrVersion(models.Model):
    _inherit = "hr.version"

    def write(self, vals):
        result = super().write(vals)
        if {"ssnid", "identification_id"} & vals.keys():
            with own_work(anyone=True):
                self.env["care.client.lockout"]._match(employees=self.employee_id)
        return result
