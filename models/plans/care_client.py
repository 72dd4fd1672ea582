from odoo import api, fields, models
from odoo.fields import Domain


class CareClient(models.Model):
    _inherit = "care.client"

    plan_ids = fields.One2many("care.plan", "client_id", "Plans")
    active_plan_id = fields.Many2one("care.plan", compute="_compute_active_plan_id")
    plan_count = fields.Integer(compute="_compute_counts")

    @api.depends_context("uid")
    @api.depends("plan_ids.state")
    def _compute_active_plan_id(self):
        """The reader's own: without sudo, so that one unit never sees another's."""
        plans = self.env["care.plan"]
        domain = Domain("client_id", "in", self.ids) & Domain("state", "=", "active")
        by_client = plans.search(domain).grouped("client_id")
        for client in self:
            client.active_plan_id = by_client.get(client._origin, plans)[:1]

    @api.model
    def _counted(self):
        return super()._counted() | {"plan_count": ("plan_ids", Domain.TRUE)}

    def action_open_plans(self):
        return self._action_open("social_care.care_plan_action")
