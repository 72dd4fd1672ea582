from odoo import fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.fields import Domain

from ..core.care_rule import OPERATORS


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["care.watched", "res.company"]
    _care_notes_new = False

    care_tz = fields.Selection(
        _tz_get,
        "Time Zone of Care",
        default="Europe/Stockholm",
        required=True,
        opens_access=True,
        help="Stays and memberships open and close at midnight in this time zone.",
    )
    care_operator_type = fields.Selection(
        OPERATORS,
        "Kind of Provider",
        opens_access=True,
        help="A municipality, or a private provider on its behalf: which rules of law hold.",
    )

    def write(self, vals):
        """Which rules hold is remembered for each company."""
        result = super().write(vals)
        if {"care_operator_type", "care_tz"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def _care_privacy_officers(self):
        """The users who are told of what concerns access in these companies; of no company, all of them."""
        domain = Domain("all_group_ids", "in", self.env.ref("social_care.group_privacy_officer").ids)
        if self:
            domain &= Domain("company_ids", "in", self.ids)
        # sudo: whom to alert is decided by the system, for whoever's deed it follows from.
        return self.env["res.users"].sudo().search(domain).sudo(False)
