from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.attached import is_ours


class IrFilters(models.Model):
    _inherit = "ir.filters"

    @api.constrains("user_ids", "model_id")
    def _check_ours_is_own(self):
        """Every internal user reads a shared filter, with the name or the words that it looks for."""
        # sudo: a filter that its writer has given to others alone is closed to the writer from then on
        for filter_sudo in self.sudo():
            if is_ours(filter_sudo.model_id) and filter_sudo.user_ids != filter_sudo.create_uid:
                raise ValidationError(
                    self.env._(
                        "A filter on care records is yours alone: whoever is given it reads the names in it,"
                        " whether or not the records are open to them."
                    )
                )
