from odoo import api, models
from odoo.exceptions import UserError

from ...tools.attached import has_chatter, is_ours, no_chat_message


class MailMessageReaction(models.Model):
    """A reaction is free text over RPC."""

    _inherit = "mail.message.reaction"

    @api.model_create_multi
    def create(self, vals_list):
        reactions = super().create(vals_list)
        # sudo: users read no reactions; the name of the model is all that is read of the message
        for name in set(reactions.sudo().message_id.mapped("model")):
            if is_ours(name) and not has_chatter(self.env, name):
                raise UserError(no_chat_message(self.env, name))
        return reactions
