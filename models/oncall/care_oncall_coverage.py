import itertools
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL

BATCH = 100
WEEKS = timedelta(weeks=4)  # no rule: what the screen shows
# no rule: one crew goes and the next comes, that is no gap
MOMENT = timedelta(minutes=5)


class CareOncallCoverage(models.Model):
    """The times of the coming four weeks when an on-call team is open and nobody, or one alone, is on duty."""

    _name = "care.oncall.coverage"
    _description = "Gap in the On-call Roster"
    _inherit = ["care.oncall.team"]
    _order = "date_start, id"

    unit_id = fields.Many2one("care.unit", "On-call Team", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    kind = fields.Selection([("gap", "Nobody"), ("lone", "One alone")], required=True)
    date_start = fields.Datetime("From", required=True)
    date_end = fields.Datetime("To", required=True)
    activity_ids = fields.Many2many(
        "mail.activity",
        "care_oncall_coverage_activity",
        "coverage_id",
        "activity_id",
        groups=NO_ACCESS,  # Odoo would search all activities there are to find whose these are
    )
    color = fields.Integer(compute="_compute_color")

    _unit_idx = models.Index("(unit_id, date_start)")

    @api.depends("kind", "unit_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.unit_id.name}: {labels.get(row.kind)}"

    def _compute_color(self):
        for row in self:
            row.color = 1 if row.kind == "gap" else 3

    def action_plan_shift(self):
        """A new shift over the gap, to be saved once its crew is chosen; where one is alone, that shift itself."""
        self.ensure_one()
        self.check_access("read")
        shifts = self.env["care.oncall.shift"]
        action = {"type": "ir.actions.act_window", "res_model": shifts._name, "views": [(False, "form")]}
        if self.kind == "lone":
            alone = shifts.search(
                Domain("unit_id", "=", self.unit_id.id)
                & Domain("date_start", "<=", self.date_start)
                & Domain("date_end", ">", self.date_start)
                & Domain("employee_ids", "!=", False),
                limit=1,
            )
            return action | {"res_id": alone.id}
        now = fields.Datetime.now().replace(second=0)
        if self.date_end <= now:
            raise UserError(self.env._("This time is over. Plan a shift for the time to come."))
        start = max(self.date_start, now)  # what has begun is planned from now on
        # sudo: leads read no employees; one's own is all that is asked for
        return action | {
            "name": self.env._("Plan a Shift"),
            "context": {
                "default_unit_id": self.unit_id.id,
                "default_date_start": start,
                "default_date_end": min(self.date_end, start + timedelta(days=1)),
                "default_lead_id": self.env.user.sudo().employee_id.id,
            },
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_activities(self):
        """A gap that is filled needs no reminder."""
        self.activity_ids.unlink()

    @api.model
    def _refresh(self, units):
        """Compare the roster with the opening hours anew; what has not changed stays, reminders with it."""
        stored = self.search([("unit_id", "in", units.ids)]).grouped("unit_id")
        new = []
        for unit in units:
            wanted = set(self._holes(unit)) if unit.active else set()
            rows = stored.get(unit, self.browse())
            keep = rows.filtered(
                lambda row, wanted=wanted: (row.kind, row.date_start, row.date_end) in wanted
            )
            (rows - keep).unlink()
            known = {(row.kind, row.date_start, row.date_end) for row in keep}
            new += [
                {"unit_id": unit.id, "kind": kind, "date_start": start, "date_end": end}
                for kind, start, end in sorted(wanted - known)
            ]
        return self.create(new)

    @api.model
    def _holes(self, unit):
        """(kind, start, end) in UTC of every stretch of the opening hours with fewer than two on duty."""
        start, end = self._horizon(unit)
        crews = self._crews(unit, start, end)
        holes = []
        for opens, closes in self._opening_hours(unit, start, end):
            times = {opens, closes}
            times |= {time for crew in crews for time in crew[:2] if opens < time < closes}
            times = sorted(times)
            for begin, stop in itertools.pairwise(times):
                on_duty = set().union(
                    *(crew for first, last, crew in crews if first <= begin and stop <= last)
                )
                if len(on_duty) < 2 and stop - begin >= MOMENT:
                    holes.append(("lone" if on_duty else "gap", begin, stop))
        return self._joined(holes)

    @api.model
    def _crews(self, unit, start, end):
        """``(start, end, ids of employees)`` of the shifts. Who does not work there that day is not on duty."""
        day = SQL("(s.date_start AT TIME ZONE 'UTC' AT TIME ZONE c.care_tz)::date")
        works = self.env["care.unit.member"]._sql_works_on(SQL("s.unit_id"), SQL("x.employee_id"), day)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT s.date_start, s.date_end, array_agg(x.employee_id) FROM care_oncall_shift s"
                " JOIN res_company c ON c.id = s.company_id JOIN care_oncall_shift_crew x ON x.shift_id = s.id"
                " WHERE s.unit_id = %s AND s.date_start < %s AND s.date_end > %s AND %s GROUP BY s.id",
                unit.id,
                end,
                start,
                works,
            )
        )
        return [(begins, stops, set(crew)) for begins, stops, crew in rows]

    @api.model
    def _joined(self, holes):
        joined = []
        for kind, start, end in holes:
            if joined and joined[-1][0] == kind and joined[-1][2] == start:
                start = joined.pop()[1]
            joined.append((kind, start, end))
        return joined

    @api.model
    def _horizon(self, unit):
        """From this morning's midnight, so that a gap that has begun does not change by the minute."""
        timezone = pytz.timezone(unit.company_id.care_tz or "Europe/Stockholm")
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(timezone).date()
        days = (today, today + WEEKS)
        return [
            timezone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in days
        ]

    @api.model
    def _opening_hours(self, unit, start, end):
        if not unit.opening_calendar_id:
            return [(start, end)]
        # sudo: holidays have rules of their own; the team's opening hours are the same whoever plans
        intervals = unit.opening_calendar_id.sudo()._work_intervals_batch(
            pytz.utc.localize(start), pytz.utc.localize(end)
        )[False]
        return [
            tuple(moment.astimezone(pytz.utc).replace(tzinfo=None) for moment in interval[:2])
            for interval in intervals
        ]

    @api.model
    def _cron_warn(self):
        """Look four weeks ahead, and remind the lead of each gap before it begins."""
        teams = self.env["care.unit"].search([("kind", "=", "on_call")])
        self._refresh(teams)
        now, rule = fields.Datetime.now(), self.env["care.rule"]
        ahead = Domain("kind", "=", "gap") & Domain("date_end", ">", now)
        soon = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_start", "<=", now + rule._period("coverage_warning", company))
            for (company,) in self._read_group(ahead, ["company_id"])
        )
        gaps = self.search(ahead & soon)
        self.env["ir.cron"]._care_batches(gaps, lambda batch: batch._warn(), BATCH)

    def _warn(self):
        """On the team, where its lead reads it."""
        leads = self.unit_id._leads_now()
        made = self.env["care.unit"]._sync_activities(
            "social_care.mail_activity_coverage",
            {gap: leads[gap.unit_id] for gap in self},
            lambda gap: gap._local(gap.date_start).date(),
            lambda gap: gap.env._(
                "Nobody on duty %(start)s to %(end)s",
                start=f"{gap._local(gap.date_start):%Y-%m-%d %H:%M}",
                end=f"{gap._local(gap.date_end):%Y-%m-%d %H:%M}",
            ),
            once=True,
            hung_on="unit_id",
            kept_in="activity_ids",
        )
        for gap, activities in made.items():
            gap.activity_ids |= activities

    def _local(self, moment):
        return fields.Datetime.context_timestamp(self.with_context(tz=self.company_id.care_tz), moment)
