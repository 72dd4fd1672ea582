from odoo import fields, models

PLAN_STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("active", "Active"),
    ("replaced", "Replaced"),
    ("ended", "Ended"),
]
PLAN_TRANSITIONS = {
    "draft": {"proposed"},
    "proposed": {"draft", "active"},
    "active": {"replaced", "ended"},
    "replaced": set(),
    "ended": set(),
}


class CarePlan(models.Model):
    """What is done, by whom, when and how, and the client's own part: an agreement that is signed.

    A unit has one active plan for a client. What is proposed is frozen, see care_plan_frozen.py.
    """

    _name = "care.plan"
    _description = "Implementation Plan"
    _inherit = ["care.walled"]
    _order = "client_id, version desc, id desc"
    _check_company_auto = True

    # Whose
    reference = fields.Char(readonly=True, copy=False)
    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="restrict")
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    is_protected = fields.Boolean(related="client_id.is_protected", related_sudo=False)
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)

    # Which
    name = fields.Char("Title", required=True, default=lambda self: self.env._("Implementation plan"))
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    state = fields.Selection(PLAN_STATES, required=True, default="draft", readonly=True, copy=False)
    template_id = fields.Many2one("care.plan.template", check_company=True)
    template_kind = fields.Selection(related="template_id.kind")
    decision_ids = fields.Many2many(
        "care.decision",
        string="Decisions",
        domain="[('client_id', '=', client_id), ('unit_id', '=', unit_id)]",
    )
    date_from = fields.Date("From", default=fields.Date.context_today)
    review_date = fields.Date("Review", help="When the plan is followed up the first time.")
    previous_id = fields.Many2one("care.plan", "Replaces", readonly=True, copy=False, index="btree_not_null")

    # The client's say
    own_goals = fields.Text(
        "In the Client's Own Words", help="What the client wants with life, as the client says it."
    )
    participation = fields.Selection(
        [
            ("took_part", "Took part"),
            ("could_not", "Could not take part"),
            ("declined", "Did not want to take part"),
        ]
    )
    participants = fields.Char(help="Who else took part in making the plan.")
    influence = fields.Text(
        help="How the client has influenced the plan, and how wishes that are not met were answered."
    )
    cooperation = fields.Text(help="Others who support the client, and who speaks with them.")
    follow_up = fields.Text("How It Is Followed Up")

    # A child's plan
    child_view = fields.Text("The Child's Own View")
    guardian_view = fields.Text("The Guardians' View")
    family_contact = fields.Text("Contact with Parents, Siblings and Others")
    board_contact = fields.Text("Contact with the Board")

    # What it holds
    goal_ids = fields.One2many("care.plan.goal", "plan_id", "Goals")
    line_ids = fields.One2many("care.plan.line", "plan_id", "Lines")
    review_ids = fields.One2many("care.plan.review", "plan_id", "Reviews")
    signature_ids = fields.One2many("care.signature", "plan_id", "Signatures")

    # The agreement
    agreement = fields.Selection(
        [
            ("pending", "Not yet"),
            ("agreed", "Agreed"),
            ("declined", "Declined"),
            ("could_not", "Could not"),
        ],
        "The Client",
        default="pending",
        readonly=True,
        copy=False,
    )
    content = fields.Text(readonly=True, copy=False, exportable=False)
    content_hash = fields.Char(readonly=True, copy=False)
    document_id = fields.Many2one("ir.attachment", readonly=True, copy=False, index="btree_not_null")

    _one_active = models.UniqueIndex(
        "(client_id, unit_id) WHERE state = 'active'",
        "The client already has an active plan in this unit. Revise that one, or end it first.",
    )
    _unit_idx = models.Index("(unit_id, client_id, state)")
