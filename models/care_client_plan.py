from odoo import api, fields, models
from odoo.fields import Domain


class CareClient(models.Model):
    _inherit = "care.client"

    plan_ids = fields.One2many("care.plan", "client_id", "Plans")
    active_plan_id = fields.Many2one("care.plan", compute="_compute_active_plan_id")

    @api.depends("plan_ids.state")
    def _compute_active_plan_id(self):
        """The reader's own: without sudo, so that one unit never sees another's."""
        plans = self.env["care.plan"]
        domain = Domain("client_id", "in", self.ids) & Domain("state", "=", "active")
        by_client = plans.search(domain).grouped("client_id")
        for client in self:
            client.active_plan_id = by_client.get(client._origin, plans)[:1]
