from odoo import api, models
from odoo.tools import SQL


class CareWalled(models.AbstractModel):
    """One more way through the wall: an emergency access that is open now.

    It opens the client's file in all the company's units that work after a decision, for reading, and
    of protected persons too. It never passes a lockout, whose rule is another.
    """

    _inherit = "care.walled"

    @api.model
    def _wall_ways(self):
        """For reading only, and for nothing that lasts: whoever names a client for good opens the file otherwise."""
        if self.env.context.get("care_wall_changes"):
            return super()._wall_ways()
        return super()._wall_ways() | {"emergency": self._wall_way_emergency()}

    @api.model
    def _wall_named(self):
        """As above. The flag is set by ``_check_access`` and can close, never open."""
        if self.env.context.get("care_wall_changes"):
            return super()._wall_named()
        return [*super()._wall_named(), self._wall_way_emergency()]

    @api.model
    def _wall_way_emergency(self):
        return SQL(
            "SELECT e.client_id, u.id FROM care_emergency_access e"
            " JOIN care_unit u ON u.company_id = e.company_id AND u.regime = 'assessed' WHERE %s",
            self.env["care.emergency.access"]._sql_open("e"),
            to_flush=[self.env["care.unit"]._fields[name] for name in ("company_id", "regime")],
        )
