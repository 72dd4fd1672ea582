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
        """Rows ``(unit_id, employee_id, user_id, date_from, id)``: who works in which unit now and can be asked."""
        return SQL(
            "SELECT m.unit_id, m.employee_id, m.user_id, m.date_from, m.id FROM care_unit_member m"
            " WHERE m.user_id IS NOT NULL AND %s AND %s AND %s",
            self._sql_now("m"),
            self._sql_works("m"),
            SQL("m.role = %s", role, to_flush=self._fields["role"]) if role else SQL("TRUE"),
            to_flush=[self._fields[name] for name in ("unit_id", "employee_id", "date_from")],
        )

    @api.model
    def _sql_works(self, alias):
        """The membership is one to rely on while it lasts: nobody doubts it, and it is in use."""
        table, users = SQL.identifier(alias), self.env["res.users"]._fields
        return SQL(
            "(%(m)s.user_id IS NOT DISTINCT FROM %(m)s.confirmed_user_id AND %(in_use)s AND (%(m)s.user_id IS NULL OR"
            " EXISTS (SELECT 1 FROM res_company_users_rel r WHERE r.user_id = %(m)s.user_id AND r.cid = %(m)s.company_id)))",
            m=table,
            in_use=self._sql_in_use(alias),
            to_flush=[
                *(self._fields[name] for name in ("user_id", "confirmed_user_id", "company_id")),
                users["company_ids"],
            ],
        )

    @api.model
    def _sql_in_use(self, alias):
        """Neither the employee nor the login, where there is one, is put away."""
        table = SQL.identifier(alias)
        return SQL(
            "((SELECT e.active FROM hr_employee e WHERE e.id = %(m)s.employee_id)"
            " AND COALESCE((SELECT u.active FROM res_users u WHERE u.id = %(m)s.user_id), TRUE))",
            m=table,
            to_flush=[
                *(self._fields[name] for name in ("user_id", "employee_id")),
                *(self.env[name]._fields["active"] for name in ("hr.employee", "res.users")),
            ],
        )

    @api.model
    def _sql_works_on(self, unit, employee, day):
        """Whether an employee works in a unit on a day: the one answer for visits, choices and whoever hands over.

        :param SQL unit: and ``employee``, the columns with their ids; of no table that is called ``m``
        """
        condition = SQL(
            "m.date_from <= %s AND (m.date_to IS NULL OR m.date_to >= %s) AND %s",
            day,
            day,
            self._sql_works("m"),
        )
        return self._sql_member(unit, employee, condition)

    @api.model
    def _sql_belongs(self, unit, employee, day):
        """Whether an employee has not left the unit by a day: waits to be confirmed or begins later, at the least."""
        condition = SQL("(m.date_to IS NULL OR m.date_to >= %s) AND %s", day, self._sql_in_use("m"))
        return self._sql_member(unit, employee, condition)

    @api.model
    def _sql_member(self, unit, employee, condition):
        return SQL(
            "EXISTS (SELECT 1 FROM care_unit_member m WHERE m.unit_id = %s AND m.employee_id = %s AND %s)",
            unit,
            employee,
            condition,
            to_flush=[self._fields[name] for name in ("unit_id", "employee_id", "date_from", "date_to")],
        )

    @api.model
    def _employees_by_unit(self, units, domain=Domain.TRUE):
        """Who works in each of ``units`` now: ``{unit: employees}``, units without anybody left out."""
        works = Domain.custom(to_sql=lambda model, alias, query: model._sql_works(alias))
        here = Domain("unit_id", "in", units.ids) & self._domain_now() & works & domain
        return dict(self._read_group(here, ["unit_id"], ["employee_id:recordset"]))

    @api.model
    def _employee_of_user(self, unit):
        """Which employee the current user is in ``unit`` now."""
        mine = Domain("unit_id", "=", unit.id) & Domain("user_id", "=", self.env.uid)
        # sudo: one's own membership and employee, by id alone; staff read no employees
        return self.sudo().search(mine & self._domain_now(), limit=1).employee_id.sudo(False)
