from odoo import models


class HrEmployee(models.Model):
    """Whoever is put away, or gets another login, works nowhere, or waits to be confirmed."""

    _inherit = "hr.employee"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "user_id"} & vals.keys():
            self.env["care.unit.member"]._follow_membership(self)
        return result
