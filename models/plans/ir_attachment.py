from odoo import api, models
from odoo.exceptions import UserError

from ...tools.attached import has_chatter, is_by_app, is_ours
from ...tools.own_work import own_work

# The models whose records carry files of the record that they hang on, and where they name its model.
CARRIERS = {"mail.message": "model", "mail.activity": "res_model"}
PLACE = frozenset({"res_model", "res_id", "res_field"})
OPENING = frozenset({"public", "access_token"})


class IrAttachment(models.Model):
    """Files of our records: what a field holds, what the app makes, and what an internal note carries.

    Elsewhere no screen shows them, so nobody would miss one, correct it or delete it in time.
    """

    _inherit = "ir.attachment"

    # For whatever writes past this class, and whatever becomes of the file later.
    _care_private = models.Constraint(
        "CHECK (left(res_model, 5) <> 'care.' OR (public IS NOT TRUE AND access_token IS NULL))",
        "Files of care records are never public, and open by no link: only to those who open the record.",
    )

    def _care_is_missing(self):
        """Whether the database knows of a file that the filestore has not, as after half a back-up was restored."""
        return any(file.file_size and not file.raw for file in self)

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["res_model", *OPENING])
        for vals in vals_list:
            self._check_private(default | vals)
        attachments = super().create(vals_list)
        attachments._check_ours()
        return attachments

    def write(self, vals):
        if vals and self._care_held():
            self.check_access("write")
            raise UserError(self.env._("The document of a signed plan is not changed."))
        if PLACE.isdisjoint(vals) and OPENING.isdisjoint(vals):
            return super().write(vals)
        self.check_access("write")  # first, or a refusal below would tell what hangs on a closed record
        for attachment, host in self._hosts().items():
            if host and not PLACE.isdisjoint(vals) and not is_by_app():
                raise UserError(self.env._("A file stays with its record."))
            # sudo: whether it opens by a link now counts, too, which not everyone who writes it may read
            file_sudo = attachment.sudo()
            kept = {"res_model": host, **{name: file_sudo[name] for name in OPENING}}
            self._check_private(kept | vals)
        result = super().write(vals)
        self._check_ours()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_care_held(self):
        if self._care_held():
            raise UserError(
                self.env._("The document of a signed plan stays. Only an approved retention run deletes it.")
            )

    @own_work(anyone=True)  # whoever deletes, what is signed stays
    def _care_held(self):
        """Those that a frozen or signed record holds."""
        # sudo: the file may be closed to the user; the name of its model is all that is read
        candidates_sudo = self.sudo().filtered(lambda attachment: attachment.res_model == "care.plan")
        if not candidates_sudo:
            return self.browse()
        # sudo: what is signed stays, even if the plan is closed to the user; it is asked for its file alone
        plans_sudo = (
            self.env["care.plan"]
            .sudo()
            .search_fetch(
                [("document_id", "in", candidates_sudo.ids), ("state", "!=", "draft")], ["document_id"]
            )
        )
        # sudo: as for plans; a signature holds the scan, and the document as it was signed
        signatures_sudo = (
            self.env["care.signature"]
            .sudo()
            .search_fetch(
                [
                    "|",
                    ("attachment_id", "in", candidates_sudo.ids),
                    ("document_id", "in", candidates_sudo.ids),
                ],
                ["attachment_id", "document_id"],
            )
        )
        return self & (plans_sudo.document_id | signatures_sudo.attachment_id | signatures_sudo.document_id)

    # ------------------------------------------------------------------
    # On a record of ours
    # ------------------------------------------------------------------

    def _hosts(self):
        """``{attachment: model}``: the model of ours that each hangs on, by a message or an activity too."""
        hosts = {}
        for attachment in self:
            # sudo: the record that a file hangs on may be closed; the name of its model comes back
            file_sudo = attachment.sudo()
            name = file_sudo.res_model
            if name in CARRIERS and file_sudo.res_id:
                # sudo: the message or activity may be closed with it; what it says is not read
                name = self.env[name].sudo().browse(file_sudo.res_id).exists()[CARRIERS[name]]
            hosts[attachment] = name if is_ours(name) else None
        return hosts

    def _check_ours(self):
        for attachment, host in self._hosts().items():
            if not host:
                continue
            # sudo: it is checked whoever has written it; where it hangs now may be closed to them
            file_sudo = attachment.sudo()
            self._check_private({"res_model": host, **{name: file_sudo[name] for name in OPENING}})
            if not is_by_app() and not file_sudo._has_place(host, by_system=self.env.su):
                raise UserError(
                    self.env._(
                        "No screen shows files here. Write in the record, or keep the paper as the unit does."
                    )
                )

    @api.model
    def _check_private(self, vals):
        """Before PostgreSQL refuses, and has the server's log tell the whole row."""
        if is_ours(vals.get("res_model")) and any(vals.get(name) for name in OPENING):
            raise UserError(
                self.env._(
                    "Files of care records are never public, and open by no link: only to those who open the"
                    " record."
                )
            )

    def _has_place(self, host, by_system):
        """A field of the record holds it, as Odoo stores files in fields; or an internal note does."""
        if self.res_field:
            field = self.env[host]._fields.get(self.res_field)
            return by_system and getattr(field, "attachment", False)
        return has_chatter(self.env, host)

    def _has_attachments_ownership(self, attachment_tokens):
        """Who may touch a file of ours is asked each time, whatever link somebody was once given."""
        hosts = self._hosts()
        if attachment_tokens and len(attachment_tokens) == len(self):
            attachment_tokens = [
                None if hosts[attachment] else token
                for attachment, token in zip(self, attachment_tokens, strict=True)
            ]
        return super()._has_attachments_ownership(attachment_tokens)
