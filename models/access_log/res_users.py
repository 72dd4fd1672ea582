from odoo import api, models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_access_log(self):
        """The log has no foreign keys, and a line that names nobody is none."""
        # sudo: that there are lines is all that is asked
        if self.env["care.access.log"].sudo().search_count([("user_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("This user is in the access log of clients' files. Archive the user instead.")
            )
