from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

RELATIVE_CASE = "care.relative.case"


class CareRetentionLine(models.Model):
    """A relative's case in a retention run: closed, told by a supporter, and never beside a client's file."""

    _inherit = "care.retention.line"

    @api.constrains("run_id", "model")
    def _check_relative_case(self):
        """A run that lists both would tie a relative to a client."""
        for run in self.run_id:
            models_ = set(run.line_ids.mapped("model"))
            if RELATIVE_CASE in models_ and len(models_) > 1:
                raise UserError(
                    self.env._("Relatives' cases are in a run of their own, apart from clients' files.")
                )

    @api.model
    def _domain_listable(self, model, company):
        """Officers see no case: one that is open is to them as one that is not there."""
        domain = super()._domain_listable(model, company)
        return domain & Domain("state", "=", "closed") if model == RELATIVE_CASE else domain
