from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...tools import frozen

REVIEW_CONTENT = (
    "plan_id", "client_id", "unit_id", "kind", "date", "author_id", "goal_id", "participants", "client_view", "body",
    "next_review_date", "signed_at", "signed_by_id",
)  # fmt: skip
REVIEW_TRANSITIONS = {"draft": {"done"}, "done": set()}


class CarePlanReview(models.Model):
    """A timed review of the plan, or a note of an everyday conversation about one goal.

    Once signed it is frozen. It is written on an active plan, whose content it does not touch.
    """

    _name = "care.plan.review"
    _description = "Plan Review"
    _inherit = ["care.frozen"]
    _order = "date desc, id desc"

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [("timed", "Review"), ("everyday", "Everyday conversation")], required=True, default="timed"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    author_id = fields.Many2one(
        "res.users", "Written by", readonly=True, copy=False, default=lambda self: self.env.uid
    )
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Signed")], required=True, default="draft", readonly=True, copy=False
    )
    goal_id = fields.Many2one(
        "care.plan.goal",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('plan_id', '=', plan_id)]",
        help="What the conversation was about.",
    )
    participants = fields.Char("Who Took Part")
    client_view = fields.Text("What the Client Says")
    body = fields.Text("What We Have Seen")
    next_review_date = fields.Date("Next Review")
    result_ids = fields.One2many("care.plan.review.result", "review_id", "Results")
    signed_at = fields.Datetime("Signed", readonly=True, copy=False)
    signed_by_id = fields.Many2one("res.users", "Signed by", readonly=True, copy=False)

    _frozen = models.Constraint("CHECK (TRUE)", "A signed review is not changed. Write a new one.")

    _verb_fields = frozenset({"state", "author_id", "signed_at", "signed_by_id"})

    def init(self):
        frozen.guard(
            self.env.cr,
            "care_plan_review",
            update=f"{frozen.illegal_move(REVIEW_TRANSITIONS)} OR (OLD.state = 'done' AND"
            f" {frozen.changed(*REVIEW_CONTENT)})",
            delete="OLD.state = 'done' AND EXISTS (SELECT 1 FROM care_plan p WHERE p.id = OLD.plan_id)",
            listed="care_retention_lists('care.plan', OLD.plan_id)",
        )

    def _is_frozen(self):
        self.ensure_one()
        return self.state == "done"

    def _frozen_message(self):
        return self.env._("A signed review is not changed. Write a new one.")

    def _listed_for_retention(self):
        listed = self.plan_id._listed_for_retention()
        return self.filtered(lambda review: review.plan_id in listed)

    @api.constrains("goal_id", "kind")
    def _check_goal(self):
        for review in self:
            if review.goal_id and review.goal_id.plan_id != review.plan_id:
                raise ValidationError(
                    self.env._("The goal belongs to another plan. Choose one of this plan's goals.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A timed review asks about every goal that is still open."""
        reviews = super().create(vals_list)
        for review, vals in zip(reviews, vals_list, strict=True):
            if review.kind == "timed" and not vals.get("result_ids"):
                goals = review.plan_id.goal_ids.filtered(lambda goal: goal.state in ("open", "partly"))
                review.result_ids = [
                    Command.create({"goal_id": goal.id, "state": goal.state}) for goal in goals
                ]
        return reviews

    def write(self, vals):
        if "plan_id" in vals and any(review.plan_id.id != vals["plan_id"] for review in self):
            raise UserError(self.env._("A review stays with its plan."))
        return super().write(vals)

    def action_done(self):
        """Sign the review; its results become the goals' and its next day the plan's."""
        for review in self:
            review.check_access("write")
            if review.state != "draft":
                raise UserError(self.env._("This review is signed already."))
            review._check_complete()
            self.env.flush_all()  # the results before the review that freezes them
            now = fields.Datetime.now()
            review._move({"state": "done", "signed_at": now, "signed_by_id": self.env.uid})
            for result in review.result_ids:
                result.goal_id._move({"state": result.state, "evaluation": result.note})
            review.flush_recordset()
            review.plan_id._update_reminders()

    def _check_complete(self):
        if self.plan_id.state not in ("active", "replaced"):
            raise UserError(self.env._("Only an active plan is reviewed."))
        if self.kind == "everyday":
            if not (self.client_view or self.body):
                raise UserError(self.env._("Write what was said."))
            return
        if not self.next_review_date:
            raise UserError(self.env._("Choose the day of the next review."))
        self.plan_id._check_review_ahead(self.date, self.next_review_date)
