from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CareAccessLogPrint(models.TransientModel):
    """Asks for which days the client is told who has opened the file: the last twelve months by default."""

    _name = "care.access.log.print"
    _description = "Print Who Opened a File"

    client_id = fields.Many2one("care.client", required=True, ondelete="cascade")
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self) - relativedelta(months=12),
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(
                    self.env._("The last day comes before the first. Change one of the two dates.")
                )

    def action_print(self):
        self.ensure_one()
        self.client_id._check_who_opened()
        return self.env.ref("social_care.care_access_log_report_action").report_action(self)

    def _limits(self):
        """The days of the period where care is given, as naive UTC; the last day is included."""
        timezone = pytz.timezone(self.client_id.company_id.care_tz or "Europe/Stockholm")
        return [
            timezone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        ]
