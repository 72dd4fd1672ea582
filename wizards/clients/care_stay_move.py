from odoo import fields, models


class CareStayMove(models.TransientModel):
    """Asks for the dwelling and the day before a client moves within the unit."""

    _name = "care.stay.move"
    _description = "Move to Another Dwelling"

    stay_id = fields.Many2one("care.stay", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="stay_id.client_id", related_sudo=False)
    unit_id = fields.Many2one(related="stay_id.unit_id", related_sudo=False)
    dwelling_id = fields.Many2one("care.dwelling", required=True, domain="[('unit_id', '=', unit_id)]")
    date_from = fields.Date("First Day There", required=True, default=fields.Date.context_today)

    def action_move(self):
        self.ensure_one()
        stay = self.stay_id.action_move(self.dwelling_id.id, self.date_from)
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.stay",
            "res_id": stay.id,
            "views": [(False, "form")],
        }
