from dateutil.relativedelta import relativedelta

from odoo import fields, models


class CareAccessLogPrint(models.TransientModel):
    """Asks for which days the client is told who has opened the file: the last twelve months by default."""

    _name = "care.access.log.print"
    _description = "Print Who Opened a File"
    _inherit = ["care.print.period"]

    # no rule: what the dialog proposes
    date_from = fields.Date(default=lambda self: fields.Date.context_today(self) - relativedelta(months=12))

    def action_print(self):
        self.ensure_one()
        self.client_id._check_who_opened()
        return self.env.ref("social_care.care_access_log_report_action").report_action(self)
