from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class CareUnitMember(models.Model):
    """Who works in a unit, as what, from when to when. The membership is the key to the unit's files."""

    _name = "care.unit.member"
    _description = "Unit Member"
    _inherit = ["care.period"]
    _order = "unit_id, role, id"
    _check_company_auto = True

    unit_id = fields.Many2one("care.unit", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, check_company=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "User", related="employee_id.user_id", store=True, index=True, precompute=True
    )
    confirmed_user_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="The user that the membership was given to. When the employee gets another user the"
        " membership opens nothing until it is confirmed.",
    )
    suspended = fields.Boolean(compute="_compute_suspended")
    role = fields.Selection(
        [("staff", "Staff"), ("manager", "Manager"), ("mentor", "Care mentor")],
        required=True,
        default="staff",
    )

    _once_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(unit_id, unit_id, '[]') WITH &&,"
        " int4range(employee_id, employee_id, '[]') WITH &&,"
        " daterange(LEAST(date_from, date_to), date_to, '[]') WITH &&)",
        "This person is already a member of the unit in that period. Change the existing membership.",
    )
    _user_idx = models.Index("(user_id, unit_id)")

    @api.depends("employee_id", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for member in self:
            member.display_name = f"{member.employee_id.name or ''} ({roles.get(member.role, '')})"

    @api.depends("user_id", "confirmed_user_id")
    def _compute_suspended(self):
        for member in self:
            member.suspended = member.user_id != member.confirmed_user_id

    @api.model
    def _check_manages(self, units):
        """The group says what, the membership says where: both, now, for each of ``units``."""
        managed = units.with_env(self.env)._mine_now("manager")
        if not self.env.user.has_group("social_care.group_care_manager") or units - managed:
            raise AccessError(self.env._("Only a manager of the unit decides this. Ask one of them."))

    @api.model
    def _domain_mine(self):
        """Memberships of the current user that nobody has doubted since."""
        return Domain("user_id", "=", self.env.uid) & Domain("confirmed_user_id", "=", self.env.uid)

    @api.model
    def _sql_at_work(self, role=None):
        """Rows ``(unit_id, employee_id, user_id, date_from, id)``: who works in which unit now and can be asked.

        The membership holds and nobody doubts it, the employee has not left, and the login is in use in the
        unit's company.
        """
        member = self._fields
        return SQL(
            "SELECT m.unit_id, m.employee_id, m.user_id, m.date_from, m.id FROM care_unit_member m"
            " JOIN res_users u ON u.id = m.user_id AND u.active JOIN hr_employee e ON e.id = m.employee_id AND e.active"
            " JOIN res_company_users_rel c ON c.user_id = m.user_id AND c.cid = m.company_id"
            " WHERE m.user_id = m.confirmed_user_id AND %s AND %s",
            self._sql_now("m"),
            SQL("m.role = %s", role) if role else SQL("TRUE"),
            to_flush=[
                *(
                    member[name]
                    for name in ("unit_id", "employee_id", "user_id", "confirmed_user_id", "role")
                ),
                *(member[name] for name in ("date_from", "company_id")),
                self.env["hr.employee"]._fields["active"],
                *(self.env["res.users"]._fields[name] for name in ("active", "company_ids")),
            ],
        )

    @api.model
    def _employees_by_unit(self, units, domain=Domain.TRUE):
        """Who works in each of ``units`` now: ``{unit: employees}``, units without anybody left out."""
        here = Domain("unit_id", "in", units.ids) & self._domain_now() & domain
        return dict(self._read_group(here, ["unit_id"], ["employee_id:recordset"]))

    @api.model
    def _employee_of_user(self, unit):
        """Which employee the current user is in ``unit`` now."""
        mine = Domain("unit_id", "=", unit.id) & Domain("user_id", "=", self.env.uid)
        # sudo: one's own membership and employee, by id alone; staff read no employees
        return self.sudo().search(mine & self._domain_now(), limit=1).employee_id.sudo(False)
