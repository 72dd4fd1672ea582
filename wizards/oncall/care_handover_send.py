from odoo import api, fields, models
from odoo.exceptions import UserError

# What of an event may be chosen for a handover, and what is ticked to begin with.
PARTS = {
    "with_time": True,
    "with_reason": True,
    "with_description": True,
    "with_action": True,
    "with_calm": False,
}


class CareHandoverSend(models.TransientModel):
    """Asks which parts of an event the client's unit should know."""

    _name = "care.handover.send"
    _description = "Hand an Event Over"

    event_id = fields.Many2one("care.oncall.event", required=True, ondelete="cascade")
    client_id = fields.Many2one(related="event_id.client_id", related_sudo=False)
    unit_id = fields.Many2one(
        "care.unit",
        "To",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    allowed_unit_ids = fields.Many2many("care.unit", compute="_compute_allowed_unit_ids")
    with_time = fields.Boolean("When", default=PARTS["with_time"])
    with_reason = fields.Boolean("Why", default=PARTS["with_reason"])
    with_description = fields.Boolean("What happened", default=PARTS["with_description"])
    with_action = fields.Boolean("What was done", default=PARTS["with_action"])
    with_calm = fields.Boolean("Calm before and after", default=PARTS["with_calm"])
    note = fields.Text("To the Unit", help="What you want the day staff to do.")
    body = fields.Text("They Will Read", compute="_compute_body")
    hint = fields.Text(compute="_compute_hint")

    @api.depends("event_id")
    def _compute_allowed_unit_ids(self):
        for wizard in self:
            wizard.allowed_unit_ids = wizard.event_id._handover_units()

    @api.depends("event_id")
    def _compute_unit_id(self):
        for wizard in self:
            wizard.unit_id = wizard.event_id._handover_units()[:1]

    @api.depends("event_id", "note", *PARTS)
    def _compute_body(self):
        for wizard in self:
            parts = {name for name in PARTS if wizard[name]}
            wizard.body = wizard.event_id._handover_text(parts, wizard.note)

    @api.depends("event_id", "unit_id")
    def _compute_hint(self):
        """It may be sent twice: the second says more."""
        for wizard in self:
            sent = wizard.event_id.handover_ids.filtered(
                lambda handover, unit=wizard.unit_id: handover.unit_id == unit._origin
            )[:1]
            wizard.hint = bool(sent) and self.env._(
                "The unit has a handover of this event: %s.", sent._sent_text()
            )

    def action_send(self):
        self.ensure_one()
        if not self.body:
            raise UserError(self.env._("Choose what the unit should know, or write something to them."))
        self.event_id._check_hand_over(self.unit_id)
        self.event_id._send_handover(self.unit_id, self.body)
        return {"type": "ir.actions.act_window_close"}
