from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .care_oncall_shift import CARDS_AFTER


class CareOncallShift(models.Model):
    """What the shift's screen shows: what waits, what is new since one was last here, tonight's numbers."""

    _inherit = "care.oncall.shift"

    is_mine = fields.Boolean(compute="_compute_is_mine")
    is_lead = fields.Boolean(compute="_compute_is_mine")
    cards_until = fields.Datetime("Cards Shut", compute="_compute_cards_until")
    open_event_ids = fields.Many2many("care.oncall.event", string="Open Events", compute="_compute_waiting")
    handover_ids = fields.Many2many("care.handover", string="Handed Over to Us", compute="_compute_waiting")
    visit_ids = fields.Many2many("care.check.visit", string="Ordered Visits", compute="_compute_waiting")
    log_event_ids = fields.Many2many("care.oncall.event", string="Log", compute="_compute_log_event_ids")
    changed_card_ids = fields.Many2many(
        "care.client.card", string="New on the Cards", compute="_compute_waiting"
    )
    overdue_event_ids = fields.Many2many("care.oncall.event", string="No Answer", compute="_compute_waiting")
    late_visit_count = fields.Integer("Late Visits", compute="_compute_late_visit_count")
    last_here_at = fields.Datetime("Last Here", compute="_compute_last_here_at")

    # Tonight's numbers
    event_count = fields.Integer("Events in All", compute="_compute_numbers")
    phone_count = fields.Integer("Phone Support", compute="_compute_numbers")
    callout_count = fields.Integer("Call-outs", compute="_compute_numbers")
    response_minutes = fields.Float("Minutes to Arrival", compute="_compute_numbers")
    calm_gain = fields.Float("Calmer by", compute="_compute_numbers")

    def _compute_is_mine(self):
        lead = self._is_team_lead()
        for shift in self:
            shift.is_mine = shift._is_in_crew()
            shift.is_lead = lead

    @api.depends("date_end")
    def _compute_cards_until(self):
        for shift in self:
            shift.cards_until = shift.date_end and shift.date_end + CARDS_AFTER

    def _compute_last_here_at(self):
        """When the user last left a shift of the team; two weeks back for whoever has not been here."""
        for shift in self:
            earlier = self.search_fetch(
                Domain("unit_id", "=", shift.unit_id.id)
                & self._domain_mine()
                & Domain("state", "!=", "planned")
                & Domain("date_start", "<", shift.date_start or fields.Datetime.now()),
                ["closed_at", "date_end"],
                limit=1,
            )
            left_at = earlier.closed_at or earlier.date_end
            # no rule: what the screen shows to whoever is new
            shift.last_here_at = left_at or fields.Datetime.now() - timedelta(days=14)

    def _compute_waiting(self):
        """All read as the user: who may see no card sees no visit here either."""
        events, visits = self.env["care.oncall.event"], self.env["care.check.visit"]
        handovers, cards = self.env["care.handover"], self.env["care.client.card"]
        now = fields.Datetime.now()
        for shift in self:
            # sudo: Odoo would ask once more for what the user has just found
            shown_sudo = shift.sudo()
            unit = Domain("unit_id", "=", shift.unit_id.id)
            # those of an earlier shift as well, which nobody has closed yet
            open_events = events.search_fetch(
                unit & Domain("state", "=", "open"), ["check_in_at", "state"], limit=80
            )
            shown_sudo.open_event_ids = open_events
            shown_sudo.overdue_event_ids = open_events.filtered("is_overdue")
            shown_sudo.handover_ids = handovers.search(unit & Domain("state", "=", "sent"), limit=80)
            shown_sudo.visit_ids = visits.search(
                Domain("oncall_unit_id", "=", shift.unit_id.id)
                & Domain("state", "in", ("ordered", "acknowledged"))
                & Domain("window_start", "<", shift.date_end or now),
                limit=80,
            )
            shown_sudo.changed_card_ids = (
                cards.search(Domain("changed_at", ">", shift.last_here_at), order="changed_at desc", limit=20)
                if shift.state == "open"
                else False
            )

    @api.depends("event_ids", "state")
    def _compute_log_event_ids(self):
        """Shown when the shift is closed: while it is open its whole log is a button away."""
        for shift in self:
            # sudo: Odoo would ask once more for what the user has just found
            shift.sudo().log_event_ids = shift.state == "closed" and shift.event_ids

    def _compute_late_visit_count(self):
        """A number alone, for the lead who is not on duty and reads no visit."""
        # sudo: the count tells that something is late, not for whom
        counts = dict(
            self.env["care.check.visit"]
            .sudo()
            ._read_group(
                Domain("oncall_unit_id", "in", self.unit_id.ids) & Domain("is_late", "=", True),
                ["oncall_unit_id"],
                ["__count"],
            )
        )
        for shift in self:
            shift.late_visit_count = counts.get(shift.unit_id, 0) if shift.state != "closed" else 0

    def _compute_numbers(self):
        by_kind, in_all = self.env["care.oncall.event"]._read_grouping_sets(
            Domain("shift_id", "in", self.ids),
            [["shift_id", "kind"], ["shift_id"]],
            ["__count", "response_minutes:avg", "calm_gain:avg"],
        )
        counts = {(shift.id, kind): count for shift, kind, count, _response, _gain in by_kind}
        numbers = {shift.id: values for shift, *values in in_all}
        for shift in self:
            shift.event_count, response, gain = numbers.get(shift.id, (0, 0, 0))
            shift.response_minutes, shift.calm_gain = response or 0, gain or 0
            phone, callout, disturbance = (
                counts.get((shift.id, kind), 0) for kind in ("phone_support", "callout", "disturbance")
            )
            shift.phone_count, shift.callout_count = phone, callout + disturbance

    def action_open_log(self):
        """The shift's whole log."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_oncall_event_action")
        return action | {"domain": [("shift_id", "=", self.id)], "display_name": self.display_name}

    def action_open_cards(self):
        return self.env["ir.actions.actions"]._for_xml_id("social_care.care_client_card_action")
