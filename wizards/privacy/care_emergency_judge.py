from odoo import fields, models

from ...tools.fields import selection_of


class CareEmergencyJudge(models.TransientModel):
    """Asks for the comment before an emergency access is judged."""

    _name = "care.emergency.judge"
    _description = "Judge an Emergency Access"

    access_id = fields.Many2one("care.emergency.access", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="access_id.client_id", related_sudo=False)
    user_id = fields.Many2one(related="access_id.user_id", related_sudo=False)
    date_from = fields.Datetime(related="access_id.date_from", related_sudo=False)
    date_to = fields.Datetime(related="access_id.date_to", related_sudo=False)
    reason = fields.Text(related="access_id.reason", related_sudo=False)
    seen = fields.Text(related="access_id.seen", related_sudo=False)
    judgement = fields.Selection(selection_of("care.emergency.access", "judgement"), required=True)
    comment = fields.Text(required=True)

    def action_judge(self):
        self.ensure_one()
        self.access_id.action_review(self.judgement, self.comment)
        return {"type": "ir.actions.act_window_close"}
