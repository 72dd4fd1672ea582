from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.attached import is_ours


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    @api.constrains("res_model")
    def _check_not_ours(self):
        """Every internal user reads who follows what, and who follows a file says whose file it is."""
        # sudo: it is refused whoever has someone follow; only the model's name is read
        if any(is_ours(follower.res_model) for follower in self.sudo()):
            raise ValidationError(self.env._("Nobody follows care records. Schedule an activity instead."))
