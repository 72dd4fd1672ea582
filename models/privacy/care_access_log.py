from odoo import api, models
from odoo.tools import SQL


class CareAccessLog(models.Model):
    """What is read while an emergency access is open is marked with it."""

    _inherit = "care.access.log"

    @api.model
    def _emergency_sql(self):
        return SQL(
            "(SELECT max(e.id) FROM care_emergency_access e WHERE e.user_id = line.user_id"
            " AND e.client_id = line.client_id AND e.date_from <= line.date AND e.date_to > line.date)"
        )
