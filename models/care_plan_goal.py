from odoo import fields, models

from ..tools.fields import OptionalInteger

GOAL_STATES = [
    ("open", "In progress"),
    ("achieved", "Achieved"),
    ("partly", "Partly achieved"),
    ("not_achieved", "Not achieved"),
    ("dropped", "Dropped"),
]


class CarePlanGoal(models.Model):
    """A goal: the decision's, word for word, or the client's own, in own words."""

    _name = "care.plan.goal"
    _description = "Goal"
    _inherit = ["care.walled"]
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    heading = fields.Char()
    name = fields.Text("Goal", required=True)
    source = fields.Selection(
        [("own", "The client's own"), ("decision", "The decision's")], required=True, default="own"
    )
    decision_id = fields.Many2one("care.decision", index="btree_not_null")
    life_area_ids = fields.Many2many("care.life.area", string="Life Areas")
    line_ids = fields.One2many("care.plan.line", "goal_id", "Lines")

    # Sense of coherence: 0-10 each, or skipped
    understandable = OptionalInteger(help="I understand what will happen.")
    manageable = OptionalInteger(help="I think I can manage it, with my help.")
    meaning = OptionalInteger(help="It matters to me.")

    # How it went
    state = fields.Selection(GOAL_STATES, required=True, default="open", readonly=True, copy=False)
    evaluation = fields.Text(readonly=True, copy=False)
    previous_id = fields.Many2one(
        "care.plan.goal", "Continues", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    _scores = models.Constraint(
        "CHECK ((understandable IS NULL OR understandable BETWEEN 0 AND 10)"
        " AND (manageable IS NULL OR manageable BETWEEN 0 AND 10)"
        " AND (meaning IS NULL OR meaning BETWEEN 0 AND 10))",
        "Answer with a number from 0 to 10, or skip the question.",
    )
