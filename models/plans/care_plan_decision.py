from odoo import api, fields, models
from odoo.fields import Domain


class CarePlan(models.Model):
    _inherit = "care.plan"

    ended_text = fields.Text("What Has Ended", compute="_compute_ended_text")

    @api.depends_context("uid", "lang")
    @api.depends("state", "client_id", "unit_id")
    def _compute_ended_text(self):
        """A plan goes on though its decision has ended: the client stays, and that is for people to settle."""
        going_on = self.filtered(lambda plan: plan.state not in ("replaced", "ended"))
        domain = Domain("client_id", "in", going_on.client_id.ids) & Domain(
            "unit_id", "in", going_on.unit_id.ids
        )
        texts = self.env["care.decision"]._ended_texts(domain)
        for plan in self:
            place = plan.client_id._origin, plan.unit_id._origin
            plan.ended_text = plan in going_on and "\n".join(texts.get(place, ()))
