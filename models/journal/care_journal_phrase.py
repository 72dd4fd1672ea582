from odoo import api, fields, models

from ...tools.fields import selection_of


class CareJournalPhrase(models.Model):
    """Words that a unit often writes, put into a note with one tap. Never about a person."""

    _name = "care.journal.phrase"
    _description = "Journal Phrase"
    _order = "sequence, id"

    name = fields.Char("Label", required=True, help="What the button says.")
    body = fields.Text("Words", required=True, help="What it writes. Leave gaps to fill in.")
    unit_id = fields.Many2one("care.unit", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        selection_of("care.journal.entry", "kind"),
        help="Shown for this kind of note; empty: for all.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class CareJournalEntry(models.Model):
    _inherit = "care.journal.entry"

    # Chosen and emptied again at once: only the words stay.
    phrase_id = fields.Many2one("care.journal.phrase", "Phrases", store=False)

    @api.onchange("phrase_id")
    def _onchange_phrase_id(self):
        if self.phrase_id and self.state == "draft":
            self.body = "\n".join(filter(None, [(self.body or "").rstrip(), self.phrase_id.body]))
            self.phrase_id = False
