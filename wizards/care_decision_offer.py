from odoo import fields, models


class CareDecisionOffer(models.TransientModel):
    """Asks what the client answered when an individual plan was offered."""

    _name = "care.decision.offer"
    _description = "Offer an Individual Plan"

    decision_id = fields.Many2one("care.decision", required=True, ondelete="cascade")
    offered_on = fields.Date("Offered", required=True, default=fields.Date.context_today)
    answer = fields.Selection(
        lambda self: self.env["care.decision"]._fields["plan_offer_answer"].selection, required=True
    )
    note = fields.Char("In the Client's Words")

    def action_record(self):
        self.ensure_one()
        self.decision_id.action_record_plan_offer(self.answer, self.offered_on, self.note)
        return {"type": "ir.actions.act_window_close"}
