from odoo import api, fields, models


class CareRelativeFollowup(models.Model):
    """A follow-up of the plan of support: how it is now, and when to talk next."""

    _name = "care.relative.followup"
    _description = "Follow-up of a Relative's Case"
    _inherit = ["care.neutral"]
    _order = "date desc, id desc"
    _neutral_parent = "case_id"
    _kept_in_none = False

    case_id = fields.Many2one(
        "care.relative.case", required=True, index=True, ondelete="cascade", frozen="id"
    )
    date = fields.Date(required=True, default=fields.Date.context_today, happened=True)
    burden = fields.Integer(
        "How Heavy, 0-10", aggregator="avg", help="In the relative's own judgement, 0 to 10."
    )
    helped = fields.Selection(
        [("yes", "Yes"), ("partly", "Partly"), ("no", "No"), ("unknown", "Not asked")],
        "Did the Support Help?",
        required=True,
        default="unknown",
    )
    remark = fields.Text("What Changed")
    next_date = fields.Date("Next Follow-up")

    _never_none = models.Constraint(
        "CHECK (mode <> 'none')", "This unit keeps no personal data, so it has no follow-ups."
    )
    _burden_range = models.Constraint("CHECK (burden BETWEEN 0 AND 10)", "Choose a number from 0 to 10.")
    _list_idx = models.Index("(case_id, date DESC, id DESC)")

    @api.depends("case_id", "date")
    def _compute_display_name(self):
        for followup in self:
            # sudo: the case's reference alone, a random code that names nobody
            followup.display_name = f"{followup.case_id.sudo().reference} {followup.date or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        """The next date becomes the case's, so that it shows among what is due."""
        followups = super().create(vals_list)
        for followup in followups.filtered("next_date"):
            followup.case_id.review_date = followup.next_date
        return followups

    @api.model
    def _neutral_forbidden(self, unit, mode):
        return [(self.env._("follow-ups are deleted"), [("unit_id", "=", unit.id)], None)]
