from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import float_to_time

from ...tools.midnight import midnight

MOMENT = timedelta(seconds=1)


class ResourceCalendarLeaves(models.Model):
    """Absences and public holidays, whoever writes them: Odoo's Time Off, or an administrator by hand."""

    _inherit = "resource.calendar.leaves"

    # Care is given outside office hours too, and a day off is off from midnight to midnight.
    care_from = fields.Datetime(compute="_compute_care_days", store=True)
    care_to = fields.Datetime(compute="_compute_care_days", store=True)

    @api.depends("date_from", "date_to", "resource_id.calendar_id", "calendar_id", "company_id.care_tz")
    def _compute_care_days(self):
        """Odoo writes a day off as the hours that the person works on it: those stand for the whole day."""
        for leave in self:
            leave.care_from, leave.care_to = leave.date_from, leave.date_to
            if not leave.date_from or not leave.date_to:
                continue
            timezone = leave.company_id.care_tz or "Europe/Stockholm"
            first, last = leave._care_days_asked_for() or leave._care_days_covered(timezone)
            if first:
                leave.care_from = midnight(first, timezone)
            if last:
                leave.care_to = midnight(last + timedelta(days=1), timezone)

    def _care_days_asked_for(self):
        """First and last day of what Odoo's Time Off, where it is installed, has granted by whole days."""
        request = "holiday_id" in self._fields and self.holiday_id
        if not request or request.request_unit_half or request.request_unit_hours:
            return None
        return request.request_date_from, request.request_date_to

    def _care_days_covered(self, timezone):
        """First and last day, each only if all its working hours are covered; else the hours stand as written."""
        days = []
        for moment in (self.date_from, self.date_to - MOMENT):
            day = pytz.utc.localize(moment).astimezone(pytz.timezone(timezone)).date()
            zones = {timezone, self.resource_id.tz or timezone}  # Time Off reckons by the employee's clock
            days.append(day if any(self._care_covers(day, zone) for zone in zones) else None)
        return days

    def _care_covers(self, day, timezone):
        calendar = self.resource_id.calendar_id or self.calendar_id or self.company_id.resource_calendar_id
        hours = calendar._get_hours_for_date(day) if calendar else (0, 24)
        begins, ends = (
            pytz.timezone(timezone).localize(datetime.combine(day, float_to_time(hour))).astimezone(pytz.utc)
            for hour in (hours if hours[0] < hours[1] else (0, 24))
        )
        # Odoo ends a day a second early
        return (
            self.date_from <= begins.replace(tzinfo=None)
            and ends.replace(tzinfo=None) <= self.date_to + MOMENT
        )

    @api.model
    def _care_absent_until(self, employees):
        """Who of ``employees`` is away now, and until when.

        Odoo's Time Off writes what it grants into this table; the table itself belongs to a module that
        is always there. Why somebody is away is not read.

        :return: ``{hr.employee: datetime}``, the last moment of the absence in UTC
        """
        # sudo: staff read no employees; each one's resource is looked up in the absences, and no more
        employees_sudo = employees.sudo()
        by_resource = {employee.resource_id.id: employee for employee in employees_sudo}
        now = fields.Datetime.now()
        # sudo: one reads one's own absences; until when a colleague is away comes back, without the cause
        groups = self.sudo()._read_group(
            Domain("resource_id", "in", list(by_resource))
            & Domain("time_type", "=", "leave")
            & Domain("care_from", "<=", now)
            & Domain("care_to", ">", now),
            ["resource_id"],
            ["care_to:max"],
        )
        return {employees.browse(by_resource[resource.id].id): until - MOMENT for resource, until in groups}

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._care_follow()
        return leaves

    def write(self, vals):
        before = self.filtered(lambda leave: leave._care_lies_ahead()).resource_id.ids
        result = super().write(vals)
        if vals.keys() & {"date_from", "date_to", "resource_id", "time_type", "company_id", "calendar_id"}:
            self._care_follow(before)
        return result

    def unlink(self):
        ahead = self.filtered(lambda leave: leave._care_lies_ahead())
        resource_ids, companies = ahead.resource_id.ids, ahead._care_holiday_companies()
        result = super().unlink()
        self._care_follow_absences(resource_ids)
        self._care_follow_holidays(companies)
        return result

    def _care_lies_ahead(self):
        return bool(self.care_to and self.care_to > fields.Datetime.now())

    def _care_holiday_companies(self):
        """Of public holidays, which are absences of nobody in particular."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        everywhere = any(not holiday.company_id for holiday in holidays)
        # sudo: its writer may not see all companies, in each of which it holds; their ids alone are used
        companies_sudo = self.env["res.company"].sudo()
        return companies_sudo.search([("active", "=", True)]) if everywhere else holidays.company_id

    def _care_follow(self, resource_ids=()):
        """Let the visits follow at once: the deputy sees in the morning what was granted at night."""
        ahead = self.filtered(lambda leave: leave._care_lies_ahead())
        ids = {*resource_ids, *ahead.filtered(lambda leave: leave.time_type == "leave").resource_id.ids}
        self._care_follow_absences(list(ids))
        self._care_follow_holidays(ahead._care_holiday_companies())

    @api.model
    def _care_follow_absences(self, resource_ids):
        if resource_ids:
            # sudo: whoever grants time off may read no employees; their ids alone are looked up
            employees_sudo = self.env["hr.employee"].sudo().with_context(active_test=False)
            found = employees_sudo._search([("resource_id", "in", resource_ids)])
            # sudo: whoever grants time off sees no visits, and theirs follow at once
            self.env["care.visit"].sudo()._follow_people(list(found))

    @api.model
    def _care_follow_holidays(self, companies):
        """The next night looks at every day again: a holiday concerns every plan of the company."""
        if companies:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE care_plan SET visits_until = NULL WHERE state = 'active' AND company_id = ANY(%s)",
                    companies.ids,
                )
            )
            self.env["care.plan"].invalidate_model(["visits_until"])
