from odoo import fields, models
from odoo.fields import Domain


class CarePlan(models.Model):
    """A plan in force has visits; one that was replaced or ended keeps only what was done by it."""

    _inherit = "care.plan"

    visits_until = fields.Date(
        readonly=True, copy=False, help="Visits are made up to this day.", frozen=False
    )

    def _after_transition(self, before):
        """Visits follow the state, whichever verb moved it."""
        super()._after_transition(before)
        self.env["care.visit"]._refresh(Domain("id", "in", self.ids))

    def action_open_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_visit_action")
        return action | {"domain": [("client_id", "=", self.client_id.id), ("unit_id", "=", self.unit_id.id)]}
