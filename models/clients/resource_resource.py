from odoo import models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def write(self, vals):
        """An employee's user is the user of the employee's resource."""
        if "user_id" not in vals:
            return super().write(vals)
        # sudo: only the ids; archived employees are employees too
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        mine = employees.search([("resource_id", "in", self.ids)])
        with self.env["care.access.watch"]._watched("employee_user", employees=mine):
            return super().write(vals)
