from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.fields import OptionalInteger

CLOCKS = ("received_at", "departed_at", "arrived_at", "left_at")
# no rule: so long before a shift and after it what happened is still the shift's
LEEWAY = timedelta(hours=6)


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
    _transitions = {"open": {"done", "handed_on"}, "done": {"open"}, "handed_on": {"open"}}
    _frozen_with = "shift_id"

    # Where it belongs
    reference = fields.Char(readonly=True, copy=False, by_verb=True, frozen=True)
    unit_id = fields.Many2one(
        "care.unit", "On-call Team", required=True, index=True, check_company=True, frozen=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)
    shift_id = fields.Many2one("care.oncall.shift", required=True, index=True, ondelete="restrict")
    shift_state = fields.Selection(related="shift_id.state", string="Shift's State")
    state = fields.Selection(
        [("open", "Ongoing"), ("done", "Done"), ("handed_on", "Handed on")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        by_verb=True,
        frozen=True,
    )

    # Who
    received_at = fields.Datetime(
        "Received", required=True, default=fields.Datetime.now, frozen=True, happened=True
    )
    channel = fields.Selection(
        [("phone", "Phone"), ("visit", "Visit"), ("message", "Message"), ("own", "Own observation")],
        required=True,
        default="phone",
        frozen=True,
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
        frozen=True,
    )
    caller_name = fields.Char("Caller's Name", frozen=True)
    caller_phone = fields.Char("Caller's Phone", frozen=True)
    client_id = fields.Many2one("care.client", index="btree_not_null", ondelete="restrict", frozen=True)
    client_unit_id = fields.Many2one(
        "care.unit",
        "Client's Unit",
        compute="_compute_client_unit_id",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="The served unit that the client stayed in when it happened.",
        frozen=False,
    )

    # Where
    area_id = fields.Many2one("care.area", index="btree_not_null", check_company=True, frozen=True)
    dwelling_id = fields.Many2one("care.dwelling", index="btree_not_null", check_company=True, frozen=True)

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
        frozen=True,
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
        frozen=True,
    )

    # What was done
    employee_ids = fields.Many2many(
        "hr.employee",
        "care_oncall_event_staff",
        "event_id",
        "employee_id",
        "Staff",
        check_company=True,
        frozen=True,
    )
    departed_at = fields.Datetime("Departed", frozen=True, happened=True)
    arrived_at = fields.Datetime("Arrived", frozen=True, happened=True)
    left_at = fields.Datetime("Left the Place", frozen=True, happened=True)
    description = fields.Text("What Happened", frozen=True)
    action_taken = fields.Text("What Was Done", frozen=True)
    calm_before = OptionalInteger(help="0 (not calm at all) to 10; empty when it was not asked.", frozen=True)
    calm_after = OptionalInteger(help="0 (not calm at all) to 10; empty when it was not asked.", frozen=True)
    visit_ids = fields.One2many("care.check.visit", "event_id", readonly=True)
    is_undone_visit = fields.Boolean(
        "Ordered visit, not done", readonly=True, copy=False, by_verb=True, frozen=True
    )
    visit_outcome = fields.Text(
        "To Whoever Ordered",
        help="The unit that ordered the visit reads this, and nothing else of the event.",
        frozen=True,
    )

    _calm_scale = models.Constraint(
        "CHECK (calm_before BETWEEN 0 AND 10 AND calm_after BETWEEN 0 AND 10)",
        "Calm goes from 0 to 10. Leave it empty if you do not know.",
    )
    _clock_order = models.Constraint(
        "CHECK (COALESCE(arrived_at, 'infinity') >= COALESCE(departed_at, '-infinity')"
        " AND COALESCE(left_at, 'infinity') >= COALESCE(arrived_at, departed_at, '-infinity'))",
        "The times run backwards: departed, arrived, left. Correct the one that is wrong.",
    )
    _log_idx = models.Index("(received_at DESC, id DESC)")
    _unit_idx = models.Index("(unit_id, received_at DESC, id DESC)")
    _shift_open_idx = models.Index("(shift_id) WHERE state = 'open'")
    _open_idx = models.Index("(unit_id, received_at DESC, id DESC) WHERE state = 'open'")
    _reference_uniq = models.UniqueIndex("(company_id, reference)", "Another event has this reference.")
    _frozen = models.Constraint(
        "CHECK (TRUE)",
        "The shift is closed and its events are fixed. Write a new event in the open shift instead.",
    )

    @api.model
    def _frozen_sql(self, alias, since=True):
        """Asked of a row that is held meanwhile: see care_oncall_shift_closing.py."""
        return f"care_oncall_closed({alias}.shift_id)"

    @api.depends("reference")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.reference

    @api.depends("client_id", "unit_id")
    def _compute_client_unit_id(self):
        """Searched once for all events: the unit that the team served for the client at that time."""
        stays = self.env["care.stay"].search(
            [("client_id", "in", self.client_id.ids), ("unit_id", "in", self.unit_id.serves_unit_ids.ids)]
        )
        by_client = stays.grouped("client_id")
        for event in self:
            local = event.with_context(tz=event.company_id.care_tz)
            day = fields.Datetime.context_timestamp(local, event.received_at or fields.Datetime.now()).date()
            event.client_unit_id = (
                by_client.get(event.client_id._origin, stays.browse())
                .filtered(
                    lambda stay, event=event, day=day: (
                        stay.unit_id in event.unit_id.serves_unit_ids
                        and stay.date_from <= day
                        and (not stay.date_to or stay.date_to >= day)
                    )
                )[:1]
                .unit_id
            )

    @api.constrains(*CLOCKS, "shift_id")
    def _check_within_shift(self):
        """What happened last month is not tonight's. What happens now is written, whichever shift is still open."""
        just_now = fields.Datetime.now() - LEEWAY
        # sudo: the shift's times decide, whoever writes; a member of its crew is told them
        for shift, events in self.sudo().grouped("shift_id").items():
            start, end = shift.date_start, shift.date_end
            times = [event[name] for event in events for name in CLOCKS if event[name]]
            for time in times:
                if time < just_now and not start - LEEWAY <= time <= end + LEEWAY:
                    raise ValidationError(
                        self.env._(
                            "%(time)s lies outside the shift, %(start)s to %(end)s. Change the time, or write it in"
                            " the shift it belongs to.",
                            time=self._day_in_words(time),
                            start=self._day_in_words(start),
                            end=self._day_in_words(end),
                        )
                    )

    @api.constrains("client_id", "unit_id")
    def _check_client_served(self):
        if any(event.client_id and not event.client_unit_id for event in self):
            raise ValidationError(self._not_served_message())

    @api.constrains("employee_ids")
    def _check_staff(self):
        self._check_people()

    @api.constrains("dwelling_id", "unit_id")
    def _check_dwelling_served(self):
        # sudo: a dwelling that the team does not serve is shut to the writer, who is told just that
        for event in self.sudo():
            if event.dwelling_id and event.dwelling_id.unit_id not in event.unit_id.serves_unit_ids:
                raise ValidationError(
                    self.env._("The dwelling belongs to a unit that the team does not serve.")
                )

    @api.model
    def _not_served_message(self):
        """The same words whether the person is unknown, elsewhere or protected."""
        return self.env._(
            "No card of this client is open to you now. The team names clients of the units that it serves, while"
            " it is on duty. If it is a matter of life and health, open the file by emergency access; otherwise"
            " leave the client empty and write what happened."
        )
