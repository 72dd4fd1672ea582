from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CareContactPerson(models.Model):
    """The member of staff who is a client's contact person (kontaktman), or the deputy, in a unit."""

    _name = "care.contact.person"
    _description = "Contact Person"
    _inherit = ["care.mistaken", "care.period"]
    _order = "date_from desc, role desc, id desc"
    _check_company_auto = True

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    employee_id = fields.Many2one("hr.employee", required=True, index=True, check_company=True)
    user_id = fields.Many2one(related="employee_id.user_id", store=True, index=True, precompute=True)
    role = fields.Selection(
        [("primary", "Contact person"), ("deputy", "Deputy")], required=True, default="primary"
    )
    chosen_by = fields.Selection(
        [("client", "The client"), ("unit", "The unit")], required=True, default="unit"
    )
    reason = fields.Char()

    _one_primary = models.Constraint(
        "EXCLUDE USING gist (int4range(client_id, client_id, '[]') WITH &&,"
        " int4range(unit_id, unit_id, '[]') WITH &&,"
        " daterange(LEAST(date_from, date_to), date_to, '[]') WITH &&)"
        " WHERE (role = 'primary' AND mistake_reason IS NULL)",
        "The client already has a contact person in that period. Give the earlier one a last day first.",
    )

    @api.depends("employee_id")
    def _compute_display_name(self):
        # sudo: staff read no employees; the name is a colleague's and no client's
        for contact, contact_sudo in zip(self, self.sudo(), strict=True):
            contact.display_name = contact_sudo.employee_id.name

    @api.model
    def _primary_now(self, clients):
        """Today's contact persons of ``clients``: ``{(client, unit): contact}``."""
        domain = Domain("client_id", "in", clients.ids) & Domain("role", "=", "primary")
        return {
            (contact.client_id, contact.unit_id): contact
            for contact in self.search(domain & self._domain_now())
        }

    @api.model
    def _responsible_now(self, places):
        """Whom to ask about a client in a unit now, the first first: ``{(client, unit): users}``.

        The contact person who works there today, else the deputy, else the unit's managers.

        :param places: pairs of client and unit
        """
        users, found = self.env["res.users"], dict.fromkeys(places, ())
        by_ids = {(client.id, unit.id): (client, unit) for client, unit in found}
        pairs = SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[]) AS p(client_id, unit_id)",
            [client_id for client_id, _unit_id in by_ids],
            [unit_id for _client_id, unit_id in by_ids],
        )
        for client_id, unit_id, user_id, *_order in self.env.execute_query(
            SQL("%s ORDER BY rank, since, id", self._sql_responsible(pairs))
        ):
            found[by_ids[client_id, unit_id]] += (user_id,)
        return {place: users.browse(dict.fromkeys(ids)) for place, ids in found.items()}

    @api.model
    def _sql_responsible(self, places):
        """Rows ``(client_id, unit_id, user_id, rank, since, id)``, several for each of ``places``.

        :param SQL places: a query that gives pairs ``(client_id, unit_id)``
        """
        members = self.env["care.unit.member"]
        return SQL(
            "SELECT f.client_id, f.unit_id, w.user_id, CASE b.role WHEN 'primary' THEN 0 ELSE 1 END AS rank,"
            " b.date_from AS since, b.id FROM (%(places)s) f JOIN care_contact_person b USING (client_id, unit_id)"
            " JOIN (%(at_work)s) w ON w.unit_id = b.unit_id AND w.employee_id = b.employee_id WHERE %(now)s"
            " UNION ALL SELECT f.client_id, f.unit_id, w.user_id, 2, w.date_from, w.id"
            " FROM (%(places)s) f JOIN (%(managers)s) w USING (unit_id)",
            places=places,
            at_work=members._sql_at_work(),
            managers=members._sql_at_work("manager"),
            now=self._sql_now("b"),
            to_flush=[
                self._fields[name] for name in ("client_id", "unit_id", "employee_id", "role", "date_from")
            ],
        )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._refresh_visits()
        return contacts

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"employee_id", "role", "date_from", "date_to"}:
            self._refresh_visits()
        return result

    def _is_rested_on(self):
        """It opens a protected person's file: then it stays, to say who could open it."""
        return self.client_id.is_protected or super()._is_rested_on()

    def _remove_mistaken(self):
        place = Domain("client_id", "=", self.client_id.id) & Domain("unit_id", "=", self.unit_id.id)
        super()._remove_mistaken()
        self.env["care.visit"]._refresh(place)

    def _refresh_visits(self):
        """The lines of the plan that are the contact person's follow by themselves."""
        self.env["care.visit"]._refresh(
            Domain("client_id", "in", self.client_id.ids) & Domain("unit_id", "in", self.unit_id.ids)
        )

    @api.constrains("employee_id", "unit_id", "date_from")
    def _check_is_member(self):
        """On some day of the period at least; a membership may begin later or end earlier."""
        # sudo: memberships are no secret to the unit; a yes or no about the employee who was chosen
        members_sudo = self.env["care.unit.member"].sudo()
        for contact in self:
            if not members_sudo.search_count(
                [
                    ("unit_id", "=", contact.unit_id.id),
                    ("employee_id", "=", contact.employee_id.id),
                    ("date_from", "<=", contact.date_to or date.max),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", contact.date_from),
                ],
                limit=1,
            ):
                # sudo: managers read no employees; the message names whom the writer has chosen
                raise ValidationError(
                    self.env._(
                        "%(person)s is not a member of %(unit)s. Add the membership first, or choose"
                        " someone who works there.",
                        person=contact.employee_id.sudo().name,
                        unit=contact.unit_id.name,
                    )
                )
