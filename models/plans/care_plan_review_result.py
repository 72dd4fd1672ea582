from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import frozen
from ...tools.fields import OptionalInteger, show_answer, take_answer
from ...tools.text import short
from .care_plan_goal import GOAL_STATES, SCORES

RESULT_CONTENT = (
    "review_id", "goal_id", "plan_id", "client_id", "unit_id", "state", "nearness", "understandable", "manageable",
    "meaning", "note",
)  # fmt: skip


class CarePlanReviewResult(models.Model):
    """How one goal stands at one review."""

    _name = "care.plan.review.result"
    _description = "Result of a Goal"
    _inherit = ["care.frozen"]
    _order = "date desc, id desc"

    review_id = fields.Many2one("care.plan.review", required=True, index=True, ondelete="cascade")
    goal_id = fields.Many2one("care.plan.goal", required=True, index=True, ondelete="cascade")
    plan_id = fields.Many2one(related="review_id.plan_id", store=True, precompute=True, index=True)
    client_id = fields.Many2one(related="review_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="review_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True, precompute=True)
    date = fields.Date(related="review_id.date", store=True, precompute=True)
    state = fields.Selection(GOAL_STATES, "Result", required=True, default="open")
    goal_name = fields.Text(related="goal_id.name", string="Goal's Wording", related_sudo=False)
    lineage_id = fields.Many2one(
        "care.plan.goal",
        "Goal over Time",
        compute="_compute_lineage_id",
        store=True,
        precompute=True,
        index=True,
        help="The goal's first version: results of all versions of the plan follow one line.",
    )
    goal_title = fields.Char(compute="_compute_lineage_id", store=True, precompute=True)
    nearness = OptionalInteger("How Near", help="How near the goal feels to the client, 0 to 10.")
    understandable = OptionalInteger()
    manageable = OptionalInteger()
    meaning = OptionalInteger()
    nearness_answer = fields.Selection(
        SCORES,
        "How Near the Goal Feels",
        compute="_compute_nearness_answer",
        inverse="_inverse_nearness_answer",
    )
    meaning_answer = fields.Selection(
        SCORES, "It Matters", compute="_compute_meaning_answer", inverse="_inverse_meaning_answer"
    )
    note = fields.Text("What Has Happened")

    _once = models.UniqueIndex("(review_id, goal_id)", "The review already has a result for this goal.")
    _scores = models.Constraint(
        "CHECK ((nearness IS NULL OR nearness BETWEEN 0 AND 10)"
        " AND (understandable IS NULL OR understandable BETWEEN 0 AND 10)"
        " AND (manageable IS NULL OR manageable BETWEEN 0 AND 10)"
        " AND (meaning IS NULL OR meaning BETWEEN 0 AND 10))",
        "Answer with a number from 0 to 10, or skip the question.",
    )
    _frozen = models.Constraint("CHECK (TRUE)", "A signed review is not changed. Write a new one.")

    def init(self):
        parent = "EXISTS (SELECT 1 FROM care_plan_review r WHERE r.id = {}.review_id AND r.state = 'done')"
        frozen.guard(
            self.env.cr,
            "care_plan_review_result",
            insert=parent.format("NEW"),
            update=f"{parent.format('OLD')} AND {frozen.changed(*RESULT_CONTENT)}",
            delete=parent.format("OLD"),
            listed="care_retention_lists('care.plan', OLD.plan_id)",
        )

    @api.depends("goal_id")
    def _compute_lineage_id(self):
        for result in self:
            goal = result.goal_id
            while goal.previous_id:
                goal = goal.previous_id
            result.lineage_id = goal
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

    def _is_frozen(self):
        self.ensure_one()
        return self.review_id.state == "done"

    def _frozen_message(self):
        return self.env["care.plan.review"]._frozen_message()

    def _check_parent_open(self):
        if any(result._is_frozen() for result in self.sudo()):
            raise UserError(self._frozen_message())

    def _listed_for_retention(self):
        listed = self.plan_id._listed_for_retention()
        return self.filtered(lambda result: result.plan_id in listed)
