from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.access_log_table import LEAST_MONTHS, MONTHS_KEPT


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    care_tz = fields.Selection(related="company_id.care_tz", readonly=False)
    care_operator_type = fields.Selection(related="company_id.care_operator_type", readonly=False)
    care_access_log_months = fields.Integer(
        "Months of the Access Log", config_parameter="social_care.access_log_months", default=MONTHS_KEPT
    )
    care_templates_are_open = fields.Boolean(compute="_compute_care_templates_are_open")

    @api.depends("company_id")
    def _compute_care_templates_are_open(self):
        """By the group, which is what Odoo asks: the parameter can be written without it."""
        editors = self.env.ref("mail.group_mail_template_editor")
        self.care_templates_are_open = editors in self.env.ref("base.group_user").all_implied_ids

    def action_care_restrict_templates(self):
        """Only those who hold Odoo's role for it write templates with code in them."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator of the system changes this."))
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", True)
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.constrains("care_access_log_months")
    def _check_care_access_log_months(self):
        if any(settings.care_access_log_months < LEAST_MONTHS for settings in self):
            raise ValidationError(
                self.env._("The access log is kept for %(months)s months at least.", months=LEAST_MONTHS)
            )
