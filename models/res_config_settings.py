from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_tz = fields.Selection(related="company_id.care_tz", readonly=False)
    care_due_days = fields.Integer(related="company_id.care_due_days", readonly=False)
    care_plan_first_days = fields.Integer(related="company_id.care_plan_first_days", readonly=False)
    care_plan_review_months = fields.Integer(related="company_id.care_plan_review_months", readonly=False)
    care_visit_days = fields.Integer(related="company_id.care_visit_days", readonly=False)
    care_emergency_hours = fields.Integer(related="company_id.care_emergency_hours", readonly=False)
    care_access_review_days = fields.Integer(related="company_id.care_access_review_days", readonly=False)
