from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResourceCalendarLeaves(models.Model):
    """Absences and public holidays, whoever writes them: Odoo's Time Off, or an administrator by hand."""

    _inherit = "resource.calendar.leaves"

    @api.model
    def _care_absent_until(self, employees):
        """Who of ``employees`` is away now, and until when.

        Odoo's Time Off writes what it grants into this table; the table itself belongs to a module that
        is always there. Why somebody is away is not read.

        :return: ``{hr.employee: datetime}``, the end of the absence in UTC
        """
        # sudo: staff read no employees; each one's resource is looked up in the absences, and no more
        employees_sudo = employees.sudo()
        by_resource = {employee.resource_id.id: employee for employee in employees_sudo}
        now = fields.Datetime.now()
        # sudo: one reads one's own absences; until when a colleague is away comes back, without the cause
        groups = self.sudo()._read_group(
            Domain("resource_id", "in", list(by_resource))
            & Domain("time_type", "=", "leave")
            & Domain("date_from", "<=", now)
            & Domain("date_to", ">", now),
            ["resource_id"],
            ["date_to:max"],
        )
        return {employees.browse(by_resource[resource.id].id): until for resource, until in groups}

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
        return bool(self.date_to and self.date_to > fields.Datetime.now())

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
