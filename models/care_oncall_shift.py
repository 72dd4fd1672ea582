from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# A crew may open its shift this long before it begins, and its cards shut this long after its end.
OPENS_BEFORE = timedelta(hours=1)
CARDS_AFTER = timedelta(hours=2)

SHIFT_TRANSITIONS = {
    "planned": {"open"},
    "open": {"closed"},
    "closed": set(),
}
# What the database itself refuses to change once the shift is closed.
SHIFT_FROZEN = ("unit_id", "date_start", "date_end", "lead_id", "state", "summary", "opened_at", "closed_at")


class CareOncallShift(models.Model):
    """A crew's time on duty. An open shift is what shows the crew the cards of the clients they answer for."""

    _name = "care.oncall.shift"
    _description = "On-call Shift"
    _inherit = ["care.oncall.team"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    # Who and when
    unit_id = fields.Many2one(
        "care.unit",
        "On-call Team",
        required=True,
        index=True,
        domain="[('kind', '=', 'on_call')]",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_unit_id(),
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    date_start = fields.Datetime("Starts", required=True)
    date_end = fields.Datetime("Ends", required=True)
    employee_ids = fields.Many2many(
        "hr.employee", "care_oncall_shift_crew", "shift_id", "employee_id", "Crew", check_company=True
    )
    lead_id = fields.Many2one("hr.employee", index="btree_not_null", check_company=True)

    # How it went
    state = fields.Selection(
        [("planned", "Planned"), ("open", "Open"), ("closed", "Closed")],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
    )
    opened_at = fields.Datetime("Opened", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    summary = fields.Text(copy=False, help="What the next shift and the morning meeting should know.")
    event_ids = fields.One2many("care.oncall.event", "shift_id", "Events", readonly=True)

    _end_after_start = models.Constraint(
        "CHECK (date_end > date_start)", "The shift ends before it starts. Change one of the two times."
    )
    _at_most_a_day = models.Constraint(
        "CHECK (date_end <= date_start + interval '25 hours')",
        "A shift lasts a day at most. Plan two shifts instead.",
    )
    _unit_idx = models.Index("(unit_id, date_start DESC, id DESC)")
    _open_idx = models.Index("(unit_id, date_end) WHERE state = 'open'")

    @api.model
    def _default_unit_id(self):
        members = self.env["care.unit.member"]
        domain = members._domain_now() & Domain("user_id", "=", self.env.uid)
        return members.search(domain & Domain("unit_id.kind", "=", "on_call")).unit_id[:1]

    @api.depends("unit_id", "date_start", "date_end")
    def _compute_display_name(self):
        for shift in self:
            start, end = (
                fields.Datetime.context_timestamp(shift._in_care_tz(), moment) if moment else None
                for moment in (shift.date_start, shift.date_end)
            )
            times = f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}" if start and end else ""
            shift.display_name = " ".join(filter(None, [shift.unit_id.name, times]))

    def _in_care_tz(self):
        return self.with_context(tz=self.company_id.care_tz or "Europe/Stockholm")
