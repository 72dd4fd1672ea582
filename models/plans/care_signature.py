import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import frozen

# The documents of what is signed are frozen like it; other attachments pay for one comparison.
DOCUMENT = (
    "name", "res_model", "res_id", "res_field", "type", "url", "store_fname", "db_datas", "checksum", "file_size",
    "mimetype", "public", "access_token", "company_id",
)  # fmt: skip
# Which frozen row holds the attachment; {} is the attachment's row.
HOLDERS = (
    "EXISTS (SELECT 1 FROM care_plan p WHERE p.document_id = {}.id AND p.state <> 'draft')",
    "EXISTS (SELECT 1 FROM care_signature s WHERE {}.id IN (s.attachment_id, s.document_id))",
)


class CareSignature(models.Model):
    """What one party said to one exact content, and how. Never changed, never taken away."""

    _name = "care.signature"
    _description = "Signature"
    _inherit = ["care.walled"]
    _order = "signed_at, id"
    _made_by_verb = True
    _frozen_from = "id"
    _retained_with = "plan_id"

    plan_id = fields.Many2one(
        "care.plan", required=True, index=True, ondelete="cascade", readonly=True, frozen=True
    )
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    role = fields.Selection(
        [
            ("client", "The client"),
            ("representative", "Representative"),
            ("contact_person", "Contact person"),
        ],
        required=True,
        readonly=True,
        frozen=True,
    )
    outcome = fields.Selection(
        [("agreed", "Agrees"), ("declined", "Does not agree"), ("could_not", "Could not sign")],
        required=True,
        readonly=True,
        frozen=True,
    )
    method = fields.Selection(
        [
            ("drawn", "Drawn on the screen"),
            ("portal", "In the portal"),
            ("paper", "On paper"),
            ("oral", "Orally"),
        ],
        required=True,
        readonly=True,
        frozen=True,
    )
    signer_name = fields.Char("Name", required=True, readonly=True, frozen=True)
    contact_id = fields.Many2one(
        "care.client.contact", "Representative", readonly=True, ondelete="restrict", frozen=True
    )
    signed_at = fields.Datetime(
        "When", required=True, readonly=True, default=fields.Datetime.now, frozen=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        frozen=True,
    )
    witness_id = fields.Many2one(
        "res.users", "Second Staff", readonly=True, index="btree_not_null", ondelete="restrict", frozen=True
    )
    witnessed_at = fields.Datetime("Confirmed", readonly=True, frozen="witnessed_at")
    waits_for_me = fields.Boolean(compute="_compute_waits_for_me")
    image = fields.Binary("Signature", attachment=False, readonly=True, exportable=False, frozen=True)
    attachment_id = fields.Many2one(
        "ir.attachment",
        "Scanned Paper",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        frozen=True,
    )
    document_id = fields.Many2one(
        "ir.attachment",
        "Signed Document",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        frozen=True,
    )
    note = fields.Text(readonly=True, frozen=True)
    content_hash = fields.Char("Signed Content", required=True, readonly=True, frozen=True)
    seal = fields.Char(readonly=True, help="SHA-256 of this signature's own values.", frozen="seal")

    _once = models.UniqueIndex(
        "(plan_id, role, content_hash)",
        "This party has answered already. To get a new answer, take the plan back and propose it again.",
    )
    _frozen = models.Constraint(
        "CHECK (TRUE)", "A signature is made by signing the plan, and never changed or taken away."
    )

    def init(self):
        super().init()
        held = "(" + " OR ".join(HOLDERS).format("OLD", "OLD") + ")"
        frozen.guard(
            self.env.cr,
            "ir_attachment",
            update=f"{held} AND {frozen.changed(*DOCUMENT)}",
            delete=held,
            when="OLD.res_model = 'care.plan'",
            constraint="care_signature_frozen",
        )

    @api.depends("witness_id", "witnessed_at")
    @api.depends_context("uid")
    def _compute_waits_for_me(self):
        for signature in self:
            signature.waits_for_me = signature.witness_id == self.env.user and not signature.witnessed_at

    @api.model_create_multi
    def create(self, vals_list):
        if self._not_decided(["id"]):
            raise UserError(self._frozen_message())
        return super().create(vals_list)

    @api.model
    def _record(self, vals):
        """The one way to a signature; ``care.plan.action_sign`` has checked who, what and how."""
        signature = self._create_decided([vals])
        signature._write_decided({"seal": signature._own_seal()})
        return signature

    def _own_seal(self):
        # sudo: the scan follows the plan, as the signature does; its checksum goes into a hash
        values = {
            "plan": self.plan_id.id,
            "signer": [self.role, self.signer_name, self.contact_id.id],
            "answer": [self.outcome, self.method, self.note or ""],
            "at": str(self.signed_at),
            "staff": [self.user_id.id, self.witness_id.id],
            "image": hashlib.sha256(self.with_context(bin_size=False).image or b"").hexdigest(),
            "scan": self.attachment_id.sudo().checksum or "",
            "content": self.content_hash,
        }
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def _is_whole(self):
        """Whether the signature's own values are those that were recorded."""
        self.ensure_one()
        return self.seal == self._own_seal()

    def _is_counted(self):
        """An oral answer counts when the second member of staff has confirmed it."""
        self.ensure_one()
        return self.method != "oral" or bool(self.witnessed_at)

    def action_confirm(self):
        """The second member of staff confirms having heard the same."""
        for signature in self:
            signature.check_access("read")
            if signature.witness_id != self.env.user:
                raise AccessError(
                    self.env._("Only the colleague who was named as the second confirms an oral answer.")
                )
            if signature.witnessed_at:
                raise UserError(self.env._("You have confirmed this already."))
            plan = signature.plan_id
            plan.check_access("write")
            if plan.state != "proposed" or plan.content_hash != signature.content_hash:
                raise UserError(
                    self.env._("The proposal that this answer was given to is not open any more.")
                )
            # sudo: nobody writes signatures; person, state and content were checked above
            signature.sudo()._write_decided({"witnessed_at": fields.Datetime.now()})
            plan._after_signature()
