from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    care_appeal_text = fields.Text(
        "How a Refusal Is Appealed",
        translate=True,
        help="Empty: what the law says of both kinds of providers.",
    )

    def _appeal_text(self):
        """What a refusal says in the reader's language, in the provider's words where it has any."""
        return self.care_appeal_text or self.env._(
            "You may ask for a written decision and appeal it within three weeks: to the administrative court of"
            " appeal when the provider is a municipality, to the Health and Social Care Inspectorate (IVO) when it"
            " is private."
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_appeal_text = fields.Text(related="company_id.care_appeal_text", readonly=False)
