from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_referral_days = fields.Integer(
        "Days to Contact",
        default=5,
        help="Within so many days a referred relative is contacted; after that the whole unit is reminded.",
    )
    care_referral_keep_days = fields.Integer(
        "Days to Keep Names",
        default=90,
        help="So many days after a referral is closed the relative's name and number are erased.",
    )

    _care_referral_days_positive = models.Constraint(
        "CHECK (care_referral_days BETWEEN 1 AND 90 AND care_referral_keep_days BETWEEN 0 AND 3650)",
        "Choose 1 to 90 days to contact, and 0 to 3650 days to keep names.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_referral_days = fields.Integer(related="company_id.care_referral_days", readonly=False)
    care_referral_keep_days = fields.Integer(related="company_id.care_referral_keep_days", readonly=False)
