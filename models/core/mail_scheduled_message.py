from odoo import api, models
from odoo.exceptions import UserError

from ...tools.attached import is_ours, no_chat_message


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    @api.constrains("model")
    def _check_not_ours(self):
        for name in self.mapped("model"):
            if is_ours(name):
                raise UserError(no_chat_message(self.env, name))
