from odoo import api, fields, models
from odoo.tools import SQL

from .care_oncall_shift import CARDS_AFTER, OPENS_BEFORE


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
        return super()._wall_ways() | {"shift": self._wall_way_shift()}

    @api.model
    def _wall_way_shift(self):
        return SQL("SELECT s.client_id, s.unit_id %s", self._wall_stays_on_duty())

    @api.model
    def _wall_stays_on_duty(self):
        """FROM and WHERE of the stays ``s`` that the current user answers for at this moment.

        A stay counts until midnight after its last day: the days that staff have to finish their
        documentation are no reason for a crew to see a card.

        The few open shifts come first, and OFFSET 0 keeps it so: PostgreSQL would rather begin with
        every shift that the user was ever in.
        """
        now = fields.Datetime.now()
        shift, stay = self.env["care.oncall.shift"]._fields, self.env["care.stay"]._fields
        return SQL(
            "FROM (SELECT h.unit_id FROM care_oncall_shift h"
            " WHERE h.state = 'open' AND h.date_start <= %s AND h.date_end > %s"
            " AND EXISTS (SELECT 1 FROM care_oncall_shift_crew w"
            " JOIN care_unit_member m ON m.employee_id = w.employee_id"
            " WHERE w.shift_id = h.id AND m.unit_id = h.unit_id AND %s OFFSET 0) OFFSET 0) d"
            " JOIN care_unit_served_rel r ON r.unit_id = d.unit_id"
            " JOIN care_stay s ON s.unit_id = r.served_unit_id"
            " JOIN res_company y ON y.id = s.company_id"
            " WHERE %s AND (s.ended_at IS NULL OR s.ended_at > %s)"
            " AND (s.date_to IS NULL OR"
            " (s.date_to + 1)::timestamp AT TIME ZONE y.care_tz > %s::timestamp AT TIME ZONE 'UTC')",
            now + OPENS_BEFORE,
            now - CARDS_AFTER,
            self._wall_member("m"),
            self._wall_now("care.stay", "s"),
            now,
            now,
            to_flush=[shift[name] for name in ("state", "date_start", "date_end", "unit_id")]
            + [stay[name] for name in ("date_to", "ended_at", "client_id", "unit_id", "company_id")],
        )
