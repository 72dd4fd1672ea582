from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

VISIT_TRANSITIONS = {
    "ordered": {"acknowledged", "done", "not_done", "cancelled"},
    "acknowledged": {"done", "not_done", "cancelled"},
    "done": set(),
    "not_done": set(),
    "cancelled": set(),
}
# What day staff may change while nobody has acknowledged the order.
ORDER_FIELDS = {"window_start", "window_end", "reason", "instructions", "oncall_unit_id"}
# Written by the verbs alone.
VERB_FIELDS = {
    "state", "event_id", "outcome", "acknowledged_by_id", "acknowledged_at", "closed_at", "ordered_by_id", "stay_id",
}  # fmt: skip
# The first visit of a new resident: the evening of the day of moving in, local time.
FIRST_VISIT = (time(17), time(21))


class CareCheckVisit(models.Model):
    """A visit that day staff order from the on-call team, outside their own hours."""

    _name = "care.check.visit"
    _description = "Ordered Visit"
    _inherit = ["care.oncall.walled", "care.oncall.team", "mail.thread", "mail.activity.mixin"]
    _order = "window_start, id"
    _team_units = ("oncall_unit_id",)
    _check_company_auto = True

    # The order
    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="restrict")
    unit_id = fields.Many2one("care.unit", "Ordered by", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    oncall_unit_id = fields.Many2one(
        "care.unit",
        "On-call Team",
        required=True,
        index=True,
        domain="[('kind', '=', 'on_call'), ('serves_unit_ids', 'in', unit_id)]",
        compute="_compute_oncall_unit_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    stay_id = fields.Many2one(
        "care.stay", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )
    ordered_by_id = fields.Many2one(
        "res.users", "Ordered by the Person", readonly=True, copy=False, default=lambda self: self.env.user
    )
    window_start = fields.Datetime("Earliest", required=True, default=lambda self: self._default_window(0))
    window_end = fields.Datetime("Latest", required=True, default=lambda self: self._default_window(1))
    reason = fields.Selection(
        [
            ("staff_presence", "Needs staff presence"),
            ("first_visit", "First visit"),
            ("other", "Other circumstance"),
        ],
        required=True,
        default="staff_presence",
    )
    instructions = fields.Text("What to Do")

    # What became of it
    state = fields.Selection(
        [
            ("ordered", "Ordered"),
            ("acknowledged", "Acknowledged"),
            ("done", "Done"),
            ("not_done", "Not done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="ordered",
        readonly=True,
        copy=False,
    )
    acknowledged_by_id = fields.Many2one("res.users", "Acknowledged by", readonly=True, copy=False)
    acknowledged_at = fields.Datetime("Acknowledged", readonly=True, copy=False)
    closed_at = fields.Datetime("Outcome at", readonly=True, copy=False)
    outcome = fields.Text(readonly=True, copy=False, help="What the team tells the one who ordered.")
    event_id = fields.Many2one(
        "care.oncall.event", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )

    # The client as the reader may see him or her: day staff by the file, the crew by the card
    client_name = fields.Char("Name", compute="_compute_card")
    client_phone = fields.Char("Phone", compute="_compute_card")
    card_id = fields.Many2one("care.client.card", compute="_compute_card")
    dwelling_name = fields.Char("Dwelling", compute="_compute_card")

    _window_order = models.Constraint(
        "CHECK (window_end > window_start)",
        "The visit's latest time comes before its earliest. Change one of them.",
    )
    _first_visit_once = models.UniqueIndex(
        "(stay_id, oncall_unit_id) WHERE reason = 'first_visit' AND state <> 'cancelled'",
        "A first visit is ordered already for this stay.",
    )
    _waiting_idx = models.Index("(oncall_unit_id, window_start) WHERE state IN ('ordered', 'acknowledged')")

    @api.model
    def _default_window(self, index):
        """Tonight, as the company's clock has it."""
        day = fields.Date.context_today(self.with_context(tz=self.env.company.care_tz))
        return self._local(day, (time(19), time(21))[index], self.env.company)

    @api.model
    def _local(self, day, hour, company):
        timezone = pytz.timezone(company.care_tz or "Europe/Stockholm")
        return timezone.localize(datetime.combine(day, hour)).astimezone(pytz.utc).replace(tzinfo=None)

    @api.depends("unit_id")
    def _compute_oncall_unit_id(self):
        for visit in self:
            teams = visit.unit_id.served_by_unit_ids
            if visit.oncall_unit_id not in teams:
                visit.oncall_unit_id = teams[:1]

    def _compute_card(self):
        """Never by sudo: the crew's cards by the card's rules, day staff's by the file's."""
        cards = self.env["care.client.card"]
        if cards.has_access("read"):
            cards = cards.search([("client_id", "in", self.client_id.ids)])
        files = self.client_id._filtered_access("read")
        by_client = cards.grouped("client_id")
        for visit in self:
            card = by_client.get(visit.client_id, cards.browse())[:1]
            known = visit.client_id & files
            visit.card_id = card
            visit.client_name = card.name or (
                known.listed_name if known else visit.client_id.sudo().reference
            )
            visit.client_phone = card.phone or (known.phone if known and not known.is_protected else False)
            visit.dwelling_name = card.dwelling_id.sudo().display_name if card.dwelling_id else False

    @api.constrains("oncall_unit_id", "unit_id")
    def _check_served(self):
        for visit in self:
            if visit.unit_id not in visit.oncall_unit_id.serves_unit_ids:
                raise ValidationError(
                    self.env._(
                        "%(team)s does not answer for %(unit)s. Choose a team that serves the unit.",
                        team=visit.oncall_unit_id.name,
                        unit=visit.unit_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and VERB_FIELDS & vals.keys():
                raise UserError(self.env._("A visit is first ordered; the team tells what became of it."))
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        visits = super(CareCheckVisit, quiet).create(vals_list).with_env(self.env)
        visits._check_not_over()
        return visits

    def _check_not_over(self):
        now = fields.Datetime.now()
        if any(visit.window_end <= now and visit.state == "ordered" for visit in self):
            raise ValidationError(
                self.env._("The time for the visit has passed already. Choose a later one.")
            )

    def write(self, vals):
        """The order is changed while nobody has taken it on; the rest is written by the verbs alone."""
        if VERB_FIELDS & vals.keys():
            raise UserError(self.env._("What became of a visit is told with the buttons."))
        if ORDER_FIELDS & vals.keys() and any(visit.state != "ordered" for visit in self):
            raise UserError(self.env._("The team has taken this order on. Cancel it and order a new visit."))
        result = super().write(vals)
        if {"window_start", "window_end"} & vals.keys():
            self._check_not_over()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Cancel the visit instead. It stays in the file."))

    def message_post(self, **kwargs):
        """A file has no chat, whose messages travel by e-mail."""
        if not self.env.su:
            raise UserError(
                self.env._("Write what happened in the journal. Messages may leave the file by e-mail.")
            )
        return super().message_post(**kwargs)

    def action_acknowledge(self):
        """The crew has read the order and takes it on."""
        for visit in self:
            visit._check_team()
            visit._to("acknowledged", acknowledged_by_id=self.env.uid, acknowledged_at=fields.Datetime.now())

    def action_start(self):
        """Write the event of the visit; the client is on it from the beginning.

        :return: the action that opens the event
        """
        self.ensure_one()
        self._check_team()
        if self.state not in ("ordered", "acknowledged"):
            raise UserError(self.env._("This visit is closed already."))
        if self.event_id:
            return self.event_id._action_form()
        shift = self.env["care.oncall.shift"]._mine_now()
        action = shift.action_new_event(
            {
                "client_id": self.client_id.id,
                "dwelling_id": self.card_id.dwelling_id.id,
                "caller_kind": "staff",
                "channel": "visit",
                "kind": "first_visit" if self.reason == "first_visit" else "check_visit",
                "reason": "other",
            }
        )
        if self.state == "ordered":
            self.action_acknowledge()
        self.sudo()._move({"event_id": action["res_id"]})  # sudo: the crew writes no order, see _check_team
        return action

    def action_done(self, outcome=None):
        """The visit was made; the event tells how.

        :param str outcome: what the one who ordered should know; the event itself stays in the log
        """
        for visit in self:
            visit._check_team()
            if not visit.event_id:
                raise UserError(self.env._("Start the visit first, so that the log tells what happened."))
            visit._to("done", outcome=outcome or visit.outcome, closed_at=fields.Datetime.now())

    def action_not_done(self, outcome=None):
        """The visit was not made; whoever ordered is told why.

        :param str outcome: why
        """
        for visit in self:
            visit._check_team()
            if not (outcome or visit.outcome):
                raise UserError(
                    self.env._("Say why the visit was not made, so that whoever ordered it knows.")
                )
            visit._to("not_done", outcome=outcome or visit.outcome, closed_at=fields.Datetime.now())

    def action_cancel(self):
        """The unit does not need the visit any more."""
        for visit in self:
            visit.check_access("write")
            visit._to("cancelled", closed_at=fields.Datetime.now())

    def action_open_outcome(self):
        """Ask what became of the visit."""
        self.ensure_one()
        self._check_team()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Visit"),
            "res_model": "care.check.visit.outcome",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def _check_team(self):
        """Verbs of the crew: who reads the visit by a shift now is in the crew of that shift."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and self.oncall_unit_id not in self.env["care.oncall.shift"]._mine_now().unit_id:
            raise AccessError(self.env._("The crew on duty answers for this visit. Open your shift first."))

    def _to(self, state, **vals):
        self.ensure_one()
        if state not in VISIT_TRANSITIONS[self.state]:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._("The visit is marked as %(state)s and stays so.", state=labels[self.state])
            )
        self.sudo()._move({"state": state, **vals})  # sudo: the verbs have checked person and state
        (self.sudo().activity_ids | self.sudo().lead_activity_ids).unlink()
        if state in ("done", "not_done"):
            self._tell_who_ordered()

    def _tell_who_ordered(self):
        """A message on the screen of whoever ordered: the reference, no content."""
        for visit in self.sudo():
            user = visit.ordered_by_id
            if user and user != self.env.user and user.active:
                visit = visit.with_context(lang=user.lang)
                labels = dict(visit._fields["state"]._description_selection(visit.env))
                user.partner_id._bus_send(
                    "simple_notification",
                    {
                        "title": visit.env._("Ordered visit"),
                        "message": f"{visit.client_id.reference}: {labels[visit.state]}",
                        "type": "success" if visit.state == "done" else "warning",
                        "sticky": True,
                    },
                )

    def _move(self, vals):
        """Write what the verbs decide. Private: every caller has checked person and state."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.model
    def _order_first_visit(self, stay):
        """Order the first visit of a stay that begins, once, at each team that serves the unit."""
        start, end = self._first_visit_window(stay)
        for team in stay.unit_id.served_by_unit_ids:
            self.create(
                {
                    "client_id": stay.client_id.id,
                    "unit_id": stay.unit_id.id,
                    "oncall_unit_id": team.id,
                    "stay_id": stay.id,
                    "window_start": start,
                    "window_end": end,
                    "reason": "first_visit",
                    "instructions": self.env._(
                        "Say hello, leave the welcome card, show that someone is always near."
                    ),
                }
            )

    @api.model
    def _first_visit_window(self, stay):
        """The evening of the first day, or the next evening that is not over."""
        today = fields.Date.context_today(self.with_context(tz=stay.company_id.care_tz))
        day = max(stay.date_from, today)
        start, end = (self._local(day, hour, stay.company_id) for hour in FIRST_VISIT)
        if end <= fields.Datetime.now():
            start, end = (self._local(day + timedelta(days=1), hour, stay.company_id) for hour in FIRST_VISIT)
        return start, end
