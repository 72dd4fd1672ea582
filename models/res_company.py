from odoo import fields, models
from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    _inherit = "res.company"

    care_tz = fields.Selection(
        _tz_get,
        "Time Zone of Care",
        default="Europe/Stockholm",
        required=True,
        help="Stays and memberships open and close at midnight in this time zone.",
    )
    care_due_days = fields.Integer(
        "Days of Warning",
        default=30,
        help="So many days before a decision, a consent or a stay ends the contact person is reminded.",
    )
