from odoo import fields, models


class CareClientDeceased(models.TransientModel):
    """Asks for the day before a death is noted."""

    _name = "care.client.deceased"
    _description = "Note a Death"

    client_id = fields.Many2one("care.client", required=True, ondelete="cascade")
    deceased_on = fields.Date("Day of Death", required=True, default=fields.Date.context_today, happened=True)

    def action_deceased(self):
        self.ensure_one()
        self.client_id.action_deceased(self.deceased_on)
        return {"type": "ir.actions.act_window_close"}
