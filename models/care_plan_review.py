from odoo import fields, models


class CarePlanReview(models.Model):
    """A timed review of the plan, or a note of an everyday conversation about one goal."""

    _name = "care.plan.review"
    _description = "Plan Review"
    _inherit = ["care.walled"]
    _order = "date desc, id desc"

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [("timed", "Review"), ("everyday", "Everyday conversation")], required=True, default="timed"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    author_id = fields.Many2one("res.users", readonly=True, copy=False, default=lambda self: self.env.uid)
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Signed")], required=True, default="draft", readonly=True, copy=False
    )
    goal_id = fields.Many2one("care.plan.goal", index="btree_not_null", domain="[('plan_id', '=', plan_id)]")
    participants = fields.Char("Who Took Part")
    client_view = fields.Text("What the Client Says")
    body = fields.Text("What We Have Seen")
    next_review_date = fields.Date("Next Review")
    result_ids = fields.One2many("care.plan.review.result", "review_id", "Results")
    signed_at = fields.Datetime("Signed", readonly=True, copy=False)
    signed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
