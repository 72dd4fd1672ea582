from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CareStay(models.Model):
    """An end that was a mistake is taken back until the end of the day after, and all that ended by it returns.

    The day after the end was written, or after the last day where that was written before. A last day that is
    emptied or moved ahead in that time takes the end back too.
    """

    _inherit = "care.stay"

    former_date_to = fields.Date(
        readonly=True,
        copy=False,
        by_verb=True,
        help="The last day that was planned before the stay was ended.",
    )
    reopen_until = fields.Date(
        "May Be Taken Back until",
        compute="_compute_reopen_until",
        help="Until the end of this day the end of the stay is taken back, and all that ended by it returns.",
    )

    @api.depends("date_to", "ended_at", "end_reason")
    def _compute_reopen_until(self):
        today = self._today()
        for stay in self:
            day = stay.state == "ended" and stay.end_reason not in ("moved", "mistake") and stay._reopen_day()
            stay.reopen_until = day if day and day >= today else False

    def _reopen_day(self):
        local = self.with_context(tz=self.company_id.care_tz)
        ended_at = self.ended_at and fields.Datetime.context_timestamp(local, self.ended_at)
        return (ended_at.date() if ended_at else self.date_to) + timedelta(days=1)

    def write(self, vals):
        ends = bool({"date_to", "ended_at"} & vals.keys())
        over = self.filtered(lambda stay: ends and stay.state == "ended")
        reasons = {stay: stay.end_reason for stay in over}
        result = super().write(vals)
        if reopened := over.filtered(lambda stay: stay.state != "ended"):
            reopened.filtered("end_reason")._write_decided({"end_reason": False})
            reopened._after_reopened(reasons)
        return result

    def _after_reopened(self, reasons):
        """What ended by the stays returns. Rooms add theirs.

        :param dict reasons: ``{stay: why it had ended}``
        """
        self.filtered(lambda stay: reasons[stay] == "deceased").client_id._take_back_deceased()

    def action_reopen(self):
        """Take the end back.

        :raise AccessError: for everyone but a manager of the unit
        :raise UserError: when the stay has not ended, or the time for it is over
        """
        for stay in self:
            stay.check_access("write")
            if not self.env.su:
                self.env["care.unit.member"]._check_manages(stay.unit_id)
            if not stay.reopen_until:
                raise UserError(
                    self.env._(
                        "An end is taken back until the end of the day after. Begin a new stay instead, and go on"
                        " from the earlier plan."
                    )
                )
            stay._reopen()

    def _reopen(self):
        """With the last day that was planned before, if that still lies ahead."""
        former = self.former_date_to
        self._write_decided(
            {
                "date_to": former if former and former >= self._today() else False,
                "ended_at": False,
                "end_reason": False,
                "former_date_to": False,
            }
        )
