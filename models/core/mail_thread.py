from odoo import api, models
from odoo.exceptions import UserError

from ...tools.attached import is_by_app, is_ours

# What Odoo says of an activity to the one who is given it: its type, its day, the kind of record.
KEPT = {"partner_ids", "model_description", "email_layout_xmlid", "subtitles"}


class MailThread(models.AbstractModel):
    """A record of ours with Odoo's activities: nobody follows it, no e-mail reaches it, and it has no chat.

    What is written in a message is checked where all of them are made: in ``mail.message``.
    """

    _inherit = "mail.thread"

    # Whether a screen of ours shows internal notes and their files, for those who open the record.
    _has_chatter = False

    @api.model_create_multi
    def create(self, vals_list):
        if not is_ours(self._name):
            return super().create(vals_list)
        quiet = self.with_context(mail_create_nosubscribe=True)
        if not self._has_chatter:
            quiet = quiet.with_context(mail_create_nolog=True)
        return super(MailThread, quiet).create(vals_list).with_env(self.env)

    @api.model
    def _no_chat_message(self):
        """Where the writer of a message should write instead."""
        if self._has_chatter:
            return self.env._("Notes here are for those who open the record. Log a note, without recipients.")
        if self._wall == "file":
            return self.env._("Write what happened in the journal. Messages may leave the file by e-mail.")
        return self.env._("There is no chat here: its messages would leave by e-mail.")

    def message_notify(self, **kwargs):
        """Who is given an activity gets a mail: with the reference and a link, never what somebody wrote."""
        if not is_ours(self._name):
            return super().message_notify(**kwargs)
        if not is_by_app():
            raise UserError(self._no_chat_message())
        self.check_access("read")
        reference = self.display_name if len(self) == 1 else ""
        text = self.env._("Something waits for you: %(reference)s. Open it in Odoo.", reference=reference)
        kept = {name: value for name, value in kwargs.items() if name in KEPT}
        return super().message_notify(**kept, body=text, subject=text)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Odoo asks for write access here; who is given an activity need not have it."""
        return is_ours(self._name) or super().message_subscribe(partner_ids, subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Followers are readable by every internal user, and who follows a file says whose file it is."""
        return is_ours(self._name) or super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    # ------------------------------------------------------------------
    # Incoming e-mail
    # ------------------------------------------------------------------

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """An e-mail to a record of ours, an answer to a reminder say, goes back; nothing of it is kept."""
        if not is_ours(route[0]):
            return super()._routing_check_route(message, message_dict, route, raise_exception)
        text = self.env._("This address takes no e-mail, and your message was not kept. Open Odoo instead.")
        self._routing_create_bounce_email(message_dict["email_from"], text, message, subject=text)
        return False

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        if is_ours(self._name):
            raise UserError(self._no_chat_message())
        return super().message_new(msg_dict, custom_values)

    def message_update(self, msg_dict, update_vals=None):
        if is_ours(self._name):
            raise UserError(self._no_chat_message())
        return super().message_update(msg_dict, update_vals)
