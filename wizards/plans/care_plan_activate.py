from odoo import fields, models


class CarePlanActivate(models.TransientModel):
    """Asks the manager why a plan holds without the client's agreement."""

    _name = "care.plan.activate"
    _description = "Activate a Plan without Agreement"

    plan_id = fields.Many2one("care.plan", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", related_sudo=False)
    reason = fields.Text("Why without the Client's Agreement", required=True)

    def action_activate(self):
        self.ensure_one()
        self.plan_id.action_activate(self.reason)
        return {"type": "ir.actions.act_window_close"}
