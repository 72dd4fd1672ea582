from odoo import fields, models


class CareCheckVisitOutcome(models.TransientModel):
    """Asks what became of an ordered visit."""

    _name = "care.check.visit.outcome"
    _description = "Close an Ordered Visit"

    visit_id = fields.Many2one("care.check.visit", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="visit_id.client_id", related_sudo=False)
    event_id = fields.Many2one(related="visit_id.event_id")
    outcome = fields.Text("To Whoever Ordered", help="The unit reads this, not the log.")

    def action_done(self):
        self.ensure_one()
        self.visit_id.action_done(self.outcome)
        return {"type": "ir.actions.act_window_close"}

    def action_not_done(self):
        self.ensure_one()
        self.visit_id.action_not_done(self.outcome)
        return {"type": "ir.actions.act_window_close"}
