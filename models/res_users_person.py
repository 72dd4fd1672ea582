from odoo import models
from odoo.tools import SQL

# A row for each thing by which two logins are known to be one person's. No work address or telephone, which
# colleagues share; the full name is enough to let somebody else judge.
PERSON = """
SELECT u.id AS user_id, 'name ' || lower(trim(p.name)) AS sign FROM res_users u JOIN res_partner p ON p.id = u.partner_id
 WHERE u.id IN %(users)s
UNION SELECT e.user_id, 'mail ' || lower(trim(e.private_email)) FROM hr_employee e
 WHERE e.user_id IN %(users)s AND e.private_email LIKE '%%@%%'
UNION SELECT e.user_id, 'number ' || right(regexp_replace(x.value, '\\D', '', 'g'), 10)
  FROM hr_employee e JOIN hr_version v ON v.employee_id = e.id
 CROSS JOIN LATERAL (VALUES (v.ssnid), (v.identification_id)) AS x(value)
 WHERE e.user_id IN %(users)s AND length(regexp_replace(x.value, '\\D', '', 'g')) >= 10
UNION SELECT x.user_id, 'employee ' || c.id FROM care_access_change c
 CROSS JOIN LATERAL (VALUES (c.former_user_id), (c.subject_user_id)) AS x(user_id)
 WHERE c.kind = 'employee_user' AND c.former_user_id IS NOT NULL AND x.user_id IN %(users)s
"""


class ResUsers(models.Model):
    """Who is one and the same person, though they have several logins: nobody judges what they have done."""

    _inherit = "res.users"

    def _care_same_person(self):
        """Which of these users are one person: ``{user: users}``, with one query for all.

        Logins of employees with the same personal number or private e-mail address, of the same full
        name, and those that one employee has had one after the other.
        """
        same = {user: user for user in self}
        if len(self) > 1:
            self.flush_recordset(["partner_id"])
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
