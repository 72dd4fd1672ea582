from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.fields import OptionalInteger, show_answer, take_answer
from .care_plan import FROZEN_MESSAGE

GOAL_STATES = [
    ("open", "In progress"),
    ("achieved", "Achieved"),
    ("partly", "Partly achieved"),
    ("not_achieved", "Not achieved"),
    ("dropped", "Dropped"),
]


SCORES = [(str(score), str(score)) for score in range(11)]
# A goal that means less than this to the client is worth another talk.
MEANS_LITTLE = 5


class CarePlanGoal(models.Model):
    """A goal: the decision's, word for word, or the client's own, in own words."""

    _name = "care.plan.goal"
    _description = "Goal"
    _inherit = ["care.walled"]
    _order = "plan_id, sequence, id"
    _frozen_with = _retained_with = "plan_id"

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    plan_state = fields.Selection(related="plan_id.state", string="Plan's State")
    sequence = fields.Integer(default=10, signed=True)
    heading = fields.Char(help="The template's own domain: Housing, Occupation.", signed=True)
    name = fields.Text(
        "Goal", required=True, help="As the client says it, or as the decision says it.", signed=True
    )
    source = fields.Selection(
        [("own", "The client's own"), ("decision", "The decision's")],
        required=True,
        default="own",
        signed=True,
    )
    decision_id = fields.Many2one("care.decision", index="btree_not_null", ondelete="restrict", frozen=True)
    life_area_ids = fields.Many2many(
        "care.life.area",
        "care_plan_goal_area_rel",
        "goal_id",
        "area_id",
        "Life Areas",
        signed=True,
    )
    line_ids = fields.One2many("care.plan.line", "goal_id", "Lines")
    line_summary = fields.Html(
        compute="_compute_line_summary", help="What is done for the goal, by whom and when."
    )

    # Sense of coherence: 0-10 each, or skipped
    understandable = OptionalInteger(help="I understand what will happen.", signed=True)
    manageable = OptionalInteger(help="I think I can manage it, with my help.", signed=True)
    meaning = OptionalInteger(help="It matters to me.", signed=True)

    understandable_answer = fields.Selection(
        SCORES,
        "I understand what will happen",
        compute="_compute_understandable_answer",
        inverse="_inverse_understandable_answer",
    )
    manageable_answer = fields.Selection(
        SCORES,
        "I think I can manage it, with my help",
        compute="_compute_manageable_answer",
        inverse="_inverse_manageable_answer",
    )
    meaning_answer = fields.Selection(
        SCORES, "It matters to me", compute="_compute_meaning_answer", inverse="_inverse_meaning_answer"
    )
    means_little = fields.Boolean(compute="_compute_means_little")

    # How it went
    state = fields.Selection(
        GOAL_STATES, required=True, default="open", readonly=True, copy=False, by_verb=True
    )
    evaluation = fields.Text(readonly=True, copy=False, by_verb=True)
    previous_id = fields.Many2one(
        "care.plan.goal",
        "Continues",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        by_verb=True,
        frozen=True,
    )

    _scores = models.Constraint(
        "CHECK ((understandable IS NULL OR understandable BETWEEN 0 AND 10)"
        " AND (manageable IS NULL OR manageable BETWEEN 0 AND 10)"
        " AND (meaning IS NULL OR meaning BETWEEN 0 AND 10))",
        "Answer with a number from 0 to 10, or skip the question.",
    )
    _decision_of_source = models.Constraint(
        "CHECK ((source = 'decision') = (decision_id IS NOT NULL))",
        "A decision's goal names its decision; the client's own goal has none.",
    )
    _frozen = models.Constraint("CHECK (TRUE)", FROZEN_MESSAGE)

    @api.depends("understandable")
    def _compute_understandable_answer(self):
        show_answer(self, "understandable")

    def _inverse_understandable_answer(self):
        take_answer(self, "understandable")

    @api.depends("manageable")
    def _compute_manageable_answer(self):
        show_answer(self, "manageable")

    def _inverse_manageable_answer(self):
        take_answer(self, "manageable")

    @api.depends("meaning")
    def _compute_meaning_answer(self):
        show_answer(self, "meaning")

    def _inverse_meaning_answer(self):
        take_answer(self, "meaning")

    @api.depends("meaning")
    def _compute_means_little(self):
        for goal in self:
            goal.means_little = goal.meaning is not False and goal.meaning < MEANS_LITTLE

    @api.depends("line_ids.name", "line_ids.who_text", "line_ids.when_text")
    @api.depends_context("lang")
    def _compute_line_summary(self):
        item = Markup("<li><b>%s</b> <span class='text-muted'>%s</span></li>")
        for goal in self:
            items = [
                item % (line.name, " · ".join(filter(None, [line.when_text, line.who_text])))
                for line in goal.line_ids
            ]
            goal.line_summary = Markup("<ul class='mb-0 ps-3'>%s</ul>") % Markup().join(items)

    @api.onchange("decision_id")
    def _onchange_decision_id(self):
        if self.decision_id:
            self.name = self.decision_id.goal

    @api.constrains("decision_id", "plan_id")
    def _check_decision(self):
        for goal in self.filtered("decision_id"):
            decision = goal.decision_id
            if decision.client_id != goal.client_id or decision.unit_id != goal.unit_id:
                raise ValidationError(self.env._("The decision concerns another client or unit."))

    @api.model_create_multi
    def create(self, vals_list):
        """A decision's goal is the decision's wording, whatever the caller sends."""
        for vals in vals_list:
            if vals.get("source") == "decision" and vals.get("decision_id"):
                vals["name"] = self.env["care.decision"].browse(vals["decision_id"]).goal
        return super().create(vals_list)

    def write(self, vals):
        if {"source", "decision_id"} & vals.keys() or (
            "name" in vals and "decision" in self.mapped("source")
        ):
            for goal in self:
                if any(
                    vals[name] != goal._read_plain(name)
                    for name in {"source", "decision_id", "name"} & vals.keys()
                ):
                    raise UserError(
                        self.env._(
                            "A goal keeps its source, and a decision's goal its wording. Make the client's own goal beside it."
                        )
                    )
        return super().write(vals)

    def _read_plain(self, name):
        value = self[name]
        return value.id if name == "decision_id" else value
