from odoo import models
from odoo.fields import Command, Domain


class CareJournalEntry(models.Model):
    """What a retention run deletes of a journal: a note with all that it replaces and that replaces it."""

    _inherit = "care.journal.entry"

    def _family(self):
        """These notes with their corrections; one query per step, whatever the number of notes."""
        family = step = self
        while step:
            domain = Domain("replaces_id", "in", step.ids) | Domain("replacement_ids", "in", step.ids)
            step = self.search(domain) - family
            family |= step
        return family


class CareRetentionRun(models.Model):
    _inherit = "care.retention.run"

    def action_propose(self):
        """A correction without its note, or a note without its correction, says something that was not said."""
        self.check_access("write")
        for run in self.filtered(lambda run: run.state == "draft"):
            run._list_corrections()
        return super().action_propose()

    def _list_corrections(self):
        lines = self.line_ids.filtered(lambda line: line.model == "care.journal.entry")
        # sudo: ids alone; the officer opens no content
        entries_sudo = self.env["care.journal.entry"].sudo().browse(lines.mapped("res_id")).exists()
        missing = entries_sudo._family() - entries_sudo
        self.write(
            {
                "line_ids": [
                    Command.create({"model": "care.journal.entry", "res_id": entry.id}) for entry in missing
                ]
            }
        )
