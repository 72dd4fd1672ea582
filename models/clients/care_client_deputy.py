from odoo import api, fields, models
from odoo.fields import Domain


class CareClient(models.Model):
    """Whom the client turns to today: the contact person, or the deputy while that one is away."""

    _inherit = "care.client"

    staff_choice_ids = fields.One2many("care.staff.choice", "client_id", "Chosen Staff")
    contact_absent_until = fields.Date(compute="_compute_deputy")
    deputy_id = fields.Many2one(
        "care.contact.person",
        compute="_compute_deputy",
        help="Who stands in now, because the contact person is away.",
    )

    @api.depends_context("uid")
    @api.depends("contact_person_id")
    def _compute_deputy(self):
        absent = self.filtered(lambda client: client.contact_person_id.absent_until)
        contacts = self.env["care.contact.person"]
        deputies = contacts.search(
            Domain("client_id", "in", absent.ids) & Domain("role", "=", "deputy") & contacts._domain_now()
        ).filtered(lambda deputy: not deputy.absent_until)
        by_place = deputies.grouped(lambda deputy: (deputy.client_id, deputy.unit_id))
        for client in self:
            contact = client.contact_person_id
            client.contact_absent_until = contact.absent_until
            client.deputy_id = by_place.get((client._origin, contact.unit_id), contacts)[:1]

    def action_change_contact_person(self):
        """Ask who becomes the contact person, the first one or the next."""
        self.ensure_one()
        unit = self.contact_person_id.unit_id or self.default_unit_id
        return self.env["care.contact.person"]._action_change(self, unit)
