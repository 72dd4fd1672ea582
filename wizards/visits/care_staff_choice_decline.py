from odoo import fields, models


class CareStaffChoiceDecline(models.TransientModel):
    """Asks for the reason before a wish is declined."""

    _name = "care.staff.choice.decline"
    _description = "Decline a Wish"

    choice_id = fields.Many2one("care.staff.choice", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="choice_id.client_id", related_sudo=False)
    reason = fields.Char(required=True)

    def action_decline(self):
        self.ensure_one()
        self.choice_id.action_decline(self.reason)
        return {"type": "ir.actions.act_window_close"}
