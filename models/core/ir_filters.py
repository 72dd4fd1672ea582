from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.attached import is_ours


class IrFilters(models.Model):
    _inherit = "ir.filters"

    @api.constrains("user_ids", "model_id")
    def _check_ours_is_own(self):
        """Every internal user reads a shared filter, with the name or the words that it looks for."""
        for filter_ in self.sudo():
            if is_ours(filter_.model_id) and filter_.user_ids != filter_.create_uid:
                raise ValidationError(
                    self.env._(
                        "A filter on care records is yours alone: whoever is given it reads the names in it,"
                        " whether or not the records are open to them."
                    )
                )
