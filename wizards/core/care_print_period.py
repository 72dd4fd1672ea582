from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.midnight import limits


class CarePrintPeriod(models.AbstractModel):
    """A dialog that asks which days of one client's file are printed."""

    _name = "care.print.period"
    _description = "Period to Print"

    client_id = fields.Many2one("care.client", required=True, ondelete="cascade")
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(
                    self.env._("The last day comes before the first. Change one of the two dates.")
                )

    def _limits(self):
        """The days of the period where care is given, as naive UTC."""
        self.ensure_one()
        # sudo: the time zone is no look into the file, to be logged; each print asks whether that is open
        return limits(self.date_from, self.date_to, self.client_id.sudo().company_id.care_tz)
