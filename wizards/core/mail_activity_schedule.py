from odoo import api, fields, models

from ...tools.attached import is_ours


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    is_care = fields.Boolean(compute="_compute_is_care")

    @api.depends("res_model")
    def _compute_is_care(self):
        for schedule in self:
            schedule.is_care = is_ours(schedule.res_model)
