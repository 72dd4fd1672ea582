from odoo import fields, models

from ...models.rights.care_subject_part import HOW


class CareSubjectHandOver(models.TransientModel):
    """Asks how an extract was handed over."""

    _name = "care.subject.hand.over"
    _description = "Hand over an Extract"

    part_id = fields.Many2one("care.subject.part", required=True, readonly=True, ondelete="cascade")
    client_id = fields.Many2one(related="part_id.client_id", related_sudo=False)
    how = fields.Selection(HOW, required=True, default="person")

    def action_hand_over(self):
        self.ensure_one()
        self.part_id.action_hand_over(self.how)
        return {"type": "ir.actions.act_window_close"}
