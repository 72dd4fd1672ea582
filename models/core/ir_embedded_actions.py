from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.attached import is_ours


class IrEmbeddedActions(models.Model):
    _inherit = "ir.embedded.actions"

    @api.constrains("user_id", "parent_res_model", "action_id")
    def _check_ours_is_own(self):
        """As ``ir.filters``: its name and domain are read by all with whom it is shared."""
        # sudo: it is checked whoever saves the view; whose it is and of which model is all that is read
        for action_sudo in self.sudo():
            # sudo: users read no actions; which model it opens is all that is read
            window_sudo = self.env["ir.actions.act_window"].sudo().browse(action_sudo.action_id.id).exists()
            is_care = is_ours(action_sudo.parent_res_model) or is_ours(window_sudo.res_model)
            if is_care and action_sudo.user_id != action_sudo.create_uid:
                raise ValidationError(
                    self.env._("A view of care records that you save is yours alone, with the names in it.")
                )
