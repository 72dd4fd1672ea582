from odoo import api, fields, models
from odoo.fields import Domain


class CareRetentionLine(models.Model):
    """What of the on-call team's work a retention run may list: closed shifts, landlords' cases, safety walks."""

    _inherit = "care.retention.line"

    model = fields.Selection(
        selection_add=[
            ("care.disturbance", "Disturbance"),
            ("care.landlord.report", "Landlord report"),
            ("care.safety.walk", "Safety walk"),
            ("care.oncall.shift", "On-call shift with its events"),
            ("care.oncall.event", "On-call event"),
        ],
        ondelete={
            "care.disturbance": "cascade",
            "care.landlord.report": "cascade",
            "care.safety.walk": "cascade",
            "care.oncall.shift": "cascade",
            "care.oncall.event": "cascade",
        },
    )

    @api.model
    def _domain_listable(self, model, company):
        """Of the log only what is fixed: an open shift is still being written."""
        domain = super()._domain_listable(model, company)
        state = {"care.oncall.shift": "state", "care.oncall.event": "shift_state"}.get(model)
        return domain & Domain(state, "=", "closed") if state else domain
