from odoo import fields, models

from ...tools.fields import selection_of


class CareDecisionOffer(models.TransientModel):
    """Asks what the client answered when an individual plan was offered."""

    _name = "care.decision.offer"
    _description = "Offer an Individual Plan"

    decision_id = fields.Many2one("care.decision", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="decision_id.client_id", related_sudo=False)
    offered_on = fields.Date("Offered", required=True, default=fields.Date.context_today)
    answer = fields.Selection(selection_of("care.decision", "plan_offer_answer"), required=True)
    note = fields.Char("In the Client's Words")

    def action_record(self):
        self.ensure_one()
        self.decision_id.action_record_plan_offer(self.answer, self.offered_on, self.note)
        return {"type": "ir.actions.act_window_close"}
