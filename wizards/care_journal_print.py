from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..models.care_journal_entry import ENTRY_KINDS


class CareJournalPrint(models.TransientModel):
    """Asks which part of a client's journal is printed."""

    _name = "care.journal.print"
    _description = "Print a Journal"

    client_id = fields.Many2one("care.client", required=True, ondelete="cascade")
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    unit_id = fields.Many2one("care.unit", required=True, ondelete="cascade")
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self) - timedelta(days=30)
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    kind = fields.Selection(ENTRY_KINDS, help="Empty: all kinds.")

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(
                    self.env._("The last day comes before the first. Change one of the two dates.")
                )

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

    def _limits(self):
        """The days of the period where care is given, as naive UTC."""
        timezone = pytz.timezone(self.unit_id.sudo().company_id.care_tz or "Europe/Stockholm")
        return [
            timezone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        ]
