from odoo import fields, models


class CareLegalBasis(models.Model):
    _inherit = "care.legal.basis"

    regime = fields.Selection(
        selection_add=[("disclosure", "Secrecy and disclosure")], ondelete={"disclosure": "cascade"}
    )
    rests_on_consent = fields.Boolean(help="Only with a consent of the client that is valid at that moment.")
    is_refusal = fields.Boolean("For Refusals", help="The paragraph that keeps something secret.")
