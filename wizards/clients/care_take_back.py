from odoo import api, fields, models
from odoo.exceptions import UserError


class CareTakeBack(models.TransientModel):
    """Asks why a record is taken back. The record decides what becomes of it."""

    _name = "care.take.back"
    _description = "Take Back what Was Entered by Mistake"

    model = fields.Char(required=True)
    res_id = fields.Integer("Record", required=True)
    client_id = fields.Many2one("care.client", compute="_compute_client_id")
    reason = fields.Char(required=True, help="Without a name: the reason stays when the record is gone.")

    @api.depends("model", "res_id")
    def _compute_client_id(self):
        for wizard in self:
            record = wizard._record()
            wizard.client_id = bool(record) and record.has_access("read") and record.client_id

    def _record(self):
        """The record, or nothing where the model knows no mistakes."""
        if self.model not in self.env or "mistake_reason" not in self.env[self.model]._fields:
            return None
        return self.env[self.model].browse(self.res_id)

    def action_take_back(self):
        """Back to the clients: the record, or the file, may be closed now."""
        self.ensure_one()
        if not (record := self._record()):
            raise UserError(self.env._("This cannot be taken back."))
        record.action_take_back(self.reason)
        return self.env["ir.actions.actions"]._for_xml_id("social_care.care_client_action_mine") | {
            "target": "main"
        }
