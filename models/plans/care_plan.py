from odoo import api, fields, models
from odoo.exceptions import ValidationError

PLAN_STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("active", "Active"),
    ("replaced", "Replaced"),
    ("ended", "Ended"),
]
FROZEN_MESSAGE = (
    "What is proposed or signed is not changed. Revise the plan instead: the earlier version stays readable."
)


class CarePlan(models.Model):
    """What is done, by whom, when and how, and the client's own part: an agreement that is signed.

    A unit has one active plan for a client. From the proposal on the content is frozen, each field by its
    own word (``care.guarded``).
    """

    _name = "care.plan"
    _description = "Implementation Plan"
    _inherit = ["care.walled"]
    _order = "client_id, version desc, id desc"
    _rec_names_search = ["reference", "client_id"]
    _check_company_auto = True
    _frozen_from = "proposed"
    _transitions = {
        "draft": {"proposed"},
        "proposed": {"draft", "active"},
        "active": {"replaced", "ended"},
    }

    # Whose
    reference = fields.Char(readonly=True, copy=False, by_verb=True, signed=True)
    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="restrict", frozen=True)
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    is_protected = fields.Boolean(related="client_id.is_protected", related_sudo=False)
    unit_id = fields.Many2one("care.unit", required=True, index=True, frozen=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)

    # Which
    name = fields.Char(
        "Title", required=True, default=lambda self: self.env._("Implementation plan"), signed=True
    )
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None, by_verb=True, signed=True)
    is_revision = fields.Boolean(compute="_compute_is_revision")
    state = fields.Selection(
        PLAN_STATES, required=True, default="draft", readonly=True, copy=False, by_verb=True
    )
    template_id = fields.Many2one("care.plan.template", check_company=True, ondelete="restrict", frozen=True)
    template_kind = fields.Selection(related="template_id.kind")
    decision_ids = fields.Many2many(
        "care.decision",
        "care_plan_decision_rel",
        "plan_id",
        "decision_id",
        "Decisions",
        domain="[('client_id', '=', client_id), ('unit_id', '=', unit_id)]",
        signed=True,
    )
    date_from = fields.Date("From", default=fields.Date.context_today, signed=True)
    review_date = fields.Date(
        "Review",
        compute="_compute_review_date",
        store=True,
        readonly=False,
        precompute=True,
        help="When the plan is followed up the first time.",
        signed=True,
    )
    next_review_date = fields.Date(
        compute="_compute_next_review_date",
        store=True,
        help="The review date, or what the latest review decided.",
        by_verb=True,
    )
    previous_id = fields.Many2one(
        "care.plan", "Replaces", readonly=True, copy=False, index="btree_not_null", by_verb=True, frozen=True
    )
    previous_version = fields.Integer("Version before", related="previous_id.version", related_sudo=False)

    # The client's say
    own_goals = fields.Text(
        "In the Client's Own Words",
        help="What the client wants with life, as the client says it.",
        signed=True,
    )
    participation = fields.Selection(
        [
            ("took_part", "Took part"),
            ("could_not", "Could not take part"),
            ("declined", "Did not want to take part"),
        ],
        signed=True,
    )
    participants = fields.Char(help="Who else took part in making the plan.", signed=True)
    influence = fields.Text(
        help="How the client has influenced the plan, and how wishes that are not met were answered.",
        signed=True,
    )
    cooperation = fields.Text(help="Others who support the client, and who speaks with them.", signed=True)
    follow_up = fields.Text("How It Is Followed Up", signed=True)

    # A child's plan
    child_view = fields.Text("The Child's Own View", signed=True)
    guardian_view = fields.Text("The Guardians' View", signed=True)
    family_contact = fields.Text("Contact with Parents, Siblings and Others", signed=True)
    board_contact = fields.Text("Contact with the Board", signed=True)

    # What it holds
    goal_ids = fields.One2many("care.plan.goal", "plan_id", "Goals")
    line_ids = fields.One2many("care.plan.line", "plan_id", "Lines")
    review_ids = fields.One2many("care.plan.review", "plan_id", "Reviews")
    signature_ids = fields.One2many("care.signature", "plan_id", "Signatures", by_verb=True)

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
        by_verb=True,
        frozen="active",
    )
    without_agreement = fields.Boolean(compute="_compute_without_agreement")
    content = fields.Text(
        readonly=True,
        copy=False,
        exportable=False,
        help="What was proposed, as JSON.",
        by_verb=True,
        frozen=True,
    )
    content_hash = fields.Char(
        readonly=True, copy=False, help="SHA-256 of what was proposed.", by_verb=True, frozen=True
    )
    document_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        by_verb=True,
        frozen="document_id",
    )
    document_hash = fields.Char(
        readonly=True, copy=False, help="SHA-256 of the document.", by_verb=True, frozen="document_id"
    )
    proposed_at = fields.Datetime("Proposed", readonly=True, copy=False, by_verb=True, signed=True)
    proposed_by_id = fields.Many2one(
        "res.users", "Proposed by", readonly=True, copy=False, ondelete="restrict", by_verb=True, frozen=True
    )
    activated_at = fields.Datetime("Active since", readonly=True, copy=False, by_verb=True, frozen="active")
    activated_by_id = fields.Many2one(
        "res.users",
        "Activated by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        by_verb=True,
        frozen="active",
    )
    activation_reason = fields.Text(
        "Why without the Client's Agreement", readonly=True, copy=False, by_verb=True, frozen="active"
    )
    ended_on = fields.Date("Ended", readonly=True, copy=False, by_verb=True, frozen="replaced")
    end_reason = fields.Text("Why It Ended", readonly=True, copy=False, by_verb=True, frozen="replaced")
    author_ids = fields.Many2many(
        "res.users",
        "care_plan_author_rel",
        "plan_id",
        "user_id",
        "Written by",
        readonly=True,
        copy=False,
        by_verb=True,
    )

    _one_active = models.UniqueIndex(
        "(client_id, unit_id) WHERE state = 'active'",
        "The client already has an active plan in this unit. Revise that one, or end it first.",
    )
    _unit_idx = models.Index("(unit_id, client_id, state)")
    _one_revision = models.UniqueIndex(
        "(previous_id) WHERE state IN ('draft', 'proposed')",
        "A new version of this plan is being written already. Open that one.",
    )
    _review_idx = models.Index("(next_review_date) WHERE state = 'active'")
    _frozen = models.Constraint("CHECK (TRUE)", FROZEN_MESSAGE)

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------

    @api.depends("previous_id")
    def _compute_is_revision(self):
        for plan in self:
            plan.is_revision = bool(plan.previous_id)

    @api.depends("date_from", "company_id")
    def _compute_review_date(self):
        for plan in self:
            if plan.date_from and not plan.review_date:
                plan.review_date = plan.date_from + self.env["care.rule"]._period(
                    "plan_review", plan.company_id
                )
            else:
                plan.review_date = plan.review_date

    @api.depends("review_date", "review_ids.state", "review_ids.next_review_date")
    def _compute_next_review_date(self):
        done = self.env["care.plan.review"].search(
            [("plan_id", "in", self.ids), ("state", "=", "done"), ("next_review_date", "!=", False)],
            order="date desc, id desc",
        )
        by_plan = done.grouped("plan_id")
        for plan in self:
            latest = by_plan.get(plan._origin, done.browse())[:1]
            plan.next_review_date = latest.next_review_date or plan.review_date

    @api.depends("state", "agreement")
    def _compute_without_agreement(self):
        for plan in self:
            plan.without_agreement = (
                plan.state in ("active", "replaced", "ended")
                and plan.activated_at
                and plan.agreement != "agreed"
            )

    # ------------------------------------------------------------------
    # Rules of the content
    # ------------------------------------------------------------------

    @api.constrains("decision_ids", "client_id", "unit_id")
    def _check_decisions(self):
        for plan in self:
            if any(d.client_id != plan.client_id or d.unit_id != plan.unit_id for d in plan.decision_ids):
                raise ValidationError(self.env._("A decision of the plan concerns another client or unit."))

    @api.constrains("review_date", "date_from")
    def _check_review_date(self):
        for plan in self.filtered(lambda plan: plan.review_date and plan.date_from):
            plan._check_review_ahead(plan.date_from, plan.review_date)

    def _check_review_ahead(self, start, review):
        rule = self.env["care.rule"]
        if not start <= review <= start + rule._period("plan_review", self.company_id):
            raise ValidationError(
                self.env._(
                    "The review must come at most %s months ahead, and not in the past. Choose another day.",
                    rule._value("plan_review", self.company_id),
                )
            )

    # ------------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        for plan, vals in zip(plans, vals_list, strict=True):
            # sudo: the app's counters are closed to all; the next number alone comes back
            plan._write_decided({"reference": self.env["ir.sequence"].sudo().next_by_code("care.plan")})
            is_import = self.env.context.get("import_file")
            if vals.get("template_id") and not (vals.get("goal_ids") or vals.get("line_ids") or is_import):
                plan._apply_template()
        plans._note_authors()
        return plans

    def action_open_previous(self):
        """The version that this one replaces."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.previous_id.id,
            "views": [(False, "form")],
        }

    def action_open_progress(self):
        """How near the goals have come, over all versions of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_plan_review_result_action")
        return action | {"domain": [("client_id", "=", self.client_id.id), ("unit_id", "=", self.unit_id.id)]}
