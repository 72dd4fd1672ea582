from odoo import models

# By which a client's file may know the employee.
MATCHED = {
    "user_id",
    "private_phone",
    "emergency_phone",
    "private_email",
    "ssnid",
    "identification_id",
}


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        if {"user_id", "resource_id"} & vals.keys():
            with self.env["care.access.watch"]._watched("employee_user", employees=self):
                result = super().write(vals)
        else:
            result = super().write(vals)
        if MATCHED & vals.keys():
            self.env["care.client.lockout"]._match(employees=self)
        return result
