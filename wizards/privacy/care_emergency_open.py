from odoo import api, fields, models


class CareEmergencyOpen(models.TransientModel):
    """Asks for the number and the reason before a file is opened in an emergency."""

    _name = "care.emergency.open"
    _description = "Open a File in an Emergency"
    _transient_max_hours = 1

    identifier = fields.Char("Personal Number or Reference", copy=False)
    reason = fields.Text("Why")
    hours = fields.Integer(compute="_compute_hours")
    open_ids = fields.Many2many("care.emergency.access", string="Open Now", compute="_compute_open_ids")

    @api.depends_context("company")
    def _compute_hours(self):
        self.hours = self.env["care.rule"]._value("emergency_access")

    @api.depends_context("uid")
    def _compute_open_ids(self):
        now = [("user_id", "=", self.env.uid), ("date_from", "<=", "now"), ("date_to", ">", "now")]
        self.open_ids = self.env["care.emergency.access"].search(now)

    def action_open(self):
        self.ensure_one()
        identifier, reason = self.identifier, self.reason
        action = self.env["care.emergency.access"].action_open(identifier, reason)
        self.write({"identifier": False, "reason": False})  # what was typed is kept no longer than needed
        return action
