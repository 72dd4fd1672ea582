from odoo import fields, models
from odoo.exceptions import UserError


class CareTakeBack(models.TransientModel):
    """Asks why a record is taken back. The record decides what becomes of it."""

    _name = "care.take.back"
    _description = "Take Back what Was Entered by Mistake"

    model = fields.Char(required=True)
    res_id = fields.Integer("Record", required=True)
    reason = fields.Char(required=True, help="Without a name: the reason stays when the record is gone.")

    def action_take_back(self):
        """Back to the clients: the record, or the file, may be closed now."""
        self.ensure_one()
        if self.model not in self.env or "mistake_reason" not in self.env[self.model]._fields:
            raise UserError(self.env._("This cannot be taken back."))
        self.env[self.model].browse(self.res_id).action_take_back(self.reason)
        return self.env["ir.actions.actions"]._for_xml_id("social_care.care_client_action_mine") | {
            "target": "main"
        }
