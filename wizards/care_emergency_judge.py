from odoo import fields, models

from ..tools.fields import selection_of


class CareEmergencyJudge(models.TransientModel):
    """Asks for the comment before an emergency access is judged."""

    _name = "care.emergency.judge"
    _description = "Judge an Emergency Access"

    access_id = fields.Many2one("care.emergency.access", required=True, ondelete="cascade")
    judgement = fields.Selection(selection_of("care.emergency.access", "judgement"), required=True)
    comment = fields.Text(required=True)

    def action_judge(self):
        self.ensure_one()
        self.access_id.action_review(self.judgement, self.comment)
        return {"type": "ir.actions.act_window_close"}
