from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.access_log_table import LEAST_MONTHS, MONTHS_KEPT


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_tz = fields.Selection(related="company_id.care_tz", readonly=False)
    care_due_days = fields.Integer(related="company_id.care_due_days", readonly=False)
    care_plan_first_days = fields.Integer(related="company_id.care_plan_first_days", readonly=False)
    care_plan_review_months = fields.Integer(related="company_id.care_plan_review_months", readonly=False)
    care_visit_days = fields.Integer(related="company_id.care_visit_days", readonly=False)
    care_emergency_hours = fields.Integer(related="company_id.care_emergency_hours", readonly=False)
    care_access_review_days = fields.Integer(related="company_id.care_access_review_days", readonly=False)
    care_access_log_months = fields.Integer(
        "Months of the Access Log", config_parameter="social_care.access_log_months", default=MONTHS_KEPT
    )

    @api.constrains("care_access_log_months")
    def _check_care_access_log_months(self):
        if any(settings.care_access_log_months < LEAST_MONTHS for settings in self):
            raise ValidationError(
                self.env._("The access log is kept for %(months)s months at least.", months=LEAST_MONTHS)
            )
