from odoo import api, fields, models
from odoo.exceptions import UserError


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

    @api.constrains("model", "res_id")
    def _check_shift_closed(self):
        """Of the log only what is fixed: an open shift is still being written."""
        for model, name in (("care.oncall.shift", "state"), ("care.oncall.event", "shift_state")):
            lines = self.filtered(lambda line, model=model: line.model == model and line.res_id)
            rows_sudo = (
                self.env[model].sudo().browse(lines.mapped("res_id")).exists()
            )  # sudo: the state alone
            if any(row[name] != "closed" for row in rows_sudo):
                raise UserError(self.env._("The shift is not closed. Only closed shifts can be listed."))

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
