from odoo import api, models
from odoo.exceptions import UserError

from ...tools.attached import has_chatter, is_ours, no_chat_message


class MailComposeMessage(models.TransientModel):
    """Letters to many go round the records' own messages."""

    _inherit = "mail.compose.message"

    @api.constrains("model", "composition_mode")
    def _check_not_ours(self):
        for composer in self:
            if not is_ours(composer.model):
                continue
            if composer.composition_mode == "mass_mail" or not has_chatter(self.env, composer.model):
                raise UserError(no_chat_message(self.env, composer.model))
