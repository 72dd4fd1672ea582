from odoo import fields, models


class CareJournalStrike(models.TransientModel):
    """Asks why a note is struck."""

    _name = "care.journal.strike"
    _description = "Strike a Journal Note"

    entry_id = fields.Many2one("care.journal.entry", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="entry_id.client_id", related_sudo=False)
    entry_text = fields.Text(related="entry_id.body", related_sudo=False)
    reason = fields.Text("Why It Is Struck", required=True)

    def action_strike(self):
        self.ensure_one()
        self.entry_id.action_strike(self.reason)
        return {"type": "ir.actions.act_window_close"}
