from odoo import api, fields, models
from odoo.fields import Domain


class CareStay(models.Model):
    _inherit = "care.stay"

    active_plan_id = fields.Many2one("care.plan", compute="_compute_active_plan_id")

    @api.depends_context("uid")
    def _compute_active_plan_id(self):
        """The reader's own: without sudo, so that one unit never sees another's."""
        domain = Domain("client_id", "in", self.client_id.ids) & Domain("state", "=", "active")
        plans = {(plan.client_id, plan.unit_id): plan for plan in self.env["care.plan"].search(domain)}
        for stay in self:
            stay.active_plan_id = plans.get((stay.client_id, stay.unit_id), False)
