from odoo import api, fields, models
from odoo.exceptions import AccessError


class CareRelativeYear(models.TransientModel):
    """The yearly report for the board: numbers in which nobody can be recognised."""

    _name = "care.relative.year"
    _description = "Yearly Report of Relative Support"

    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year)
    unit_ids = fields.Many2many(
        "care.unit",
        string="Units",
        required=True,
        default=lambda self: self.env["care.unit"].search(self._domain_units()),
        domain=lambda self: self._domain_units(),
    )

    @api.model
    def _domain_units(self):
        return self.env["care.neutral"]._domain_my_units()

    def action_print(self):
        self.ensure_one()
        self._check_may_print()
        return self.env.ref("social_care.care_relative_year_report_action").report_action(self)

    def _check_may_print(self):
        if not self.env.user.has_group("social_care.group_relative_support"):
            raise AccessError(self.env._("Relative supporters print the report of their units."))
        for wizard in self:
            if not wizard.unit_ids._is_member_now():
                raise AccessError(self.env._("You print the report of units of which you are a member now."))
