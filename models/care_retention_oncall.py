from odoo import api, fields, models


class CareRetentionLine(models.Model):
    """What of the on-call team's work a retention run may list: landlords' cases and safety walks."""

    _inherit = "care.retention.line"

    model = fields.Selection(
        selection_add=[
            ("care.disturbance", "Disturbance"),
            ("care.landlord.report", "Landlord report"),
            ("care.safety.walk", "Safety walk"),
        ],
        ondelete={
            "care.disturbance": "cascade",
            "care.landlord.report": "cascade",
            "care.safety.walk": "cascade",
        },
    )

    @api.model
    def _listed(self, records):
        """Those of the records that an approved run lists."""
        lines = self.sudo().search_fetch(  # sudo: whoever deletes need not be a privacy officer
            [
                ("model", "=", records._name),
                ("res_id", "in", records.ids),
                ("run_id.state", "=", "approved"),
            ],
            ["res_id"],
        )
        return records.browse(lines.mapped("res_id"))
