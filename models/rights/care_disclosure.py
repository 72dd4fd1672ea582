from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

RECIPIENTS = [
    ("client", "The client"),
    ("representative", "Representative"),
    ("relative", "Relative"),
    ("authority", "Authority"),
    ("health", "Health care"),
    ("unit", "Another unit or provider"),
    ("police", "Police or prosecutor"),
    ("court", "Court"),
    ("research", "Research or statistics"),
    ("other", "Somebody else"),
]
# Which consent opens for whom.
SCOPE_OF = {"relative": "relatives", "authority": "authority", "health": "health", "unit": "units"}


class CareDisclosure(models.Model):
    """What was given out of a file, or refused: to whom, on what ground, after which harm test, by whose decision.

    A manager decides. What is decided is frozen; a correction is a new row that points at the old.
    """

    _name = "care.disclosure"
    _description = "Disclosure"
    _inherit = ["care.walled"]
    _wall_on_double = True
    _order = "asked_on desc, id desc"
    _frozen_from = "decided"
    _transitions = {"draft": {"decided"}}

    reference = fields.Char(readonly=True, copy=False, by_verb=True, frozen=True)
    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="restrict", frozen=True)
    unit_id = fields.Many2one("care.unit", required=True, index=True, frozen=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)

    # What was asked
    asked_on = fields.Date(
        "Asked", required=True, default=fields.Date.context_today, frozen=True, happened=True
    )
    recipient_kind = fields.Selection(RECIPIENTS, "Who Asks", required=True, frozen=True)
    recipient = fields.Char(
        "Name of Who Asks",
        required=True,
        help="Person, authority, and their case number.",
        frozen=True,
    )
    asked_for = fields.Text("What Is Asked for", required=True, frozen=True)

    # The decision
    legal_basis_id = fields.Many2one(
        "care.legal.basis",
        "Ground",
        domain=[("regime", "=", "disclosure")],
        ondelete="restrict",
        frozen=True,
    )
    rests_on_consent = fields.Boolean(related="legal_basis_id.rests_on_consent")
    consent_id = fields.Many2one(
        "care.consent",
        ondelete="restrict",
        domain="[('client_id', '=', client_id), ('unit_id', '=', unit_id)]",
        frozen=True,
    )
    harm_test = fields.Text(
        help="Who could be harmed, how, and what speaks for and against giving it out.", frozen=True
    )
    outcome = fields.Selection(
        [("given", "Given out"), ("partly", "Given out in part"), ("refused", "Refused")],
        copy=False,
        frozen=True,
    )
    given = fields.Text(
        "What Was Given", help="Which documents or what was told; and what was held back.", frozen=True
    )
    appeal = fields.Text(
        "How It Can Be Appealed",
        compute="_compute_appeal",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        frozen=True,
    )
    state = fields.Selection(
        [("draft", "Being tried"), ("decided", "Decided")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        by_verb=True,
    )
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False, ondelete="restrict", by_verb=True, frozen=True
    )
    decided_at = fields.Datetime("Decided", readonly=True, copy=False, by_verb=True, frozen=True)
    replaces_id = fields.Many2one(
        "care.disclosure",
        "Corrects",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        by_verb=True,
        frozen=True,
    )
    replaced_by_ids = fields.One2many("care.disclosure", "replaces_id", "Corrected by")

    _reference_uniq = models.UniqueIndex("(reference)", "This reference exists already. Try again.")
    _list_idx = models.Index("(unit_id, asked_on DESC, id DESC)")
    _decided = models.Constraint(
        "CHECK (state <> 'decided' OR (outcome IS NOT NULL AND legal_basis_id IS NOT NULL AND harm_test IS NOT NULL"
        " AND decided_by_id IS NOT NULL AND decided_at IS NOT NULL AND (outcome <> 'refused' OR appeal IS NOT NULL)))",
        "A decision has a ground, a harm test, an outcome and a person; a refusal tells how to appeal.",
    )
    _frozen = models.Constraint(
        "CHECK (TRUE)", "What is decided stays as it is. Make a correction: both stay readable."
    )

    @api.depends("outcome")
    def _compute_appeal(self):
        """Whoever is refused is told how to go on."""
        for disclosure in self:
            refused = disclosure.outcome in ("refused", "partly")
            disclosure.appeal = disclosure.appeal or (refused and disclosure.company_id._appeal_text())

    @api.constrains("replaces_id", "client_id", "unit_id")
    def _check_replaced(self):
        for disclosure in self:
            # sudo: the corrected one may be closed to the writer; only its client and unit are compared
            old_sudo = disclosure.replaces_id.sudo()
            if old_sudo and (old_sudo.client_id, old_sudo.unit_id) != (
                disclosure.client_id,
                disclosure.unit_id,
            ):
                raise ValidationError(self.env._("A correction is about the same client and unit."))

    # ------------------------------------------------------------------
    # Writing and freezing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_handed_in({name for vals in vals_list for name in vals}, "create")
        for vals in vals_list:
            # sudo: the next number is all that comes back, whoever may read sequences
            vals["reference"] = self.env["ir.sequence"].sudo().next_by_code("care.disclosure")
        with self._deciding("reference"):
            return super().create(vals_list)

    def action_decide(self):
        """A manager of the unit decides; what rests on a consent needs one that is valid now."""
        self.check_access("write")
        for disclosure in self:
            if not (self.env.user.has_group("social_care.group_care_manager") and self._manages(disclosure)):
                raise AccessError(self.env._("A manager of the unit decides what is given out."))
            disclosure._check_transition("decided")
            disclosure._check_complete()
            disclosure._check_consent()
        self._transition("decided", decided_by_id=self.env.uid, decided_at=fields.Datetime.now())

    def _manages(self, disclosure):
        return disclosure.unit_id._is_member_now("manager")

    def _check_complete(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("legal_basis_id", "harm_test", "outcome")
            if not self[name]
        ]
        if self.outcome in ("given", "partly") and not self.given:
            missing.append(self._fields["given"]._description_string(self.env))
        if self.outcome in ("refused", "partly") and not self.appeal:
            missing.append(self._fields["appeal"]._description_string(self.env))
        if missing:
            raise UserError(self.env._("Fill in first: %(fields)s.", fields=", ".join(missing)))

    def _check_consent(self):
        """The gate: nothing is given out on a consent that is missing, of another kind, over or taken back.

        The decision names the consent that it rests on, where there is one to name.
        """
        if self.outcome == "refused" or not self.legal_basis_id.rests_on_consent:
            return
        scope = SCOPE_OF.get(self.recipient_kind, "other")
        consents = self.env["care.consent"]
        consents._require(self.client_id, self.unit_id, scope, self.consent_id)
        valid = consents._valid_now(self.client_id, self.unit_id, scope)
        if not self.consent_id and len(valid) == 1:
            self.consent_id = valid

    def action_correct(self):
        """Open a new row that corrects this one; both stay readable."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "decided":
            raise UserError(self.env._("It is not decided yet. Change it instead."))
        with self._deciding("replaces_id"):
            correction = self.copy({"replaces_id": self.id, "harm_test": self.harm_test})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": correction.id,
            "view_mode": "form",
        }
