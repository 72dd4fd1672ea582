from odoo import fields, models


class CarePlanEnd(models.TransientModel):
    """Asks why a plan ends without a new one in its place."""

    _name = "care.plan.end"
    _description = "End a Plan"

    plan_id = fields.Many2one("care.plan", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", related_sudo=False)
    reason = fields.Text("Why It Ends", required=True)

    def action_end(self):
        self.ensure_one()
        self.plan_id.action_end(self.reason)
        return {"type": "ir.actions.act_window_close"}
