from datetime import time, timedelta

from odoo import api, fields, models

# The first visit of a new resident: the evening of the day of moving in, local time.
FIRST_VISIT = (time(17), time(21))
# With less than this left of the evening it is the next one.
SHORTEST = timedelta(hours=1)


class CareCheckVisit(models.Model):
    """The first visit of whoever moves in, ordered by the stay itself."""

    _inherit = "care.check.visit"

    @api.model
    def _order_first_visit(self, stay):
        """Order the first visit of a stay that begins, once, at each team that serves the unit.

        :return: whether there are such teams, and the order would reach none of them
        """
        start, end = self._first_visit_window(stay)
        # the crew reads it, not whoever or whatever has made the stay
        local = self.with_context(lang=stay.company_id.partner_id.lang or self.env.lang)
        orders = [
            {
                "client_id": stay.client_id.id,
                "unit_id": stay.unit_id.id,
                "oncall_unit_id": team.id,
                "stay_id": stay.id,
                "window_start": start,
                "window_end": end,
                "reason": "first_visit",
                "instructions": local.env._(
                    "Say hello, leave the welcome card, show that someone is always near."
                ),
            }
            for team in stay.unit_id.served_by_unit_ids
        ]
        reached = [order for order in orders if not self.new(order)._why_unreachable()]
        self._create_decided(reached)
        return bool(orders and not reached)

    @api.model
    def _first_visit_window(self, stay):
        """The evening of the first day, what is left of it, or the next evening where less than an hour is left."""
        today = fields.Date.context_today(self.with_context(tz=stay.company_id.care_tz))
        now = fields.Datetime.now().replace(second=0)
        day = max(stay.date_from, today)
        for evening in (day, day + timedelta(days=1)):
            start, end = (self._local(evening, hour, stay.company_id) for hour in FIRST_VISIT)
            start = max(start, now)
            if end - start >= SHORTEST:
                break
        return start, end
