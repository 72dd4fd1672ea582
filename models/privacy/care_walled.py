from odoo import api, fields, models
from odoo.tools import SQL


class CareWall(models.AbstractModel):
    _inherit = "care.wall"

    @api.model
    def _sql_held(self):
        access = self.env["care.emergency.access"]._fields
        opened = SQL(
            "SELECT 'emergency', e.client_id, e.company_id, e.date_from, e.date_to FROM care_emergency_access e"
            " WHERE e.user_id = %s AND e.date_to > %s AND EXISTS"
            " (SELECT 1 FROM care_unit u WHERE u.company_id = e.company_id AND u.regime = 'assessed')",
            self.env.uid,
            fields.Datetime.now(),
            to_flush=[
                *(access[name] for name in ("user_id", "client_id", "company_id", "date_from", "date_to")),
                *(self.env["care.unit"]._fields[name] for name in ("company_id", "regime")),
            ],
        )
        return [*super()._sql_held(), opened]


class CareWalled(models.AbstractModel):
    """One more way through the wall: an emergency access that is open now.

    It opens the client's file in all the company's units that work after a decision, for reading, and
    of protected persons too. It never passes a lockout, whose rule is another.
    """

    _inherit = "care.walled"

    @api.model
    def _wall_ways(self):
        return super()._wall_ways() | {"emergency": self._wall_by_emergency}

    def _wall_named(self, alias):
        return [*super()._wall_named(alias), self._wall_by_emergency(alias, ())]

    def _wall_by_emergency(self, alias, ways):
        """For reading only, and for nothing that lasts: whoever names a client for good opens the file otherwise.

        The flag is set by ``_check_access`` and can close, never open.
        """
        held = () if self.env.context.get("care_wall_changes") else self._wall_held("emergency")
        if not held:
            return None
        client = self._wall_column(alias, self._wall_client)
        if not self._wall_unit:
            return self._wall_pairs(alias, held)
        clients, companies = (list(ids) for ids in zip(*held, strict=True))
        return SQL(
            "(%s, %s) IN (SELECT e.client_id, u.id FROM unnest(%s, %s) AS e(client_id, company_id)"
            " JOIN care_unit u ON u.company_id = e.company_id AND u.regime = 'assessed')",
            client,
            self._wall_column(alias, self._wall_unit),
            clients,
            companies,
            to_flush=[self.env["care.unit"]._fields[name] for name in ("company_id", "regime")],
        )
