from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..plans.care_plan_line import WEEKDAYS


class CareStaffChoice(models.Model):
    """Who cannot come is told at the choice, not on the day when somebody else rings the bell."""

    _inherit = "care.staff.choice"

    warning = fields.Text(compute="_compute_warning")
    member_ids = fields.Many2many("hr.employee", compute="_compute_member_ids", compute_sudo=True)

    @api.depends("unit_id")
    def _compute_member_ids(self):
        """Whom the client may choose among: those who work in the unit now."""
        employees = self.env["care.unit.member"]._employees_by_unit(self.unit_id)
        for choice in self:
            choice.member_ids = employees.get(choice.unit_id, False)

    @api.depends("employee_id", "task_type_id", "unit_id", "client_id", "date_from", "date_to")
    def _compute_warning(self):
        last_days, wanted = self._last_days(), self._wanted_days()
        absent = self.env["resource.calendar.leaves"]._care_absent_until(self.employee_id)
        for choice in self:
            until = absent.get(choice.employee_id)
            choice.warning = "\n".join(
                filter(
                    None,
                    [
                        choice._warning_member(last_days),
                        choice._warning_days(wanted),
                        until
                        and self.env._(
                            "%(person)s is away until %(date)s.",
                            person=choice._person(),
                            date=fields.Date.to_string(
                                fields.Datetime.context_timestamp(choice, until).date()
                            ),
                        ),
                    ],
                )
            )

    @api.constrains("employee_id", "unit_id", "date_from")
    def _check_is_member(self):
        last_days = self._last_days()
        for choice in self:
            if choice.employee_id and (choice.unit_id.id, choice.employee_id.id) not in last_days:
                raise ValidationError(choice._warning_member(last_days))

    def _check_fits(self):
        """At acceptance: still a member, and at work on at least one of the days."""
        self._check_is_member()
        wanted = self._wanted_days()
        for choice in self:
            days = wanted.get(choice._key(), set())
            if days and days <= choice._free_days() and choice._has_own_hours():
                raise ValidationError(
                    self.env._(
                        "%(warning)s Decline the wish with that as the reason, or change the days in the plan first.",
                        warning=choice._warning_days(wanted),
                    )
                )

    def _has_own_hours(self):
        """Odoo gives every employee the company's hours at first: those tell nothing of a roster."""
        # sudo: whether a colleague has other hours than the company's, nothing else of the contract
        employee_sudo = self.employee_id.sudo()
        return employee_sudo.resource_calendar_id != employee_sudo.company_id.resource_calendar_id

    def _warning_member(self, last_days):
        key = (self.unit_id.id, self.employee_id.id)
        if not self.employee_id or not self.unit_id:
            return ""
        if key not in last_days:
            return self.env._(
                "%(person)s does not work in %(unit)s now and cannot be chosen. Choose someone who does.",
                person=self._person(),
                unit=self.unit_id.name,
            )
        if last_days[key]:
            return self.env._(
                "%(person)s works in %(unit)s until %(date)s.",
                person=self._person(),
                unit=self.unit_id.name,
                date=last_days[key],
            )
        return ""

    def _warning_days(self, wanted):
        days = wanted.get(self._key(), set()) & self._free_days()
        if not days:
            return ""
        names = dict.fromkeys(
            self.env["care.plan.line"]._fields[WEEKDAYS[day]]._description_string(self.env).lower()
            for day in sorted(days)
        )
        return self.env._(
            "%(person)s does not work on %(days)s, when the plan has this task.",
            person=self._person(),
            days=", ".join(names),
        )

    def _key(self):
        return (self.client_id.id, self.unit_id.id, self.task_type_id.id)

    def _person(self):
        # sudo: care staff read no employees; the name of the colleague whom the client has chosen comes back
        return self.employee_id.sudo().name

    def _last_days(self):
        """``{(unit, employee): last day or False}`` of memberships that hold now, or begin later."""
        # sudo: staff of other units read no memberships here; until when a colleague works comes back
        members_sudo = self.env["care.unit.member"].sudo()
        found_sudo = members_sudo.search(
            Domain("unit_id", "in", self.unit_id.ids)
            & Domain("employee_id", "in", self.employee_id.ids)
            & (Domain("closes_at", "=", False) | Domain("closes_at", ">", "now"))
            & Domain.custom(to_sql=lambda model, alias, query: model._sql_in_use(alias))
        )
        last_days = {}
        for member in found_sudo.sorted(lambda member: member.date_from):
            last_days[member.unit_id.id, member.employee_id.id] = member.date_to
        return last_days

    def _wanted_days(self):
        """``{(client, unit, task type): weekdays}`` of the plans that are in force or on their way."""
        lines = self.env["care.plan.line"].search(
            Domain("client_id", "in", self.client_id.ids)
            & Domain("task_type_id", "in", self.task_type_id.ids)
            & Domain("plan_id.state", "in", ["draft", "proposed", "active"])
        )
        days = {}
        for line in lines:
            key = (line.client_id.id, line.unit_id.id, line.task_type_id.id)
            days.setdefault(key, set()).update(number for number, day in enumerate(WEEKDAYS) if line[day])
        return days

    def _free_days(self):
        """Weekdays (0 is Monday) without working hours; none when hours are flexible or unknown."""
        # sudo: which weekdays a colleague works, nothing else of the contract
        attendances = self.employee_id.sudo().resource_calendar_id.attendance_ids
        at_work = {int(attendance.dayofweek) for attendance in attendances if not attendance.display_type}
        return set(range(7)) - at_work if at_work else set()
