from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_journal_late_hours = fields.Integer(
        "Hours to Write",
        default=24,
        help="A note that is written later than this after the event is marked as late.",
    )
    care_journal_sign_days = fields.Integer(
        "Days to Sign",
        default=7,
        help="A draft that its author has not signed within these days is signed by the system.",
    )

    _care_journal_periods = models.Constraint(
        "CHECK (care_journal_late_hours BETWEEN 1 AND 720 AND care_journal_sign_days BETWEEN 1 AND 60)",
        "Hours to write lie between 1 and 720, days to sign between 1 and 60.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_journal_late_hours = fields.Integer(related="company_id.care_journal_late_hours", readonly=False)
    care_journal_sign_days = fields.Integer(related="company_id.care_journal_sign_days", readonly=False)
