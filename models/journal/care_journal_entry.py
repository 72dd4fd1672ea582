from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import frozen

ENTRY_KINDS = [
    ("note", "Note"),
    ("event", "Event of importance"),
    ("plan", "Follow-up of the plan"),
    ("relatives", "Contact with relatives"),
    ("contact", "Contact with others"),
    ("health", "Health and well-being"),
    ("decision", "Decision or measure"),
]


class CareJournalEntry(models.Model):
    """A note in a client's journal. A draft is its author's alone; what is signed is never changed.

    A correction is a new note that replaces the old one; a struck note stays readable with the reason.
    """

    _name = "care.journal.entry"
    _description = "Journal Note"
    _inherit = ["care.walled", "care.activity.mixin"]
    _order = "event_at desc, id desc"
    _frozen_from = "signed"
    _transitions = {"draft": {"signed"}, "signed": {"amended", "struck"}}
    _wall_exportable = {
        "id", ".id", "reference", "client_id", "unit_id", "company_id", "state", "event_at", "entered_at",
    }  # fmt: skip

    # Whose
    reference = fields.Char(compute="_compute_reference", search="_search_reference")
    client_id = fields.Many2one("care.client", required=True, ondelete="restrict", signed=True)
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    is_protected = fields.Boolean(related="client_id.is_protected", related_sudo=False)
    unit_id = fields.Many2one("care.unit", required=True, index=True, ondelete="restrict", signed=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)

    # When
    event_at = fields.Datetime(
        "When It Happened", required=True, default=fields.Datetime.now, signed=True, happened=True
    )
    entered_at = fields.Datetime(
        "When It Was Written",
        required=True,
        readonly=True,
        copy=False,
        help="When the text as it stands was last written, by the server's clock.",
        default=fields.Datetime.now,
        by_verb=True,
        signed=True,
    )
    is_late = fields.Boolean(
        "Written Late",
        compute="_compute_is_late",
        store=True,
        precompute=True,
        help="Written longer after the event than the provider's own limit.",
        by_verb=True,
        signed="late",
    )

    # Who
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
        by_verb=True,
        signed="author",
    )
    author_name = fields.Char(
        "Written by", readonly=True, copy=False, help="As it was at signing.", by_verb=True, signed="author"
    )
    author_title = fields.Char(
        "Title", readonly=True, copy=False, help="As it was at signing.", by_verb=True, signed="author"
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    # What
    kind = fields.Selection(ENTRY_KINDS, required=True, default="note", signed=True)
    body = fields.Text("What Happened", signed=True)
    body_short = fields.Char(compute="_compute_body_short")
    present = fields.Char("Who Was There", help="Besides the client and yourself.", signed=True)
    goal_id = fields.Many2one("care.plan.goal", index="btree_not_null", ondelete="set null", frozen=True)
    line_id = fields.Many2one(
        "care.plan.line", "Plan Line", index="btree_not_null", ondelete="set null", frozen=True
    )
    about = fields.Char(
        "Belongs To",
        readonly=True,
        copy=False,
        help="The goal or plan line as it was called at signing.",
        by_verb=True,
        signed=True,
    )

    # What became of it
    state = fields.Selection(
        [("draft", "Draft"), ("signed", "Signed"), ("amended", "Amended"), ("struck", "Struck")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        by_verb=True,
    )
    signed_at = fields.Datetime("Signed", readonly=True, copy=False, by_verb=True, signed=True)
    is_auto_signed = fields.Boolean(
        "Signed by the System",
        readonly=True,
        copy=False,
        help="The author had not signed within the set number of days.",
        by_verb=True,
        signed="by_system",
    )
    reminded_at = fields.Datetime(readonly=True, copy=False, by_verb=True)
    replaces_id = fields.Many2one(
        "care.journal.entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        by_verb=True,
        signed="replaces",
    )
    amend_reason = fields.Char("Why It Is Amended", copy=False, signed="replaces")
    replacement_ids = fields.One2many("care.journal.entry", "replaces_id", "Replacements")
    replaced_by_id = fields.Many2one("care.journal.entry", compute="_compute_replaced_by_id")
    strike_reason = fields.Text(
        "Why It Is Struck", readonly=True, copy=False, by_verb=True, frozen="struck", signed="struck"
    )
    struck_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="restrict",
        by_verb=True,
        frozen="struck",
        signed="struck",
    )
    struck_by_name = fields.Char(
        "Struck by", readonly=True, copy=False, by_verb=True, frozen="struck", signed="struck"
    )
    struck_at = fields.Datetime(readonly=True, copy=False, by_verb=True, frozen="struck", signed="struck")
    objection_ids = fields.One2many("care.journal.objection", "entry_id", "Objections")

    _client_idx = models.Index("(client_id, event_at DESC, id DESC)")
    _unit_idx = models.Index("(unit_id, event_at DESC, id DESC)")
    _order_idx = models.Index("(event_at DESC, id DESC)")
    _draft_idx = models.Index("(entered_at) WHERE state = 'draft'")
    _one_replacement = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL",
        "Somebody is amending this note already. Wait until that is signed, or ask its author to discard it.",
    )
    _signed_complete = models.Constraint(
        "CHECK (state = 'draft' OR (body IS NOT NULL AND signed_at IS NOT NULL AND author_name IS NOT NULL))",
        "A signed note has a text, an author and the time of its signature.",
    )
    _struck_for_a_reason = models.Constraint(
        "CHECK ((state = 'struck') = (strike_reason IS NOT NULL))", "A note is struck for a reason."
    )
    _frozen = models.Constraint(
        "CHECK (TRUE)", "A signed note is not changed. Amend or strike it: what it said stays readable."
    )

    @api.model
    def _guard_conditions(self):
        """A note begins as a draft; who struck it and why is written when it is struck, and not before."""
        conditions = super()._guard_conditions()
        struck = frozen.changed(*(field.name for field in self._signed_fields() if field.signed == "struck"))
        early = f"(OLD.state <> 'draft' AND NEW.state <> 'struck' AND {struck})"
        return conditions | {"insert": "NEW.state <> 'draft'", "update": f"{conditions['update']} OR {early}"}

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------

    def _compute_reference(self):
        for entry in self:
            entry.reference = entry._origin.id and f"J{entry._origin.id:07}"

    @api.model
    def _search_reference(self, operator, value):
        """By the whole number, ``J0000012`` or ``12``: the search field sends ``ilike``."""
        if operator not in ("in", "=ilike", "ilike"):
            return NotImplemented
        texts = value if operator == "in" else [value]
        numbers = [text.strip().lstrip("Jj") for text in texts if isinstance(text, str)]
        return Domain("id", "in", [int(text) for text in numbers if text.isdecimal() and len(text) < 10])

    @api.depends("event_at", "entered_at")
    def _compute_is_late(self):
        """By the hours that have passed, whatever the clocks on the wall did that night."""
        for entry in self:
            if entry.event_at and entry.entered_at:
                limit = self.env["care.rule"]._period("journal_late", entry.unit_id.company_id)
                entry.is_late = entry.entered_at > entry.event_at + limit
            else:
                entry.is_late = False

    @api.depends("author_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for entry in self:
            entry.is_mine = entry.author_id == self.env.user

    @api.depends("body")
    def _compute_body_short(self):
        for entry in self:
            entry.body_short = " ".join((entry.body or "").split())[:200]

    @api.depends("replacement_ids.state")
    def _compute_replaced_by_id(self):
        """The reader's own: another's draft of an amendment is nobody's business yet."""
        replacements = self.search([("replaces_id", "in", self.ids), ("state", "!=", "draft")])
        by_old = replacements.grouped("replaces_id")
        for entry in self:
            entry.replaced_by_id = by_old.get(entry._origin, replacements.browse())[:1]

    # ------------------------------------------------------------------
    # Rules of the content
    # ------------------------------------------------------------------

    @api.constrains("goal_id", "line_id", "client_id", "unit_id")
    def _check_goal(self):
        """A link shows a text of the plan: only of this client's, in this unit."""
        # sudo: another client's plan is closed to the writer; only whose it is and in which unit is compared
        for entry in self.sudo():
            for part in (entry.goal_id, entry.line_id):
                if part and (part.client_id, part.unit_id) != (entry.client_id, entry.unit_id):
                    raise ValidationError(
                        self.env._("The goal belongs to another plan. Choose one of the client's own.")
                    )

    # ------------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------------

    def write(self, vals):
        self.check_access("write")  # before it is told what is frozen
        result = super().write(vals)
        if "body" in vals:
            self._write_decided({"entered_at": fields.Datetime.now()})
        return result
