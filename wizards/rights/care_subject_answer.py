from odoo import fields, models


class CareSubjectAnswer(models.TransientModel):
    """Asks why a request takes longer, or why it is rejected."""

    _name = "care.subject.answer"
    _description = "Extend or Reject a Request"

    request_id = fields.Many2one("care.subject.request", required=True, readonly=True, ondelete="cascade")
    client_id = fields.Many2one(related="request_id.client_id", related_sudo=False)
    answer = fields.Selection(
        [("extend", "It takes longer"), ("reject", "It is rejected")], required=True, default="extend"
    )
    reason = fields.Text(required=True)

    def action_answer(self):
        self.ensure_one()
        verb = self.request_id.action_extend if self.answer == "extend" else self.request_id.action_reject
        verb(self.reason)
        return {"type": "ir.actions.act_window_close"}
