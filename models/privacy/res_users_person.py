from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

# A row for each thing by which two logins are known to be one person's. Nothing that a user writes about
# oneself: the login's name, the private telephone and the addresses are that. The full name, which the
# employer has written, is enough to let somebody else judge.
PERSON = """
SELECT e.user_id, 'name ' || lower(trim(e.name)) AS sign FROM hr_employee e WHERE e.user_id IN %(users)s
UNION SELECT e.user_id, 'number ' || right(regexp_replace(x.value, '\\D', '', 'g'), 10)
  FROM hr_employee e JOIN hr_version v ON v.employee_id = e.id
 CROSS JOIN LATERAL (VALUES (v.ssnid), (v.identification_id)) AS x(value)
 WHERE e.user_id IN %(users)s AND length(regexp_replace(x.value, '\\D', '', 'g')) >= 10
UNION SELECT x.user_id, 'employee ' || c.id FROM care_access_change c
 CROSS JOIN LATERAL (VALUES (c.former_user_id), (c.subject_user_id)) AS x(user_id)
 WHERE c.kind = 'employee_user' AND c.former_user_id IS NOT NULL AND x.user_id IN %(users)s
"""


class ResUsers(models.Model):
    """Who somebody is, by what they cannot write themselves.

    What a person is called where they sign, decide or are printed is the employee's name; and who is one
    and the same person, though they have several logins, judges nothing that they have done.
    """

    _inherit = "res.users"

    care_name = fields.Char(
        "Name in Care",
        compute="_compute_care_name",
        help="The employee's name; of who is nobody's employee the login, which an administrator writes.",
    )

    @api.depends("login", "employee_ids.name", "employee_ids.active", "employee_ids.company_id")
    @api.depends_context("company")
    def _compute_care_name(self):
        """What the user is called where it lasts, is printed or is told: never what they call themselves."""
        employees = self._care_employees(self.env.company)
        # sudo: Odoo may hide a login from the reader that is no internal user's any more
        for user, user_sudo in zip(self, self.sudo(), strict=True):
            system = user._origin.id == SUPERUSER_ID
            user.care_name = employees[user].name or (user_sudo.name if system else user_sudo.login)

    def _get_employee_fields_to_sync(self):
        """The employer says what an employee is called: who renames a login renames no employee with it."""
        names = super()._get_employee_fields_to_sync()
        if self.env["hr.employee"].sudo(False).has_access("write"):
            return names
        return [name for name in names if name != "name"]

    def _care_employees(self, company):
        """Whom each of these users is in the company, or anywhere: ``{user: employee}``, left ones too."""
        # sudo: care staff read no employees; a colleague's name and title come back
        employees_sudo = self.env["hr.employee"].sudo().with_context(active_test=False)
        found = employees_sudo.search_fetch(
            [("user_id", "in", self._origin.ids)], ["user_id", "company_id", "name", "active"], order="id"
        )
        found = found.sorted(lambda employee: (not employee.active, employee.company_id != company))
        by_user = found.grouped("user_id")
        return {user: by_user.get(user._origin, employees_sudo)[:1] for user in self}

    def _care_same_person(self):
        """Which of these users are one person: ``{user: users}``, with one query for all.

        Logins of employees with the same personal number or of the same full name, and those that one
        employee has had one after the other.
        """
        same = {user: user for user in self}
        if len(self) > 1:
            self.env.flush_all()
            signs = SQL(PERSON, users=tuple(self.ids))
            for one, other in self.env.execute_query(
                SQL(
                    "WITH person AS (%s) SELECT DISTINCT a.user_id, b.user_id FROM person a JOIN person b"
                    " ON b.sign = a.sign AND b.user_id <> a.user_id",
                    signs,
                )
            ):
                same[self.browse(one)] |= self.browse(other)
        return same

    def _care_is_person(self, users):
        """Whether one of ``users`` is this very person."""
        self.ensure_one()
        return bool((self | users)._care_same_person()[self] & users)
