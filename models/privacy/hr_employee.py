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

    # As care_client_lockout_matching.py compares them.
    _care_private_phone_idx = models.Index(
        r"(right(regexp_replace(private_phone, '\D', '', 'g'), 9)) WHERE private_phone IS NOT NULL"
    )
    _care_emergency_phone_idx = models.Index(
        r"(right(regexp_replace(emergency_phone, '\D', '', 'g'), 9)) WHERE emergency_phone IS NOT NULL"
    )
    _care_private_email_idx = models.Index("(lower(trim(private_email))) WHERE private_email IS NOT NULL")

    def write(self, vals):
        if {"user_id", "resource_id"} & vals.keys():
            with self.env["care.access.watch"]._watched("employee_user", employees=self):
                result = super().write(vals)
        else:
            result = super().write(vals)
        if MATCHED & vals.keys():
            self.env["care.client.lockout"]._match(employees=self)
        return result
