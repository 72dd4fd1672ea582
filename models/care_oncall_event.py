from odoo import api, fields, models

from ..tools.fields import OptionalInteger

EVENT_TRANSITIONS = {
    "open": {"done", "handed_on"},
    "done": {"open"},
    "handed_on": {"open"},
}


class CareOncallEvent(models.Model):
    """What happened, written once. What leaves the log is built from listed fields, elsewhere.

    Anonymous callers and events without a client are normal. The log is the team's own: day staff
    never read it, they read the handovers made from it.
    """

    _name = "care.oncall.event"
    _description = "On-call Event"
    _inherit = ["care.walled", "care.oncall.team"]
    _order = "received_at desc, id desc"
    _rec_name = "reference"
    _check_company_auto = True

    # Where it belongs
    reference = fields.Char(readonly=True, copy=False, default="/")
    unit_id = fields.Many2one("care.unit", "On-call Team", required=True, index=True, check_company=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    shift_id = fields.Many2one("care.oncall.shift", required=True, index=True, ondelete="restrict")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("handed_on", "Handed on")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )

    # Who
    received_at = fields.Datetime("Received", required=True, default=fields.Datetime.now)
    channel = fields.Selection(
        [("phone", "Phone"), ("visit", "Visit"), ("message", "Message"), ("own", "Own observation")],
        required=True,
        default="phone",
    )
    caller_kind = fields.Selection(
        [
            ("client", "Client"),
            ("tenant", "Tenant"),
            ("relative", "Relative"),
            ("staff", "Staff"),
            ("landlord", "Landlord"),
            ("anonymous", "Anonymous"),
        ],
        "Caller",
    )
    caller_name = fields.Char("Caller's Name")
    caller_phone = fields.Char("Caller's Phone")
    client_id = fields.Many2one("care.client", index="btree_not_null", ondelete="restrict")

    # Where
    area_id = fields.Many2one("care.area", index="btree_not_null", check_company=True)
    dwelling_id = fields.Many2one("care.dwelling", index="btree_not_null", check_company=True)

    # Why
    kind = fields.Selection(
        [
            ("phone_support", "Phone support"),
            ("callout", "Call-out"),
            ("disturbance", "Disturbance"),
            ("check_visit", "Ordered visit"),
            ("first_visit", "First visit"),
            ("safety_walk", "Safety walk"),
            ("other", "Other"),
        ],
        required=True,
        default="phone_support",
    )
    reason = fields.Selection(
        [
            ("practical", "Practical"),
            ("anxiety", "Anxiety"),
            ("conflict", "Conflict"),
            ("disturbance", "Disturbance"),
            ("alarm", "Alarm"),
            ("health", "Health"),
            ("other", "Other"),
        ],
    )

    # What was done
    employee_ids = fields.Many2many(
        "hr.employee", "care_oncall_event_staff", "event_id", "employee_id", "Staff", check_company=True
    )
    departed_at = fields.Datetime("Departed")
    arrived_at = fields.Datetime("Arrived")
    left_at = fields.Datetime("Left")
    description = fields.Text("What Happened")
    action_taken = fields.Text("What Was Done")
    calm_before = OptionalInteger(
        "Calm Before", help="0 (not calm at all) to 10; empty when it was not asked."
    )
    calm_after = OptionalInteger("Calm After")

    _calm_scale = models.Constraint(
        "CHECK (calm_before BETWEEN 0 AND 10 AND calm_after BETWEEN 0 AND 10)",
        "Calm goes from 0 to 10. Leave it empty if you do not know.",
    )
    _log_idx = models.Index("(unit_id, received_at DESC, id DESC)")
    _shift_open_idx = models.Index("(shift_id) WHERE state = 'open'")
    _reference_uniq = models.UniqueIndex("(company_id, reference)", "Another event has this reference.")

    @api.depends("reference")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.reference

    def _wall_in(self, alias, ways):
        """The event lies in the on-call team, the client in a unit it serves: the client decides."""
        return self._wall_client_in(alias, ways)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["reference"] = self.env["ir.sequence"].next_by_code("care.oncall.event")
        return super().create(vals_list)
