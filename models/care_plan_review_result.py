from odoo import fields, models

from ..tools.fields import OptionalInteger
from .care_plan_goal import GOAL_STATES


class CarePlanReviewResult(models.Model):
    """How one goal stands at one review."""

    _name = "care.plan.review.result"
    _description = "Result of a Goal"
    _inherit = ["care.walled"]
    _order = "date desc, id desc"

    review_id = fields.Many2one("care.plan.review", required=True, index=True, ondelete="cascade")
    goal_id = fields.Many2one("care.plan.goal", required=True, index=True, ondelete="cascade")
    plan_id = fields.Many2one(related="review_id.plan_id", store=True, precompute=True, index=True)
    client_id = fields.Many2one(related="review_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="review_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True, precompute=True)
    date = fields.Date(related="review_id.date", store=True, precompute=True)
    state = fields.Selection(GOAL_STATES, "Result", required=True, default="open")
    nearness = OptionalInteger("How Near", help="How near the goal feels to the client, 0 to 10.")
    understandable = OptionalInteger()
    manageable = OptionalInteger()
    meaning = OptionalInteger()
    note = fields.Text("What Has Happened")

    _once = models.UniqueIndex("(review_id, goal_id)", "The review already has a result for this goal.")
    _scores = models.Constraint(
        "CHECK ((nearness IS NULL OR nearness BETWEEN 0 AND 10)"
        " AND (understandable IS NULL OR understandable BETWEEN 0 AND 10)"
        " AND (manageable IS NULL OR manageable BETWEEN 0 AND 10)"
        " AND (meaning IS NULL OR meaning BETWEEN 0 AND 10))",
        "Answer with a number from 0 to 10, or skip the question.",
    )
