from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class CarePlanReview(models.Model):
    """A timed review of the plan, or a note of an everyday conversation about one goal.

    Once signed it is frozen. It is written on an active plan, whose content it does not touch.
    """

    _name = "care.plan.review"
    _description = "Plan Review"
    _inherit = ["care.walled"]
    _order = "date desc, id desc"
    _frozen_from = "done"
    _retained_with = "plan_id"
    _transitions = {"draft": {"done"}}

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade", frozen="id")
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [("timed", "Review"), ("everyday", "Everyday conversation")],
        required=True,
        default="timed",
        frozen=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, frozen=True)
    author_id = fields.Many2one(
        "res.users",
        "Written by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.uid,
        ondelete="restrict",
        by_verb=True,
        frozen=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Signed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        by_verb=True,
    )
    goal_id = fields.Many2one(
        "care.plan.goal",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('plan_id', '=', plan_id)]",
        help="What the conversation was about.",
        frozen=True,
    )
    participants = fields.Char("Who Took Part", frozen=True)
    client_view = fields.Text("What the Client Says", frozen=True)
    body = fields.Text("What We Have Seen", frozen=True)
    next_review_date = fields.Date("Next Review", frozen=True)
    result_ids = fields.One2many("care.plan.review.result", "review_id", "Results")
    signed_at = fields.Datetime("Signed", readonly=True, copy=False, by_verb=True, frozen=True)
    signed_by_id = fields.Many2one(
        "res.users", "Signed by", readonly=True, copy=False, ondelete="restrict", by_verb=True, frozen=True
    )

    _frozen = models.Constraint("CHECK (TRUE)", "A signed review is not changed. Write a new one.")

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

    def action_done(self):
        """Sign the review; its results become the goals' and its next day the plan's."""
        for review in self:
            review._check_transition("done")
            review._check_complete()
            review._transition("done", signed_at=fields.Datetime.now(), signed_by_id=self.env.uid)

    def _after_transition(self, before):
        super()._after_transition(before)
        for result in self.result_ids:
            result.goal_id._write_decided({"state": result.state, "evaluation": result.note})
        self.plan_id._update_reminders()

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
