from odoo import api, models
from odoo.fields import Domain


class CareStay(models.Model):
    """Nobody is visited before the stay begins or after it has ended."""

    _inherit = "care.stay"

    @api.model_create_multi
    def create(self, vals_list):
        stays = super().create(vals_list)
        stays._refresh_visits()
        return stays

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_from", "date_to"}:
            self._refresh_visits()
        return result

    def _refresh_visits(self):
        self.env["care.visit"]._refresh(
            Domain("client_id", "in", self.client_id.ids) & Domain("unit_id", "in", self.unit_id.ids)
        )
