from odoo import api, fields, models


class CareDecision(models.Model):
    """An authority's decision that a unit carries out."""

    _name = "care.decision"
    _description = "Decision"
    _inherit = ["care.ending", "care.period"]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _ends_alike = "legal_basis_id"
    _ends_type = "social_care.activity_type_decision"

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    reference = fields.Char("Case Number", help="The authority's own number.")
    legal_basis_id = fields.Many2one("care.legal.basis", required=True)
    authority_id = fields.Many2one(
        "res.partner", required=True, domain="[('is_company', '=', True)]", check_company=True
    )
    case_officer_id = fields.Many2one(
        "res.partner", domain="[('is_company', '=', False)]", check_company=True
    )
    goal = fields.Text("Goal of the Decision", help="The authority's wording.")
    hours_per_week = fields.Float()
    received_date = fields.Date("Received", default=fields.Date.context_today, happened=True)

    _hours_positive = models.Constraint(
        "CHECK (hours_per_week IS NULL OR hours_per_week BETWEEN 0 AND 168)",
        "Hours per week must lie between 0 and 168.",
    )

    @api.depends("client_id", "legal_basis_id", "date_from")
    def _compute_display_name(self):
        """Told apart in a choice, without the case number."""
        super()._compute_display_name()
        for decision in self:
            parts = [decision.display_name, decision.legal_basis_id.code, str(decision.date_from or "")]
            decision.display_name = " · ".join(filter(None, parts))

    def _ended_sentence(self):
        return self.env._(
            "The decision %(basis)s ended on %(date)s. Ask the case officer for a new one, or end the stay.",
            basis=self.legal_basis_id.code,
            date=self.date_to,
        )
