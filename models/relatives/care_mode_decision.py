from odoo import api, fields, models
from odoo.fields import Domain


class CareModeDecision(models.Model):
    """The board's decision that a unit need not document who it supports (SoL 2025:400, 14 kap.).

    A service without assessment is documented unless the board has decided otherwise for it.
    """

    _name = "care.mode.decision"
    _description = "Decision on Documentation"
    _inherit = ["care.period"]
    _order = "date desc, id desc"

    unit_id = fields.Many2one("care.unit", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    number = fields.Char(required=True, help="The board's number of the decision: SN 2026/118 § 24.")
    date = fields.Date("Decided", required=True, happened=True)
    mode = fields.Selection(
        [("pseudonym", "Pseudonym"), ("none", "No personal data")], required=True, default="none"
    )

    @api.depends("number")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = decision.number

    @api.model
    def _in_force(self, units):
        """The decision now in force per unit and mode."""
        found = {}
        for decision in self.search(Domain("unit_id", "in", units.ids) & self._domain_now()):
            found.setdefault((decision.unit_id.id, decision.mode), decision)
        return found
