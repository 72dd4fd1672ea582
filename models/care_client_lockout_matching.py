from odoo import api, fields, models
from odoo.tools import SQL

# One staff member a row for each number, telephone and address by which somebody else may know them.
STAFF = """
WITH staff AS (
    SELECT DISTINCT e.id AS employee_id, e.user_id, e.company_id, x.kind, x.value
      FROM hr_employee e
      JOIN res_users u ON u.id = e.user_id AND u.active
      LEFT JOIN hr_version v ON v.employee_id = e.id
      CROSS JOIN LATERAL (VALUES
          ('number', right(regexp_replace(v.ssnid, '\\D', '', 'g'), 10)),
          ('number', right(regexp_replace(v.identification_id, '\\D', '', 'g'), 10)),
          ('phone', right(regexp_replace(e.private_phone, '\\D', '', 'g'), 9)),
          ('phone', right(regexp_replace(e.mobile_phone, '\\D', '', 'g'), 9)),
          ('email', lower(trim(e.private_email))),
          ('email', lower(trim(e.work_email))),
          ('email', lower(trim(u.login)))
      ) AS x(kind, value)
     WHERE EXISTS (SELECT 1 FROM care_unit_member m WHERE m.employee_id = e.id)
       AND length(x.value) >= CASE x.kind WHEN 'number' THEN 10 WHEN 'phone' THEN 9 ELSE 3 END
)
"""


class CareClientLockout(models.Model):
    """A member of staff who is a client, or close to one, is shut out as soon as the two are known to be one.

    The client's own: the employee's personal number is the client's. Close: a relative or representative
    in the client's network has the employee's telephone or e-mail address. Names decide nothing; they are
    signs in the monthly review. Only the privacy officers see these lockouts, and only they end them; what
    they have ended is not made again.
    """

    _inherit = "care.client.lockout"

    origin = fields.Selection(
        [
            ("decided", "Decided"),
            ("self", "The user is the client"),
            ("related", "The user is close to the client"),
        ],
        required=True,
        default="decided",
        readonly=True,
        copy=False,
    )

    _origin_idx = models.UniqueIndex("(client_id, user_id) WHERE origin <> 'decided'")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.pop("origin", None)
        return super().create(vals_list)

    @api.model
    def _cron_match(self):
        self._match()

    @api.model
    def _match(self, clients=None, employees=None):
        """Make the lockouts that are missing, in one query for all; of these clients or employees alone if given."""
        if (
            not self.env.registry.ready
            or (clients is not None and not clients)
            or (employees is not None and not employees)
        ):
            return self.browse()
        self.env.flush_all()
        found = {}
        for client_id, user_id, origin in self.env.execute_query(self._sql_matches(clients, employees)):
            if found.get((client_id, user_id)) != "self":
                found[client_id, user_id] = origin
        if not found:
            return self.browse()
        # sudo: the system decides, and no one else may see it
        made_sudo = self.sudo().create(
            [
                {
                    "client_id": client_id,
                    "user_id": user_id,
                    "origin": origin,
                    "reason": self._reason(origin),
                    "date_from": self._today(),
                    "date_to": False,  # whatever default its cause may have stored
                }
                for (client_id, user_id), origin in found.items()
            ]
        )
        self.env["care.access.change"]._note(
            [
                {
                    "kind": "lockout",
                    "name": lockout.client_id.reference,
                    "subject_user_id": lockout.user_id.id,
                    "company_id": lockout.company_id.id,
                    "after": lockout.reason,
                }
                for lockout in made_sudo
            ]
        )
        return made_sudo

    @api.model
    def _reason(self, origin):
        if origin == "self":
            return self.env._("The employee's personal number is the client's.")
        return self.env._("Somebody in the client's network has the employee's telephone or e-mail address.")

    @api.model
    def _sql_matches(self, clients, employees):
        now = fields.Datetime.now()
        of_clients = SQL("AND c.id IN %s", tuple(clients.ids)) if clients else SQL()
        of_staff = SQL("AND s.employee_id IN %s", tuple(employees.ids)) if employees else SQL()
        return SQL(
            "%s SELECT f.client_id, f.user_id, f.origin FROM ("
            " SELECT c.id AS client_id, s.user_id, 'self' AS origin FROM staff s JOIN care_client c"
            " ON c.company_id = s.company_id AND right(c.personal_number, 10) = s.value"
            " WHERE s.kind = 'number' %s %s"
            " UNION SELECT c.id, s.user_id, 'related' FROM staff s JOIN care_client_contact k"
            " ON k.company_id = s.company_id AND ((s.kind = 'email' AND lower(trim(k.email)) = s.value)"
            " OR (s.kind = 'phone' AND right(regexp_replace(k.phone, '\\D', '', 'g'), 9) = s.value))"
            " JOIN care_client c ON c.id = k.client_id WHERE k.kind IN ('relative', 'representative')"
            " AND (k.closes_at IS NULL OR k.closes_at > %s) %s %s) f"
            " WHERE NOT EXISTS (SELECT 1 FROM care_client_lockout l WHERE l.client_id = f.client_id"
            " AND l.user_id = f.user_id AND (l.origin <> 'decided' OR (l.opens_at <= %s"
            " AND (l.closes_at IS NULL OR l.closes_at > %s))))",
            SQL(STAFF),
            of_clients,
            of_staff,
            now,
            of_clients,
            of_staff,
            now,
            now,
        )
