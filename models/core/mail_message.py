from odoo import api, models
from odoo.exceptions import UserError

from ...tools.attached import has_chatter, is_by_app, is_ours, no_chat_message

RECIPIENTS = ("partner_ids", "outgoing_email_to", "incoming_email_to", "incoming_email_cc")
# What a message says, to whom, and on which record.
TELLING = frozenset(
    {"model", "res_id", "body", "subject", "message_type", "subtype_id", "is_internal", "attachment_ids"}
    | {"email_from", "reply_to", *RECIPIENTS}
)


class MailMessage(models.Model):
    """Messages on records of ours: the app's own, and internal notes where a screen of ours shows them."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._check_ours()
        return messages

    def write(self, vals):
        telling = not TELLING.isdisjoint(vals)
        if telling and not {"model", "res_id"}.isdisjoint(vals):
            self._check_stays()
        result = super().write(vals)
        if telling:
            self._check_ours()
        return result

    def _check_stays(self):
        """What was noted on a record of ours is not carried to another, with other readers."""
        self.check_access("write")  # first, or the refusal would tell what hangs on a closed record
        # sudo: whoever may write a message need not open the record; only the model's name is read
        for message_sudo in self.sudo():
            if is_ours(message_sudo.model) and not is_by_app():
                raise UserError(self.env._("A note stays with its record."))

    def _check_ours(self):
        if is_by_app():
            return
        # sudo: a message that has just been written may be closed to its writer; none of it is told
        for message_sudo in self.sudo():
            if is_ours(message_sudo.model) and not message_sudo._is_internal_note():
                raise UserError(no_chat_message(self.env, message_sudo.model))

    def _is_internal_note(self):
        return (
            has_chatter(self.env, self.model)
            and self.message_type in ("comment", "notification")
            and self.subtype_id.internal
            and not any(self[name] for name in RECIPIENTS)
        )
