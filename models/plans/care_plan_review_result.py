from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.fields import OptionalInteger, show_answer, take_answer
from ...tools.text import short
from .care_plan_goal import GOAL_STATES, SCORES


class CarePlanReviewResult(models.Model):
    """How one goal stands at one review."""

    _name = "care.plan.review.result"
    _description = "Result of a Goal"
    _inherit = ["care.walled"]
    _order = "date desc, id desc"
    _frozen_with = "review_id"
    _retained_with = "plan_id"

    review_id = fields.Many2one("care.plan.review", required=True, index=True, ondelete="cascade")
    goal_id = fields.Many2one("care.plan.goal", required=True, index=True, ondelete="cascade", frozen=True)
    plan_id = fields.Many2one(
        related="review_id.plan_id", store=True, precompute=True, index=True, frozen=True
    )
    client_id = fields.Many2one(
        related="review_id.client_id", store=True, precompute=True, index=True, frozen=True
    )
    unit_id = fields.Many2one(related="review_id.unit_id", store=True, precompute=True, frozen=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True, precompute=True, frozen=False)
    date = fields.Date(related="review_id.date", store=True, precompute=True, frozen=True)
    state = fields.Selection(GOAL_STATES, "Result", required=True, default="open", frozen=True)
    goal_name = fields.Text(related="goal_id.name", string="Goal's Wording", related_sudo=False)
    first_goal_id = fields.Many2one(
        "care.plan.goal",
        "Goal over Time",
        compute="_compute_first_goal_id",
        store=True,
        precompute=True,
        index=True,
        help="The goal's first version: results of all versions of the plan follow one line.",
        frozen=False,
    )
    goal_title = fields.Char(compute="_compute_first_goal_id", store=True, precompute=True, frozen=False)
    nearness = OptionalInteger(
        "How Near", help="How near the goal feels to the client, 0 to 10.", frozen=True
    )
    understandable = OptionalInteger(frozen=True)
    manageable = OptionalInteger(frozen=True)
    meaning = OptionalInteger(frozen=True)
    nearness_answer = fields.Selection(
        SCORES,
        "How Near the Goal Feels",
        compute="_compute_nearness_answer",
        inverse="_inverse_nearness_answer",
    )
    meaning_answer = fields.Selection(
        SCORES, "It Matters", compute="_compute_meaning_answer", inverse="_inverse_meaning_answer"
    )
    note = fields.Text("What Has Happened", frozen=True)

    _once = models.UniqueIndex("(review_id, goal_id)", "The review already has a result for this goal.")
    _scores = models.Constraint(
        "CHECK ((nearness IS NULL OR nearness BETWEEN 0 AND 10)"
        " AND (understandable IS NULL OR understandable BETWEEN 0 AND 10)"
        " AND (manageable IS NULL OR manageable BETWEEN 0 AND 10)"
        " AND (meaning IS NULL OR meaning BETWEEN 0 AND 10))",
        "Answer with a number from 0 to 10, or skip the question.",
    )
    _frozen = models.Constraint("CHECK (TRUE)", "A signed review is not changed. Write a new one.")

    @api.depends("goal_id")
    def _compute_first_goal_id(self):
        for result in self:
            goal = result.goal_id
            while goal.previous_id:
                goal = goal.previous_id
            result.first_goal_id = goal
            result.goal_title = short(goal.name, 40)

    @api.depends("nearness")
    def _compute_nearness_answer(self):
        show_answer(self, "nearness")

    def _inverse_nearness_answer(self):
        take_answer(self, "nearness")

    @api.depends("meaning")
    def _compute_meaning_answer(self):
        show_answer(self, "meaning")

    def _inverse_meaning_answer(self):
        take_answer(self, "meaning")

    @api.constrains("goal_id", "review_id")
    def _check_goal(self):
        for result in self:
            if result.goal_id.plan_id != result.review_id.plan_id:
                raise ValidationError(
                    self.env._("The goal belongs to another plan. Choose one of this plan's goals.")
                )
