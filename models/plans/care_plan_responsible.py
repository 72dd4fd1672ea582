from odoo import api, fields, models
from odoo.fields import Domain


class CarePlan(models.Model):
    """Whose task the plan is: the client's contact person, or a manager of the unit."""

    _inherit = "care.plan"

    may_propose = fields.Boolean(
        compute="_compute_may_propose", help="The contact person, or a manager of the unit."
    )
    contact_person_id = fields.Many2one("care.contact.person", compute="_compute_contact_person_id")

    @api.depends_context("uid")
    @api.depends("client_id", "unit_id")
    def _compute_may_propose(self):
        mine = self._filtered_contact_person() | self._filtered_management()
        for plan in self:
            plan.may_propose = plan._origin in mine

    @api.depends("client_id", "unit_id")
    def _compute_contact_person_id(self):
        found = self.env["care.contact.person"]._primary_now(self.client_id)
        for plan in self:
            plan.contact_person_id = found.get((plan.client_id._origin, plan.unit_id._origin), False)

    def _filtered_contact_person(self):
        """The plans whose client's contact person, or deputy, in the unit is the current user now."""
        contacts = self.env["care.contact.person"]
        domain = Domain("client_id", "in", self.client_id.ids) & Domain("user_id", "=", self.env.uid)
        # sudo: a yes or no, whether the user is named for the client; no content
        pairs = {
            (contact.client_id.id, contact.unit_id.id)
            for contact in contacts.sudo().search(domain & contacts._domain_now())
        }
        return self._origin.filtered(lambda plan: (plan.client_id.id, plan.unit_id.id) in pairs)

    def _filtered_management(self):
        """The plans of units that the current user manages now."""
        if not self.env.user.has_group("social_care.group_care_manager"):
            return self.browse()
        plans = self.sudo(False)
        # sudo: found by the user's own rules; superuser again only where the caller was
        return plans.search([("id", "in", self.ids), ("opened_by", "=", "management")]).sudo(self.env.su)
