from odoo import fields, models

from ...tools.fields import selection_of


class CareStayEnd(models.TransientModel):
    """Asks for the last day and the reason before a stay ends."""

    _name = "care.stay.end"
    _description = "End a Stay"

    stay_id = fields.Many2one("care.stay", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="stay_id.client_id", related_sudo=False)
    date_to = fields.Date("Last Day", required=True, default=fields.Date.context_today)
    end_reason = fields.Selection(selection_of("care.stay", "end_reason"), "Reason", required=True)

    def action_end(self):
        self.ensure_one()
        if self.end_reason == "mistake":
            return self.stay_id.action_open_take_back()
        self.stay_id.action_end(self.date_to, self.end_reason)
        return {"type": "ir.actions.act_window_close"}
