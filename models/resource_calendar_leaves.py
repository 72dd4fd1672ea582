from odoo import api, fields, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model
    def _care_absent_until(self, employees):
        """Who of ``employees`` is away now, and until when.

        Odoo's Time Off writes what it grants into this table; the table itself belongs to a module that
        is always there. Why somebody is away is not read.

        :return: ``{hr.employee: datetime}``, the end of the absence in UTC
        """
        employees_sudo = employees.sudo()  # a colleague's absence, without its cause
        by_resource = {employee.resource_id.id: employee for employee in employees_sudo}
        now = fields.Datetime.now()
        groups = self.sudo()._read_group(
            Domain("resource_id", "in", list(by_resource))
            & Domain("time_type", "=", "leave")
            & Domain("date_from", "<=", now)
            & Domain("date_to", ">", now),
            ["resource_id"],
            ["date_to:max"],
        )
        return {employees.browse(by_resource[resource.id].id): until for resource, until in groups}
