from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.attached import by_app
from ...tools.photo import bare_drawing, bare_paper


class CarePlan(models.Model):
    """Who agrees to a proposed plan: one method for drawn, on paper and orally; the portal joins later."""

    _inherit = "care.plan"

    signature_status = fields.Char(
        compute="_compute_signature_status", help="Who has said what to this proposal."
    )
    may_sign = fields.Boolean(compute="_compute_may_sign")

    @api.depends("state", "signature_ids.outcome", "signature_ids.content_hash", "signature_ids.witnessed_at")
    @api.depends_context("lang")
    def _compute_signature_status(self):
        signatures = self.env["care.signature"]
        roles = dict(signatures._fields["role"]._description_selection(self.env))
        outcomes = dict(signatures._fields["outcome"]._description_selection(self.env))
        for plan in self:
            parts = []
            for signature in plan._signatures_now():
                waiting = "" if signature._is_counted() else self.env._(" (waits for the second staff)")
                parts.append(f"{roles[signature.role]}: {outcomes[signature.outcome].lower()}{waiting}")
            plan.signature_status = " · ".join(parts)

    @api.depends("state", "signature_ids")
    def _compute_may_sign(self):
        for plan in self:
            roles = set(plan._signatures_now().mapped("role"))
            plan.may_sign = plan.state == "proposed" and not {"client", "contact_person"} <= roles

    def _signatures_now(self):
        """The signatures under the content that the plan now holds, not those of an earlier proposal."""
        self.ensure_one()
        return self.signature_ids.filtered(lambda s: s.content_hash and s.content_hash == self.content_hash)

    def action_sign(
        self,
        role,
        outcome,
        method,
        content_hash,
        image=None,
        note=None,
        scan=None,
        contact_id=None,
        witness_id=None,
    ):
        """Record what one party says to the proposal, under exactly the content that they were shown.

        :param str role: ``client``, ``representative`` or ``contact_person``
        :param str outcome: ``agreed``, ``declined`` or ``could_not``; a note where it is not agreed
        :param str method: ``drawn`` (image), ``paper`` (scan) or ``oral`` (a second staff confirms)
        :param str content_hash: the plan's ``content_hash`` as it was on the screen of the signer
        :param image: the drawn signature, base64
        :param scan: the signed paper, base64
        :param int contact_id: the representative in the client's network
        :param int witness_id: the user who heard the oral answer too
        :return: the ``care.signature``
        :raise UserError: when the plan is not proposed, was changed, or the role has signed already
        :raise AccessError: when someone would sign for someone else
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self._check_signable(role, content_hash)
        signer, contact = self._signer(role, contact_id)
        self._check_method(role, outcome, method, image, scan, note, witness_id)
        # sudo: nobody has the right to make signatures; who signs what, and how, was checked above
        signature_sudo = (
            self.env["care.signature"]
            .sudo()
            ._record(
                {
                    "plan_id": self.id,
                    "role": role,
                    "outcome": outcome,
                    "method": method,
                    "signer_name": signer,
                    "contact_id": contact.id,
                    "user_id": self.env.uid,
                    "witness_id": witness_id if method == "oral" else False,
                    "image": self._as_picture(bare_drawing, image) if method == "drawn" and image else False,
                    "attachment_id": self._store_scan(scan).id if method == "paper" else False,
                    "document_id": self.document_id.id,
                    "note": note,
                    "content_hash": content_hash,
                }
            )
        )
        self._after_signature()
        return signature_sudo.sudo(False)

    def _check_signable(self, role, content_hash):
        if self.state != "proposed":
            raise UserError(self.env._("Only a proposed plan can be signed."))
        self._check_stay_holds()
        if not content_hash or content_hash != self.content_hash:
            raise UserError(
                self.env._(
                    "The plan has been changed since it was shown. Open it again, read it, and sign what it says now."
                )
            )
        if role in self._signatures_now().mapped("role"):
            raise UserError(
                self.env._(
                    "This party has answered already. To get a new answer, take the plan back and propose it again."
                )
            )

    def _signer(self, role, contact_id):
        """Name and network contact of who signs, taken from the file and never from the caller."""
        contacts = self.env["care.client.contact"]
        if role == "client":
            return self.client_id.name, contacts
        if role == "contact_person":
            if not self._filtered_contact_person():
                raise AccessError(
                    self.env._("The contact person signs in person. You are not the client's contact person.")
                )
            return self.env.user.care_name, contacts
        if role != "representative":
            raise UserError(
                self.env._("A plan is signed by the client, a representative or the contact person.")
            )
        contact = self._representatives().filtered(lambda contact: contact.id == contact_id)
        if not contact:
            raise UserError(
                self.env._(
                    "Choose the representative among those in the client's network whose mandate holds now and is"
                    " not for the economy alone."
                )
            )
        return contact.name, contact

    def _representatives(self):
        """Those in the client's network whose mandate holds now; whoever has the economy alone decides no care."""
        contacts = self.env["care.client.contact"]
        domain = (
            Domain("client_id", "=", self.client_id.id)
            & Domain("kind", "=", "representative")
            & Domain("scope", "!=", "economy")
        )
        return contacts.search(domain & contacts._domain_now())

    def _check_method(self, role, outcome, method, image, scan, note, witness_id):
        if outcome not in ("agreed", "declined", "could_not"):
            raise UserError(self.env._("Choose whether the party agrees, does not agree or could not sign."))
        if outcome != "agreed" and not (note or "").strip():
            raise UserError(self.env._("Write a note: why the party does not agree, or could not sign."))
        if method == "portal":
            raise AccessError(self.env._("In the portal everyone signs with their own login."))
        if method not in ("drawn", "paper", "oral"):
            raise UserError(
                self.env._("Choose how the party has answered: on the screen, on paper or orally.")
            )
        if method == "drawn" and outcome == "agreed" and not image:
            raise UserError(self.env._("The signature is missing. Draw it in the field."))
        if method == "paper" and not scan:
            raise UserError(self.env._("Add the scanned paper."))
        if method == "oral":
            self._check_witness(role, witness_id)

    def _check_witness(self, role, witness_id):
        """An oral answer is noted by two members of the unit."""
        if role == "contact_person":
            raise UserError(self.env._("The contact person signs on the screen or on paper."))
        if witness_id not in self._witnesses().ids:
            raise UserError(
                self.env._(
                    "Two members of the unit note an oral answer. Choose the colleague who heard it too."
                )
            )

    def _store_scan(self, scan):
        content, kind = self._as_picture(bare_paper, scan)
        with by_app():
            # sudo: nobody adds files to a frozen plan; reading follows the plan
            return (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": f"{self.reference}-{self.version}-signed.{kind}",
                        "datas": content,
                        "mimetype": "application/pdf" if kind == "pdf" else "image/jpeg",
                        "res_model": "care.plan",
                        "res_id": self.id,
                        "public": False,
                        "access_token": False,
                        "res_field": False,
                    }
                )
            )

    def _as_picture(self, made_bare, content):
        """What is frozen and shown for years is a picture, not a page that runs in its reader's browser."""
        try:
            return made_bare(content)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The file cannot be read. Take the paper as PDF, JPEG or PNG, the signature as PNG."
                )
            ) from error

    def _after_signature(self):
        """What the client's side has said, and into force when both sides agree."""
        self.invalidate_recordset(["signature_ids"])
        self._write_decided({"agreement": self._agreement_now()})
        if self._is_agreed():
            self._activate()

    def _agreement_now(self):
        """A no counts before a yes, and a yes before could not, whether of client or representative."""
        counted = self._signatures_now().filtered(lambda s: s._is_counted() and s.role != "contact_person")
        outcomes = set(counted.mapped("outcome"))
        return next((value for value in ("declined", "agreed", "could_not") if value in outcomes), "pending")

    def _is_agreed(self):
        """The client or a representative, and the contact person, have agreed to this very content."""
        agreed = self._signatures_now().filtered(lambda s: s._is_counted() and s.outcome == "agreed")
        return self._agreement_now() == "agreed" and "contact_person" in agreed.mapped("role")

    def action_open_sign(self):
        """Let the next party sign on this device."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign"),
            "res_model": "care.plan.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }
