from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools import frozen

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
DECIDED = (
    "client_id", "unit_id", "recipient_kind", "recipient", "asked_on", "asked_for", "legal_basis_id", "harm_test",
    "consent_id", "outcome", "given", "appeal", "decided_by_id", "decided_at", "replaces_id", "reference",
)  # fmt: skip
VERBS = {"state", "reference", "decided_by_id", "decided_at", "handed_at"}


class CareDisclosure(models.Model):
    """What was given out of a file, or refused: to whom, on what ground, after which harm test, by whose decision.

    A manager decides. What is decided is frozen; a correction is a new row that points at the old.
    """

    _name = "care.disclosure"
    _description = "Disclosure"
    _inherit = ["care.walled"]
    _order = "asked_on desc, id desc"

    reference = fields.Char(readonly=True, copy=False)
    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="restrict")
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)

    # What was asked
    asked_on = fields.Date("Asked", required=True, default=fields.Date.context_today)
    recipient_kind = fields.Selection(RECIPIENTS, "Who Asks", required=True)
    recipient = fields.Char(
        "Name of Who Asks", required=True, help="Person, authority, and their case number."
    )
    asked_for = fields.Text("What Is Asked for", required=True)

    # The decision
    legal_basis_id = fields.Many2one(
        "care.legal.basis", "Ground", domain=[("regime", "=", "disclosure")], ondelete="restrict"
    )
    rests_on_consent = fields.Boolean(related="legal_basis_id.rests_on_consent")
    consent_id = fields.Many2one(
        "care.consent",
        ondelete="restrict",
        domain="[('client_id', '=', client_id), ('unit_id', '=', unit_id)]",
    )
    harm_test = fields.Text(help="Who could be harmed, how, and what speaks for and against giving it out.")
    outcome = fields.Selection(
        [("given", "Given out"), ("partly", "Given out in part"), ("refused", "Refused")], copy=False
    )
    given = fields.Text("What Was Given", help="Which documents or what was told; and what was held back.")
    appeal = fields.Text(
        "How It Can Be Appealed",
        compute="_compute_appeal",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )
    state = fields.Selection(
        [("draft", "Being tried"), ("decided", "Decided")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime("Decided", readonly=True, copy=False)
    replaces_id = fields.Many2one(
        "care.disclosure", "Corrects", readonly=True, index="btree_not_null", ondelete="restrict"
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

    def init(self):
        frozen.guard(
            self.env.cr,
            "care_disclosure",
            when="OLD.state = 'decided'",
            update=f"NEW.state <> 'decided' OR {frozen.changed(*DECIDED)}",
            delete="TRUE",
            listed="care_retention_lists('care.disclosure', OLD.id)",
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
        for vals in vals_list:
            if VERBS & vals.keys() and not self.env.su:
                raise UserError(self.env._("Use Decide; the app notes who and when."))
            vals["reference"] = self.env["ir.sequence"].sudo().next_by_code("care.disclosure")
        with self._deciding("reference"):
            return super().create(vals_list)

    def write(self, vals):
        if VERBS & vals.keys():
            raise UserError(self.env._("Use Decide; the app notes who and when."))
        if any(disclosure.state == "decided" for disclosure in self):
            raise UserError(
                self.env._("What is decided stays as it is. Make a correction: both stay readable.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_decided(self):
        decided = self.filtered(lambda disclosure: disclosure.state == "decided")
        if decided - self.env["care.retention.line"]._listed(decided):
            raise UserError(self.env._("A decision stays. Only an approved retention run deletes it."))

    def _move(self, vals):
        """Write what the verbs decide. Private: every caller has checked person and state."""
        beyond_the_guard = super().write
        with self._deciding(*vals):
            return beyond_the_guard(vals)

    def action_decide(self):
        """A manager of the unit decides; what rests on a consent needs one that is valid now."""
        self.check_access("write")
        for disclosure in self:
            if not (self.env.user.has_group("social_care.group_care_manager") and self._manages(disclosure)):
                raise AccessError(self.env._("A manager of the unit decides what is given out."))
            if disclosure.state == "decided":
                raise UserError(self.env._("It is decided already."))
            disclosure._check_complete()
            disclosure._check_consent()
        self._move({"state": "decided", "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})

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
