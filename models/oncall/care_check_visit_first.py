from datetime import time, timedelta

from odoo import api, fields, models

# The first visit of a new resident: the evening of the day of moving in, local time.
FIRST_VISIT = (time(17), time(21))


class CareCheckVisit(models.Model):
    """The first visit of whoever moves in, ordered by the stay itself."""

    _inherit = "care.check.visit"

    @api.model
    def _order_first_visit(self, stay):
        """Order the first visit of a stay that begins, once, at each team that serves the unit."""
        start, end = self._first_visit_window(stay)
        # the crew reads it, not whoever or whatever has made the stay
        local = self.with_context(lang=stay.company_id.partner_id.lang or self.env.lang)
        for team in stay.unit_id.served_by_unit_ids:
            self._create_decided(
                [
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
                ]
            )

    @api.model
    def _first_visit_window(self, stay):
        """The evening of the first day, or the next evening that is not over."""
        today = fields.Date.context_today(self.with_context(tz=stay.company_id.care_tz))
        day = max(stay.date_from, today)
        start, end = (self._local(day, hour, stay.company_id) for hour in FIRST_VISIT)
        if end <= fields.Datetime.now():
            start, end = (self._local(day + timedelta(days=1), hour, stay.company_id) for hour in FIRST_VISIT)
        return start, end
