from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.attached import is_ours


class IrEmbeddedActions(models.Model):
    _inherit = "ir.embedded.actions"

    @api.constrains("user_id", "parent_res_model", "action_id")
    def _check_ours_is_own(self):
        """As ``ir.filters``: its name and domain are read by all with whom it is shared."""
        for action in self.sudo():
            window = self.env["ir.actions.act_window"].sudo().browse(action.action_id.id).exists()
            is_care = is_ours(action.parent_res_model) or is_ours(window.res_model)
            if is_care and action.user_id != action.create_uid:
                raise ValidationError(
                    self.env._("A view of care records that you save is yours alone, with the names in it.")
                )
