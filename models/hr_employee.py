from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        if not {"user_id", "resource_id"} & vals.keys():
            return super().write(vals)
        with self.env["care.access.watch"]._watched("employee_user", employees=self):
            return super().write(vals)
