from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...models.journal.care_journal_entry import ENTRY_KINDS


class CareJournalPrint(models.TransientModel):
    """Asks which part of a client's journal is printed."""

    _name = "care.journal.print"
    _description = "Print a Journal"
    _inherit = ["care.print.period"]

    unit_id = fields.Many2one("care.unit", required=True, ondelete="cascade")
    # no rule: what the dialog proposes
    date_from = fields.Date(default=lambda self: fields.Date.context_today(self) - timedelta(days=30))
    kind = fields.Selection(ENTRY_KINDS, help="Empty: all kinds.")

    def action_print(self):
        self.ensure_one()
        if not self._entries():
            raise UserError(self.env._("There are no signed notes in this period. Choose other days."))
        return self.env.ref("social_care.care_journal_report_action").report_action(self)

    def _entries(self):
        """The signed notes of the period, oldest first, as the reader may see them."""
        self.ensure_one()
        self.client_id.check_access("read")
        start, stop = self._limits()
        domain = (
            Domain("client_id", "=", self.client_id.id)
            & Domain("unit_id", "=", self.unit_id.id)
            & Domain("state", "!=", "draft")
            & Domain("event_at", ">=", start)
            & Domain("event_at", "<", stop)
        )
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        return self.env["care.journal.entry"].search(domain, order="event_at, id")
