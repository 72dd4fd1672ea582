from datetime import datetime, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.fields import OptionalInteger
from .care_oncall_shift_closing import EVENT_FROZEN

EVENT_TRANSITIONS = {
    "open": {"done", "handed_on"},
    "done": {"open"},
    "handed_on": {"open"},
}
# Written by the verbs alone.
VERB_FIELDS = {"state", "reference", "shift_id", "unit_id"}
CLOCKS = ("received_at", "departed_at", "arrived_at", "left_at")


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
    reference = fields.Char(readonly=True, copy=False)
    unit_id = fields.Many2one("care.unit", "On-call Team", required=True, index=True, check_company=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    shift_id = fields.Many2one("care.oncall.shift", required=True, index=True, ondelete="restrict")
    shift_state = fields.Selection(related="shift_id.state", string="Shift's State")
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
    client_unit_id = fields.Many2one(
        "care.unit",
        "Client's Unit",
        compute="_compute_client_unit_id",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="The served unit that the client stayed in when it happened.",
    )

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
    calm_before = OptionalInteger(help="0 (not calm at all) to 10; empty when it was not asked.")
    calm_after = OptionalInteger(help="0 (not calm at all) to 10; empty when it was not asked.")
    visit_ids = fields.One2many("care.check.visit", "event_id", readonly=True)

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
    _reference_uniq = models.UniqueIndex("(company_id, reference)", "Another event has this reference.")

    def init(self):
        """The triggers need both tables; the event's is made after the shift's."""
        self.env["care.oncall.shift"]._install_triggers()

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

    @api.constrains(*CLOCKS)
    def _check_not_in_the_future(self):
        latest = fields.Datetime.now() + timedelta(minutes=2)  # a telephone's clock may be a little fast
        for event in self:
            if any(event[name] and event[name] > latest for name in CLOCKS):
                raise ValidationError(
                    self.env._("A time lies in the future. Write down what has happened, when it has.")
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

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Saved at once, with the time and whoever took it; the rest is filled in as it is typed."""
        for vals in vals_list:
            vals["reference"] = self.env["ir.sequence"].next_by_code("care.oncall.event")
            if not self.env.su and vals.get("state", "open") != "open":
                raise UserError(self.env._("A new event is open. Mark it as done when it is."))
        shifts = self.env["care.oncall.shift"].browse(
            {vals["shift_id"] for vals in vals_list if vals.get("shift_id")}
        )
        self._check_may_write(shifts)
        for vals in vals_list:
            if shift := shifts.filtered(lambda shift, vals=vals: shift.id == vals.get("shift_id")):
                vals["unit_id"] = shift.unit_id.id
        events = super().create(vals_list)
        events._add_performer()
        return events

    def _add_performer(self):
        """Whoever writes takes part, unless someone else is named."""
        # sudo: one's own employee
        me = self.env.user.sudo().employee_ids
        for event in self.filtered(lambda event: not event.employee_ids and me):
            employee = me.filtered(
                lambda employee, event=event: employee in event.shift_id.sudo().employee_ids
            )
            if employee:
                event._write_people([Command.set(employee.ids)])

    def write(self, vals):
        vals = dict(vals)
        base_values = vals.pop("base_values", None)
        if VERB_FIELDS & vals.keys():
            raise UserError(self.env._("The event's state and shift are set with the buttons."))
        if set(EVENT_FROZEN) & vals.keys() or "employee_ids" in vals:
            self._check_may_write(self.shift_id)
        if vals.get("client_id") and not self.env.su:
            self._check_client_is_open(self.env["care.client"].browse(vals["client_id"]))
        if base_values:
            self._check_not_overwritten(vals, base_values)
        return super().write(vals)

    def _wall_fixed(self):
        """Who it was about is often known later than that it happened."""
        return super()._wall_fixed() - {"client_id"}

    def _check_may_write(self, shifts):
        """The shift is open, and the writer is in its crew or leads the team."""
        for shift in shifts.sudo():
            if shift.state == "planned":
                raise UserError(self.env._("The shift has not been opened. Open it first."))
            if shift.state == "closed":
                raise UserError(
                    self.env._(
                        "The shift is closed and its events are fixed. Write a new event in the open shift instead."
                    )
                )
            if not self.env.su and not (self._is_team_lead() or self.env.user in shift.employee_ids.user_id):
                raise AccessError(
                    self.env._("Only the shift's crew writes in it. The lead adds you to the crew.")
                )

    def _check_client_is_open(self, clients):
        """Among the cards that the shift may see, or a file that is open by emergency access."""
        cards = self.env["care.client.card"]
        open_ = (
            cards.search([("client_id", "in", clients.ids)]).client_id
            if cards.has_access("read")
            else clients[:0]
        )
        if (clients - open_)._filtered_access("read") != clients - open_:
            raise UserError(self._not_served_message())

    def _check_not_overwritten(self, vals, base_values):
        """Two people who write at once do not overwrite one another silently.

        The screen sends, with each field it changes, the value that it had been shown. Two writers at
        the same moment: the database lets one of them through and Odoo runs the other again, which
        then sees what the first has saved.
        """
        self.ensure_one()
        self.invalidate_recordset()
        for name in base_values.keys() & vals.keys() & self._fields.keys():
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                continue
            now = field.convert_to_write(self[name], self) or False
            if isinstance(now, datetime):
                now = fields.Datetime.to_string(now)
            if now not in (base_values[name] or False, vals[name] or False):
                raise UserError(
                    self.env._(
                        "%(person)s changed “%(field)s” while you were writing. It now says: %(value)s\n\nCopy your"
                        " own words, discard your change, and add them to what is there.",
                        person=self.sudo().write_uid.name,
                        field=field._description_string(self.env),
                        value=field.convert_to_export(self[name], self),
                    )
                )

    # ------------------------------------------------------------------
    # Verbs
    # ------------------------------------------------------------------

    def action_depart(self):
        return self._stamp("departed_at")

    def action_arrive(self):
        return self._stamp("arrived_at")

    def action_leave(self):
        return self._stamp("left_at")

    def _stamp(self, name):
        """One tap: the time is now."""
        for event in self:
            if event[name]:
                raise UserError(
                    self.env._("The time is noted already. Correct it in the field if it is wrong.")
                )
        self.write(
            {name: fields.Datetime.now(), **({"kind": "callout"} if self._becomes_callout(name) else {})}
        )

    def _becomes_callout(self, name):
        """Whoever drives off from a phone call is on a call-out."""
        return name == "departed_at" and set(self.mapped("kind")) == {"phone_support"}

    def action_done(self):
        """What there is to say is said."""
        for event in self:
            if not event.reason:
                raise UserError(self.env._("Choose the reason first: it is what the night is counted by."))
        self._to("done")
        for visit in self.visit_ids.filtered(lambda visit: visit.state in ("ordered", "acknowledged")):
            visit.action_done()
        return self._action_back()

    def action_hand_on(self):
        """The next shift goes on with it: it is told what happened, and confirms that it has read it."""
        for event in self:
            event._to("handed_on")
            event._send_handover(event.unit_id, event._handover_text())
        return self._action_back()

    def action_reopen(self):
        self._to("open")

    def action_discard(self):
        """Opened by mistake: an event with nothing in it leaves no trace."""
        for event in self:
            event.check_access("write")
            event._check_may_write(event.shift_id)
            if event.state != "open" or event._is_begun():
                raise UserError(self.env._("Something is written here already. Mark it as done instead."))
        action = self._action_back()
        self.sudo().unlink()  # sudo: nobody deletes events, an empty one may go
        return action

    def _is_begun(self):
        names = (
            "client_id",
            "caller_phone",
            "caller_name",
            "description",
            "action_taken",
            "departed_at",
            "arrived_at",
        )
        return any(self[name] for name in names) or bool(self.sudo().visit_ids)

    def _to(self, state):
        for event in self:
            event.check_access("write")
            event._check_may_write(event.shift_id)
            if state not in EVENT_TRANSITIONS[event.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._("The event is marked as %(state)s already.", state=labels[event.state])
                )
            event._move({"state": state})

    def _move(self, vals):
        """Write what the verbs decide. Private: every caller has checked person and state."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.reference,
            "res_model": "care.oncall.event",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("social_care.care_oncall_event_view_form").id, "form")],
            "target": "current",
        }

    def action_open_form(self):
        self.check_access("read")
        return self._action_form()

    def _action_back(self):
        """Back to the shift, where the next thing waits."""
        return self.shift_id[:1]._action_form() if self.shift_id else True
