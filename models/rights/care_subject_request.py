from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ASKED_BY = [
    ("client", "The client"),
    ("representative", "Representative"),
    ("guardian", "Parent with custody"),
]


class CareSubjectRequest(models.Model):
    """A person asks what is stored about them (GDPR article 15): the clock, and which units have answered.

    The head holds no content. Each unit that keeps something makes and releases its own part, by a manager
    of its own, because of the wall; what belongs to no unit is the privacy officer's part.
    """

    _name = "care.subject.request"
    _description = "Register Extract"
    _inherit = ["care.walled"]
    _order = "due_on, id"
    _wall_unit = None
    _frozen_from = "released"
    _transitions = {"received": {"released", "rejected"}, "released": {"closed"}}

    reference = fields.Char(readonly=True, copy=False, by_verb=True, frozen=True)
    client_id = fields.Many2one(
        "care.client",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        by_context=True,
        frozen=True,
    )
    company_id = fields.Many2one(related="client_id.company_id", store=True, precompute=True, frozen=False)
    client_key = fields.Char(
        "Client's Reference or Personal Number",
        store=False,
        help="Whoever registers a request opens no file, so the client is named exactly.",
    )
    asked_by = fields.Selection(ASKED_BY, required=True, default="client", frozen=True)
    identity = fields.Char(
        "How the Identity Was Checked",
        required=True,
        help="Known to us, ID card, BankID; the mandate, too.",
        frozen=True,
    )
    received_on = fields.Date(
        "Received", required=True, default=fields.Date.context_today, frozen=True, happened=True
    )
    due_on = fields.Date("Answer By", readonly=True, copy=False, by_verb=True, frozen=True)
    extension_reason = fields.Text(
        "Why It Takes Longer", readonly=True, copy=False, by_verb=True, frozen=True
    )
    state = fields.Selection(
        [
            ("received", "Received"),
            ("released", "Released"),
            ("closed", "Handed over"),
            ("rejected", "Rejected"),
        ],
        required=True,
        default="received",
        readonly=True,
        copy=False,
        by_verb=True,
    )
    rejection_reason = fields.Text(
        "Why It Was Rejected", readonly=True, copy=False, by_verb=True, frozen=True
    )
    registered_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        by_verb=True,
        frozen=True,
    )
    closed_on = fields.Date("Done", readonly=True, copy=False, by_verb=True, frozen="closed")
    part_ids = fields.One2many("care.subject.part", "request_id", "Parts")
    progress = fields.Text("Units", compute="_compute_progress", compute_sudo=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _reference_uniq = models.UniqueIndex("(reference)", "This reference exists already. Try again.")
    _open_idx = models.Index("(company_id, due_on) WHERE state IN ('received', 'released')")
    _rejected_why = models.Constraint(
        "CHECK (state <> 'rejected' OR rejection_reason IS NOT NULL)",
        "State why the request was rejected, and how that can be appealed.",
    )
    _frozen = models.Constraint("CHECK (TRUE)", "A request that is answered is not changed.")

    @api.depends("reference")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.reference

    @api.depends("part_ids.state")
    def _compute_progress(self):
        """What the privacy officer sees of the units' parts: how far they are, and nothing of what they hold."""
        states = dict(self.env["care.subject.part"]._fields["state"]._description_selection(self.env))
        provider = self.env._("The provider")
        stuck = self.part_ids._without_manager()
        for request in self:
            request.progress = "\n".join(
                f"{part.unit_id.name or provider}: {states[part.state]}"
                + (self.env._(" - the unit has no manager who can make it") if part in stuck else "")
                for part in request.part_ids
            )

    @api.depends("due_on", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for request in self:
            waits = request.due_on and request.state in ("received", "released")
            request.is_late = bool(waits) and request.due_on < today

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = fields.Domain([("state", "in", ("received", "released")), ("due_on", "<", today)])
        return fields.Domain.OR(late if wanted else ~late for wanted in value)

    # ------------------------------------------------------------------
    # Registering
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """One month from the day it came (article 12.3). The parts are made at once."""
        self.check_access("create")  # before the client is looked for
        self._check_handed_in({name for vals in vals_list for name in vals}, "create")
        for vals in vals_list:
            if key := vals.pop("client_key", None):
                vals["client_id"] = self.env["care.client.lockout"]._client_by_key(key).id
            received = fields.Date.to_date(vals.get("received_on")) or fields.Date.context_today(self)
            vals["due_on"] = received + self.env["care.rule"]._period("extract")
            # sudo: the next number is all that comes back, whoever may read sequences
            vals["reference"] = self.env["ir.sequence"].sudo().next_by_code("care.subject.request")
        with self._deciding("due_on", "reference"):
            requests = super().create(vals_list)
        # sudo: nobody has the right to make parts; which there are follows from the request
        for request_sudo in requests.sudo():
            request_sudo._make_parts()
        return requests

    def _check_named(self, name, records):
        """A request opens nothing, and the officer who registers it opens no file."""
        if name != "client_id":
            return super()._check_named(name, records)
        return self.env["care.client.lockout"]._check_clients_of_companies(records)

    def _make_parts(self):
        """Those that are missing: a file of the same person that is found since may have units of its own."""
        register = self.env["care.subject.register"]
        units = register._units_of(self.client_id)
        wanted = dict.fromkeys([*units.ids, False])
        had = {part.unit_id.id for part in self.part_ids}
        self.env["care.subject.part"].create(
            [{"request_id": self.id, "unit_id": unit_id} for unit_id in wanted if unit_id not in had]
        )

    def write(self, vals):
        result = super().write(vals)
        if "received_on" in vals:
            received = fields.Date.to_date(vals["received_on"])
            self._write_decided({"due_on": received + self.env["care.rule"]._period("extract")})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_listed(self):
        if self - self._listed_for_retention():
            raise UserError(self.env._("A request stays. Only an approved retention run deletes it."))

    def _check_officer(self):
        self.check_access("write")
        if not self.env.user.has_group("social_care.group_privacy_officer"):
            raise AccessError(self.env._("Privacy officers decide on the time of a request."))

    def action_extend(self, reason=None):
        """Two months more, when there is much or it is complicated; the person is told why (article 12.3)."""
        self._check_officer()
        for request in self:
            why = (reason or request.env.context.get("reason") or "").strip()
            if not why:
                raise UserError(self.env._("Write why it takes longer; the person is told."))
            if request.state != "received" or request.extension_reason:
                raise UserError(self.env._("The time can be extended once, before the extract is released."))
            due = request.received_on + self.env["care.rule"]._period("extract_longer", request.company_id)
            request._write_decided({"due_on": due, "extension_reason": why})
            # sudo: the officer reads no unit's part; its managers are told of the new day
            request.sudo().part_ids._remind()

    def action_reject(self, reason=None):
        """The identity was not shown, or the request is manifestly unfounded (article 12.5-6)."""
        self._check_officer()
        if not (reason or "").strip():
            raise UserError(self.env._("State why the request was rejected, and how that can be appealed."))
        self._transition(
            "rejected", rejection_reason=reason.strip(), closed_on=fields.Date.context_today(self)
        )

    def _after_transition(self, before):
        super()._after_transition(before)
        # sudo: the officer reads no unit's part, whose reminders are taken back
        self.filtered(lambda request: request.state == "rejected").sudo().part_ids._forget()

    def _follow_parts(self):
        """As superuser, after a part has moved."""
        for request in self:
            states = set(request.part_ids.mapped("state"))
            if request.state == "received" and states <= {"released", "handed"}:
                request._transition("released")
            if request.state == "released" and states == {"handed"}:
                request._transition("closed", closed_on=fields.Date.context_today(request))
