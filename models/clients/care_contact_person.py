from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CareContactPerson(models.Model):
    """The member of staff who is a client's contact person (kontaktman), or the deputy, in a unit."""

    _name = "care.contact.person"
    _description = "Contact Person"
    _inherit = ["care.walled", "care.period"]
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
        " daterange(LEAST(date_from, date_to), date_to, '[]') WITH &&) WHERE (role = 'primary')",
        "The client already has a contact person in that period. Give the earlier one a last day first.",
    )

    @api.depends("employee_id")
    def _compute_display_name(self):
        for contact, contact_sudo in zip(self, self.sudo(), strict=True):
            contact.display_name = contact_sudo.employee_id.name  # a colleague's name, no client's

    @api.model
    def _primary_now(self, clients):
        """Today's contact persons of ``clients``: ``{(client, unit): contact}``."""
        domain = Domain("client_id", "in", clients.ids) & Domain("role", "=", "primary")
        return {
            (contact.client_id, contact.unit_id): contact
            for contact in self.search(domain & self._domain_now())
        }

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

    def _refresh_visits(self):
        """The lines of the plan that are the contact person's follow by themselves."""
        self.env["care.visit"]._refresh(
            Domain("client_id", "in", self.client_id.ids) & Domain("unit_id", "in", self.unit_id.ids)
        )

    @api.constrains("employee_id", "unit_id", "date_from")
    def _check_is_member(self):
        """On some day of the period at least; a membership may begin later or end earlier."""
        members = self.env["care.unit.member"].sudo()  # memberships are no secret to the unit
        for contact in self:
            if not members.search_count(
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
                raise ValidationError(
                    self.env._(
                        "%(person)s is not a member of %(unit)s. Add the membership first, or choose"
                        " someone who works there.",
                        person=contact.employee_id.sudo().name,
                        unit=contact.unit_id.name,
                    )
                )
