from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.own_work import own_work
from .care_access_change import PROPOSAL

# By which numbers, telephones and addresses a member of staff may be known in private; never those of work, which
# colleagues write into a client's network with good reason, or with none. Each has an index on the expression below.
STAFF = (
    ("number", "hr_version", "ssnid"),
    ("number", "hr_version", "identification_id"),
    ("phone", "hr_employee", "private_phone"),
    ("phone", "hr_employee", "emergency_phone"),
    ("email", "hr_employee", "private_email"),
)
COMPARED = {
    "number": "right(regexp_replace({}, '\\D', '', 'g'), 10)",
    "phone": "right(regexp_replace({}, '\\D', '', 'g'), 9)",
    "email": "lower(trim({}))",
}
# As many characters as a value must have to say anything.
LONG_ENOUGH = "length(f.value) >= CASE f.kind WHEN 'number' THEN 10 WHEN 'phone' THEN 9 ELSE 3 END"
# A row for each of the clients' own, and their networks'.
CLIENTS = """
    SELECT i.client_id, i.company_id, 'self' AS origin, 'number' AS kind, right(i.number, 10) AS value
      FROM care_client_number i WHERE i.kind IN ('current', 'former')
    UNION ALL SELECT c.id, c.company_id, 'related', 'phone', right(c.phone_digits, 9)
      FROM care_client c WHERE c.phone_digits IS NOT NULL
    UNION ALL SELECT c.id, c.company_id, 'related', 'email', lower(trim(c.email))
      FROM care_client c WHERE c.email IS NOT NULL
    UNION ALL SELECT k.client_id, k.company_id, 'related', x.kind, x.value
      FROM care_client_contact k
      CROSS JOIN LATERAL (VALUES
          ('phone', right(regexp_replace(k.phone, '\\D', '', 'g'), 9)), ('email', lower(trim(k.email)))
      ) AS x(kind, value)
     WHERE k.kind IN ('relative', 'representative') AND (k.closes_at IS NULL OR k.closes_at > %(now)s)
"""


class CareClientLockout(models.Model):
    """A member of staff who is a client is shut out at once; whoever seems close to one is proposed.

    The client's own: the employee's personal number is the client's, or was. Close: the client, or a relative or
    representative in the client's network, has the employee's private telephone or e-mail address, or the
    number that is called when something happens to them. That follows from what colleagues write, so the
    privacy officers decide. Names and streets decide nothing; they are signs in the monthly review. Only
    the privacy officers see these lockouts and proposals, and only they end them; what they have ended or
    said no to is not made again.
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
    @own_work(anyone=True)  # whoever keeps the employees' data opens no file
    def _match(self, clients=None, employees=None):
        """Make the lockouts that are missing, and propose others, in one query for all.

        :param clients: of these alone
        :param employees: of these alone
        :return: the lockouts that are made
        """
        if (
            not self.env.registry.ready
            or (clients is not None and not clients)
            or (employees is not None and not employees)
        ):
            return self.browse()
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._sql_matches(clients, employees))
        ones = {(row["client_id"], row["user_id"]) for row in rows if row["origin"] == "self"}
        self._propose([row for row in rows if (row["client_id"], row["user_id"]) not in ones])
        if not ones:
            return self.browse()
        # sudo: the system decides, and no one else may see it
        made_sudo = self.sudo().create(
            [
                {
                    "client_id": client_id,
                    "user_id": user_id,
                    "origin": "self",
                    "reason": self._reason("self"),
                    "date_from": self._today(),
                    "date_to": False,  # whatever default its cause may have stored
                }
                for client_id, user_id in sorted(ones)
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
        return self.env._(
            "The client, or somebody in the client's network, has a private telephone number or e-mail address of"
            " the employee's."
        )

    @api.model
    def _sql_matches(self, clients, employees):
        """From a client's few values to the staff who have them, by an index each."""
        now = fields.Datetime.now()
        return SQL(
            "WITH client AS MATERIALIZED (SELECT * FROM (%(clients)s) AS f WHERE %(of_clients)s AND %(long_enough)s),"
            " known AS (%(staff)s) SELECT DISTINCT k.client_id, e.user_id, k.origin, c.reference, c.company_id"
            " FROM known k JOIN hr_employee e ON e.id = k.employee_id AND e.company_id = k.company_id"
            " JOIN res_users u ON u.id = e.user_id AND u.active"
            " JOIN care_client c ON c.id = k.client_id WHERE %(of_staff)s"
            " AND EXISTS (SELECT 1 FROM care_unit_member m WHERE m.employee_id = e.id)"
            " AND (k.origin = 'self' OR NOT EXISTS (SELECT 1 FROM care_access_change p WHERE p.kind = %(proposal)s"
            " AND p.subject_user_id = e.user_id AND p.name = c.reference AND p.company_id = c.company_id))"
            " AND NOT EXISTS (SELECT 1 FROM care_client_lockout l WHERE l.client_id = k.client_id"
            " AND l.user_id = e.user_id AND (l.origin <> 'decided' OR (l.opens_at <= %(now)s"
            " AND (l.closes_at IS NULL OR l.closes_at > %(now)s))))",
            proposal=PROPOSAL,
            staff=SQL(" UNION ALL ").join(self._sql_known(*known) for known in STAFF),
            clients=SQL(CLIENTS, now=now),
            long_enough=SQL(LONG_ENOUGH),
            of_clients=SQL("f.client_id IN %s", tuple(clients.ids)) if clients else SQL("TRUE"),
            of_staff=SQL("e.id IN %s", tuple(employees.ids)) if employees else SQL("TRUE"),
            now=now,
        )

    @api.model
    def _sql_known(self, kind, table, column):
        """The staff who have one of the clients' values in one column."""
        return SQL(
            "SELECT f.client_id, f.company_id, f.origin, %s AS employee_id FROM client f"
            " JOIN %s s ON %s = f.value AND s.%s IS NOT NULL WHERE f.kind = %s",
            SQL("s.id") if table == "hr_employee" else SQL("s.employee_id"),
            SQL.identifier(table),
            SQL(COMPARED[kind].format(f"s.{column}")),  # pylint: disable=sql-injection  # both are ours
            SQL.identifier(column),
            kind,
        )

    @api.model
    @own_work(anyone=True)
    def _follow(self, former, user):
        """Lockouts that hold for a login hold for the next one of the same employee, for as long as they would."""
        if not former or not user:
            return self.browse()
        # sudo: whoever changes the login may not know of the lockouts
        lockouts_sudo = self.sudo()
        theirs = lockouts_sudo.search([("user_id", "in", (former | user).ids), ("closes_at", "=", False)])
        theirs |= lockouts_sudo.search([("user_id", "in", (former | user).ids), ("closes_at", ">", "now")])
        held = theirs.filtered(lambda lockout: lockout.user_id == user).client_id
        held |= lockouts_sudo.search([("user_id", "=", user.id), ("origin", "!=", "decided")]).client_id
        return lockouts_sudo.create(
            [
                {
                    "client_id": lockout.client_id.id,
                    "user_id": user.id,
                    "origin": lockout.origin,
                    "reason": lockout.reason,
                    "date_from": max(lockout.date_from, self._today()),
                    "date_to": lockout.date_to,
                }
                for lockout in theirs
                if lockout.origin != "self" and lockout.client_id not in held
            ]
        )


class CareClient(models.Model):
    _inherit = "care.client"

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        known = clients.filtered(lambda client: client.personal_number or client.phone or client.email)
        self.env["care.client.lockout"]._match(clients=known)
        return clients

    def write(self, vals):
        result = super().write(vals)
        if {"personal_number", "personal_number_written", "phone", "email"} & vals.keys():
            self.env["care.client.lockout"]._match(clients=self)
        return result


class CareClientNumber(models.Model):
    _inherit = "care.client.number"

    @api.model_create_multi
    def create(self, vals_list):
        numbers = super().create(vals_list)
        former = numbers.filtered(lambda number: number.kind == "former")
        self.env["care.client.lockout"]._match(clients=former.client_id)
        return numbers


class CareClientContact(models.Model):
    _inherit = "care.client.contact"

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        self.env["care.client.lockout"]._match(clients=contacts.client_id)
        return contacts

    def write(self, vals):
        result = super().write(vals)
        if {"phone", "email", "kind", "date_to"} & vals.keys():
            self.env["care.client.lockout"]._match(clients=self.client_id)
        return result
