from odoo import api, fields, models
from odoo.tools import SQL

from .care_oncall_shift import CARDS_AFTER, OPENS_BEFORE


class CareWall(models.AbstractModel):
    _inherit = "care.wall"

    @api.model
    def _sql_held(self):
        """The units that are served by a team whose shift is open now, with the user in its crew.

        OFFSET 0 keeps the order: the user's units, their open shifts, their crew. PostgreSQL would rather begin with
        every shift that the user was ever in.
        """
        shift = self.env["care.oncall.shift"]._fields
        served = SQL(
            "SELECT 'served', r.served_unit_id, NULL::integer, GREATEST(d.opens_at, h.date_start - %s),"
            " LEAST(d.closes_at, h.date_end + %s)"
            " FROM (SELECT m.* FROM care_unit_member m WHERE %s OFFSET 0) d"
            " JOIN LATERAL (SELECT h.* FROM care_oncall_shift h WHERE h.unit_id = d.unit_id AND h.state = 'open'"
            " AND h.date_end > %s OFFSET 0) h ON TRUE"
            " JOIN care_oncall_shift_crew w ON w.shift_id = h.id AND w.employee_id = d.employee_id"
            " JOIN care_unit_served_rel r ON r.unit_id = d.unit_id",
            OPENS_BEFORE,
            CARDS_AFTER,
            self._sql_member("m"),
            fields.Datetime.now() - CARDS_AFTER,
            to_flush=[shift[name] for name in ("state", "date_start", "date_end", "unit_id")],
        )
        return [*super()._sql_held(), served]


class CareOncallWalled(models.AbstractModel):
    """What an on-call crew is shown of the clients it answers for, and only while it is on duty.

    One more way through the wall, ``shift``, for these few models and no others: the user is a
    member of the on-call unit and in the crew of a shift that is open now and at most two hours past
    its end, and the client stays in a unit that it serves. Everything is compared with the server's
    clock in every query: a minute after the shift is closed the card is shut.
    """

    _name = "care.oncall.walled"
    _description = "Open to the Crew on Duty"
    _inherit = ["care.walled"]

    @api.model
    def _wall_ways(self):
        return super()._wall_ways() | {"shift": self._wall_by_shift}

    def _wall_by_shift(self, alias, ways):
        return self._wall_stays(alias, self._wall_held("served"), self._wall_on_duty())

    @api.model
    def _wall_on_duty(self):
        """The stay ``s`` is one that a crew answers for at this moment.

        A stay counts until midnight after its last day: the days that staff have to finish their
        documentation are no reason for a crew to see a card.
        """
        now, stay = fields.Datetime.now(), self.env["care.stay"]._fields
        return SQL(
            "%s AND (s.ended_at IS NULL OR s.ended_at > %s) AND (s.date_to IS NULL OR (s.date_to + 1)::timestamp"
            " AT TIME ZONE (SELECT y.care_tz FROM res_company y WHERE y.id = s.company_id)"
            " > %s::timestamp AT TIME ZONE 'UTC')",
            self._wall_now("care.stay", "s"),
            now,
            now,
            to_flush=[stay[name] for name in ("date_to", "ended_at", "company_id")],
        )
