from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import frozen

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
# The agreement itself, fixed from the proposal on; what the parties see and sign.
PLAN_CONTENT = (
    "reference", "client_id", "unit_id", "name", "version", "date_from", "review_date", "own_goals",
    "participation", "participants", "influence", "cooperation", "follow_up", "child_view", "guardian_view",
    "family_contact", "board_contact", "content", "content_hash", "proposed_at", "proposed_by_id",
)  # fmt: skip
# How it came into force, fixed from the activation on.
PLAN_ACTIVATION = ("agreement", "activated_at", "activated_by_id", "activation_reason")
PLAN_END = ("ended_on", "end_reason")
FROZEN_MESSAGE = (
    "What is proposed or signed is not changed. Revise the plan instead: the earlier version stays readable."
)


class CarePlan(models.Model):
    """What is done, by whom, when and how, and the client's own part: an agreement that is signed.

    A unit has one active plan for a client. From the proposal on the content is frozen: by the ORM
    (care_frozen.py) and by the database (``init`` below).
    """

    _name = "care.plan"
    _description = "Implementation Plan"
    _inherit = ["care.frozen"]
    _order = "client_id, version desc, id desc"
    _rec_names_search = ["reference", "client_id"]
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
    is_revision = fields.Boolean(compute="_compute_is_revision")
    state = fields.Selection(PLAN_STATES, required=True, default="draft", readonly=True, copy=False)
    template_id = fields.Many2one("care.plan.template", check_company=True, ondelete="restrict")
    template_kind = fields.Selection(related="template_id.kind")
    decision_ids = fields.Many2many(
        "care.decision",
        "care_plan_decision_rel",
        "plan_id",
        "decision_id",
        "Decisions",
        domain="[('client_id', '=', client_id), ('unit_id', '=', unit_id)]",
    )
    date_from = fields.Date("From", default=fields.Date.context_today)
    review_date = fields.Date(
        "Review",
        compute="_compute_review_date",
        store=True,
        readonly=False,
        precompute=True,
        help="When the plan is followed up the first time.",
    )
    next_review_date = fields.Date(
        compute="_compute_next_review_date",
        store=True,
        help="The review date, or what the latest review decided.",
    )
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
    without_agreement = fields.Boolean(compute="_compute_without_agreement")
    content = fields.Text(readonly=True, copy=False, exportable=False, help="What was proposed, as JSON.")
    content_hash = fields.Char(readonly=True, copy=False, help="SHA-256 of what was proposed.")
    document_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    document_hash = fields.Char(readonly=True, copy=False, help="SHA-256 of the document.")
    proposed_at = fields.Datetime("Proposed", readonly=True, copy=False)
    proposed_by_id = fields.Many2one("res.users", "Proposed by", readonly=True, copy=False)
    activated_at = fields.Datetime("Active since", readonly=True, copy=False)
    activated_by_id = fields.Many2one("res.users", "Activated by", readonly=True, copy=False)
    activation_reason = fields.Text("Why without the Client's Agreement", readonly=True, copy=False)
    ended_on = fields.Date("Ended", readonly=True, copy=False)
    end_reason = fields.Text("Why It Ended", readonly=True, copy=False)
    author_ids = fields.Many2many(
        "res.users", "care_plan_author_rel", "plan_id", "user_id", "Written by", readonly=True, copy=False
    )

    # For the screen
    has_new_decision_goals = fields.Boolean(compute="_compute_has_new_decision_goals")
    may_propose = fields.Boolean(
        compute="_compute_may_propose", help="The contact person, or a manager of the unit."
    )
    contact_person_id = fields.Many2one("care.contact.person", compute="_compute_contact_person_id")
    missing = fields.Html(
        compute="_compute_missing", help="What must be filled in before the plan is proposed."
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

    _verb_fields = frozenset(
        {
            "reference", "version", "state", "agreement", "content", "content_hash", "document_id", "document_hash",
            "previous_id",            "proposed_at", "proposed_by_id", "activated_at", "activated_by_id", "activation_reason", "ended_on",
            "end_reason", "author_ids", "signature_ids", "next_review_date",
        }
    )  # fmt: skip

    def init(self):
        returned = "(OLD.state = 'proposed' AND NEW.state = 'draft')"
        frozen.guard(
            self.env.cr,
            "care_plan",
            update=f"{frozen.illegal_move(PLAN_TRANSITIONS)} OR (OLD.state <> 'draft' AND ("
            f"{frozen.changed(*PLAN_CONTENT)} OR {frozen.relinked('previous_id', 'template_id')}"
            f" OR (OLD.document_id IS NOT NULL AND {frozen.changed('document_id', 'document_hash')} AND NOT {returned})"
            f" OR (OLD.state <> 'proposed' AND {frozen.changed(*PLAN_ACTIVATION)})"
            f" OR (OLD.state IN ('replaced', 'ended') AND {frozen.changed(*PLAN_END)})))",
            delete="OLD.state <> 'draft' OR EXISTS (SELECT 1 FROM care_signature s WHERE s.plan_id = OLD.id)",
            listed="care_retention_lists('care.plan', OLD.id)",
        )
        parent = "EXISTS (SELECT 1 FROM care_plan p WHERE p.id = {}.plan_id AND p.state <> 'draft')"
        frozen.guard(
            self.env.cr,
            "care_plan_decision_rel",
            insert=parent.format("NEW"),
            update=parent.format("OLD"),
            delete=parent.format("OLD"),
            listed="care_retention_lists('care.plan', OLD.plan_id)",
            key="plan_id",
            constraint="care_plan_frozen",
        )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------

    @api.depends("previous_id")
    def _compute_is_revision(self):
        for plan in self:
            plan.is_revision = bool(plan.previous_id)

    @api.depends("date_from", "company_id.care_plan_review_months")
    def _compute_review_date(self):
        for plan in self:
            months = plan.company_id.care_plan_review_months or 6
            if plan.date_from and not plan.review_date:
                plan.review_date = plan.date_from + relativedelta(months=months)
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

    @api.depends("decision_ids.goal", "goal_ids.decision_id")
    def _compute_has_new_decision_goals(self):
        for plan in self:
            plan.has_new_decision_goals = bool(plan.decision_ids.filtered("goal") - plan.goal_ids.decision_id)

    @api.depends_context("uid")
    @api.depends("client_id", "unit_id")
    def _compute_may_propose(self):
        mine = self._filtered_contact_person() | self._filtered_management()
        for plan in self:
            plan.may_propose = plan._origin in mine

    @api.depends("client_id", "unit_id")
    def _compute_contact_person_id(self):
        contacts = self.env["care.contact.person"]
        domain = Domain("client_id", "in", self.client_id.ids) & Domain("role", "=", "primary")
        found = {}
        for contact in contacts.search(domain & contacts._domain_now()):
            found.setdefault((contact.client_id, contact.unit_id), contact)
        for plan in self:
            plan.contact_person_id = found.get((plan.client_id._origin, plan.unit_id._origin), False)

    def _filtered_contact_person(self):
        """The plans whose client's contact person, or deputy, in the unit is the current user now."""
        contacts = self.env["care.contact.person"]
        domain = Domain("client_id", "in", self.client_id.ids) & Domain("user_id", "=", self.env.uid)
        pairs = {
            (contact.client_id.id, contact.unit_id.id)
            for contact in contacts.sudo().search(
                domain & contacts._domain_now()
            )  # sudo: a yes or no, no content
        }
        return self._origin.filtered(lambda plan: (plan.client_id.id, plan.unit_id.id) in pairs)

    def _filtered_management(self):
        """The plans of units that the current user manages now."""
        if not self.env.user.has_group("social_care.group_care_manager"):
            return self.browse()
        plans = self.sudo(False)
        return plans.search([("id", "in", self.ids), ("opened_by", "=", "management")]).sudo(self.env.su)

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
        months = self.company_id.care_plan_review_months
        if not start <= review <= start + relativedelta(months=months):
            raise ValidationError(
                self.env._(
                    "The review must come at most %s months ahead, and not in the past. Choose another day.",
                    months,
                )
            )

    # ------------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        for plan, vals in zip(plans, vals_list, strict=True):
            plan._move({"reference": self.env["ir.sequence"].sudo().next_by_code("care.plan")})
            is_import = self.env.context.get("import_file")
            if vals.get("template_id") and not (vals.get("goal_ids") or vals.get("line_ids") or is_import):
                plan._apply_template()
        plans._note_authors()
        return plans

    def write(self, vals):
        result = super().write(vals)
        if vals:
            self._note_authors()
        return result

    def _is_frozen(self):
        self.ensure_one()
        return self.state != "draft"

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsigned(self):
        plans = self - self._listed_for_retention()
        if plans.signature_ids:
            raise UserError(self.env._("Somebody has signed this plan. It stays in the file."))

    def _note_authors(self):
        """Remember who wrote, and touch the plan: a proposal made at the same moment starts again."""
        if not self.ids:
            return
        self.env.flush_all()
        # A plain update of the plan's row serialises writing and proposing.
        self.env.cr.execute(
            SQL(
                "UPDATE care_plan SET write_uid = %s, write_date = %s WHERE id IN %s AND state = 'draft'",
                self.env.uid,
                self.env.cr.now(),
                self._ids,
            )
        )
        if self.env.user._is_superuser():
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_plan_author_rel (plan_id, user_id)"
                " SELECT id, %s FROM care_plan WHERE id IN %s AND state = 'draft' ON CONFLICT DO NOTHING",
                self.env.uid,
                self._ids,
            )
        )
        self.invalidate_recordset(["author_ids", "write_uid", "write_date"])

    # ------------------------------------------------------------------
    # How it begins
    # ------------------------------------------------------------------

    def action_apply_template(self):
        """Add what the template suggests, under its headings, for the two to work on."""
        for plan in self:
            plan.check_access("write")
            if plan._is_frozen():
                raise UserError(plan._frozen_message())
            if not plan.template_id:
                raise UserError(self.env._("Choose a template first."))
            plan._apply_template()

    def _apply_template(self):
        """The decisions' goals, and the template's suggestions in the client's language."""
        self.ensure_one()
        if not self.decision_ids:
            decisions = self.env["care.decision"]
            self.decision_ids = decisions.search(
                decisions._domain_now()
                & Domain("client_id", "=", self.client_id.id)
                & Domain("unit_id", "=", self.unit_id.id)
            )
        self._add_decision_goals()
        template = self.template_id.with_context(lang=self.client_id.lang or self.env.lang)
        self.env["care.plan.goal"].create(
            [
                {
                    "plan_id": self.id,
                    "sequence": 100 + number,
                    "heading": goal.heading,
                    "name": goal.name,
                    "life_area_ids": goal.life_area_ids.ids,
                    "line_ids": [fields.Command.create(line._plan_line_vals()) for line in goal.line_ids],
                }
                for number, goal in enumerate(template.goal_ids)
            ]
        )

    def action_add_decision_goals(self):
        for plan in self:
            plan.check_access("write")
            if plan._is_frozen():
                raise UserError(plan._frozen_message())
            plan._add_decision_goals()

    def _add_decision_goals(self):
        """A goal for each decision that has one and is not in the plan yet."""
        new = self.decision_ids.filtered("goal") - self.goal_ids.decision_id
        self.env["care.plan.goal"].create(
            [
                {"plan_id": self.id, "source": "decision", "decision_id": decision.id, "sequence": number}
                for number, decision in enumerate(new)
            ]
        )

    def action_open_progress(self):
        """How near the goals have come, over all versions of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_plan_review_result_action")
        return action | {"domain": [("client_id", "=", self.client_id.id), ("unit_id", "=", self.unit_id.id)]}
