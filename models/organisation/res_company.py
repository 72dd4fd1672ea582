from odoo import fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.fields import Domain


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
    care_due_days = fields.Integer(
        "Days of Warning",
        default=30,
        help="So many days before a decision, a consent or a stay ends the contact person is reminded.",
    )
    care_plan_first_days = fields.Integer(
        "Days to the First Plan",
        default=14,
        help="The first plan is due so many days after the stay has started.",
    )
    care_plan_review_months = fields.Integer(
        "Months to the Review", default=6, help="A plan is reviewed at most so many months ahead."
    )
    care_visit_days = fields.Integer(
        "Days of Visits", default=14, help="So many days ahead the visits of active plans are laid out."
    )
    care_emergency_hours = fields.Integer(
        "Hours of Emergency Access",
        default=4,
        opens_access=True,
        help="So long a file that is opened by emergency access stays open.",
    )
    care_access_review_days = fields.Integer(
        "Days to Review",
        default=7,
        opens_access=True,
        help="An emergency access, and a monthly review, is due after so many days.",
    )

    _care_plan_periods = models.Constraint(
        "CHECK (care_plan_first_days >= 0 AND care_plan_review_months BETWEEN 1 AND 24)",
        "The first plan is due within some days, the review within 1 to 24 months.",
    )
    _care_visit_days_positive = models.Constraint(
        "CHECK (care_visit_days BETWEEN 1 AND 60)", "Days of visits must lie between 1 and 60."
    )
    _care_access_periods = models.Constraint(
        "CHECK (care_emergency_hours BETWEEN 1 AND 24 AND care_access_review_days BETWEEN 1 AND 60)",
        "An emergency access lasts 1 to 24 hours and is reviewed within 1 to 60 days.",
    )

    def _care_privacy_officers(self):
        """The users who are told of what concerns access in these companies; of no company, all of them."""
        domain = Domain("all_group_ids", "in", self.env.ref("social_care.group_privacy_officer").ids)
        if self:
            domain &= Domain("company_ids", "in", self.ids)
        # sudo: whom to alert is decided by the system, for whoever's deed it follows from.
        return self.env["res.users"].sudo().search(domain).sudo(False)
