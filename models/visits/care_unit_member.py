from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL, groupby

from ...tools.own_work import own_work

BATCH = 100
# What somebody holds for a client until the membership ends: the table, and the rows that are in force or wished for.
ROLES = {
    "care.contact.person": "a.left_unit IS NULL",
    "care.staff.choice": "a.left_unit IS NULL AND a.state IN ('wished', 'accepted')",
}


class CareUnitMember(models.Model):
    """Whoever leaves a unit is planned there no more, and what they held for clients ends with the membership.

    A membership that waits to be confirmed has not ended: an administrator who sets a password makes it wait, and
    must not take all contact persons away by that. Meanwhile others come, and it stands among what is to be handed over.
    """

    _inherit = "care.unit.member"

    def write(self, vals):
        employees, units = self.employee_id, self.unit_id
        result = super().write(vals)
        if vals.keys() & {"date_from", "date_to", "employee_id", "unit_id", "confirmed_user_id"}:
            self._follow_membership(employees | self.employee_id, units)
        return result

    def unlink(self):
        employees, units = self.employee_id, self.unit_id
        result = super().unlink()
        self._follow_membership(employees, units)
        return result

    def _set_confirmed(self):
        super()._set_confirmed()
        self._follow_membership(self.employee_id)

    @api.model
    @own_work(anyone=True)  # whoever keeps employees or users opens no file
    def _follow_membership(self, employees, units=None):
        """What ends with a membership, or comes back with it, does so at once.

        :param units: where they were members
        """
        if not employees or not self.env.registry.ready:
            return
        system = self.with_user(SUPERUSER_ID)
        system._end_roles(system._roles_to_end(employees.ids))
        system.env["care.visit"]._follow_people(employees.ids)
        (system._units_of(employees) | (units or self.env["care.unit"]))._tell_to_hand_over()

    @api.model
    def _cron_end_roles(self):
        """Memberships end at midnight, when nobody presses a button."""
        return self.env["ir.cron"]._care_batches(self._roles_to_end(), self._end_roles, BATCH)

    @api.model
    def _roles_to_end(self, employee_ids=None):
        """What is held in a unit by who belongs there no more, with the last day of the membership, or today.

        :return: ``(model, last day, id)`` of each
        """
        self.env.flush_all()
        today = self.env["care.visit"]._sql_today()
        parts = [
            SQL(
                "SELECT %(model)s, GREATEST(a.date_from, LEAST(%(today)s, ("
                " SELECT max(COALESCE(m.date_to, %(today)s)) FROM care_unit_member m"
                " WHERE m.unit_id = a.unit_id AND m.employee_id = a.employee_id))) AS last_day, a.id"
                " FROM %(table)s a JOIN res_company c ON c.id = a.company_id WHERE %(whose)s AND %(open)s"
                " AND (a.date_to IS NULL OR a.date_to >= %(today)s) AND NOT %(belongs)s",
                model=name,
                table=SQL.identifier(self.env[name]._table),
                whose=SQL("TRUE") if employee_ids is None else SQL("a.employee_id = ANY(%s)", employee_ids),
                open=SQL(open_),  # pylint: disable=sql-injection  # one of the texts above
                today=today,
                belongs=self._sql_belongs(SQL("a.unit_id"), SQL("a.employee_id"), today),
            )
            for name, open_ in ROLES.items()
        ]
        return self.env.execute_query(SQL("%s ORDER BY 1, 2, 3", SQL(" UNION ALL ").join(parts)))

    @api.model
    def _end_roles(self, roles):
        """Those of one model and last day together, so that each plan's visits are laid out once."""
        for (name, last_day), group in groupby(roles, lambda role: role[:2]):
            self.env[name].browse(id_ for _name, _day, id_ in group)._end_with_membership(last_day)

    @api.model
    def _units_of(self, employees):
        """Where one of the persons is or was a member."""
        groups = self._read_group([("employee_id", "in", employees.ids)], ["unit_id"])
        return self.env["care.unit"].union(*(unit for (unit,) in groups))
