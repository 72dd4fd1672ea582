from odoo import fields, models


class CareClientJoin(models.TransientModel):
    """Asks which of two files of one person remains. The model decides."""

    _name = "care.client.join"
    _description = "Mark as a Double"

    client_id = fields.Many2one("care.client", "Double", required=True, readonly=True, ondelete="cascade")
    remaining_id = fields.Many2one(
        "care.client",
        "File That Remains",
        required=True,
        ondelete="cascade",
        domain="[('id', '!=', client_id), ('double_of_id', '=', False)]",
    )
    remaining_birth_date = fields.Date(related="remaining_id.birth_date", related_sudo=False)

    def action_join(self):
        self.ensure_one()
        self.client_id.action_join(self.remaining_id.id)
        return self.client_id.action_open_remaining()
