from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class CareCheckVisit(models.Model):
    """A visit that day staff order from the on-call team, outside their own hours.

    The order is changed while nobody has taken it on; the rest is written by the verbs alone.
    """

    _name = "care.check.visit"
    _description = "Ordered Visit"
    _inherit = ["care.activity.mixin", "care.oncall.walled", "care.oncall.team"]
    _order = "window_start, id"
    _wall_teams = ("oncall_unit_id",)
    _check_company_auto = True
    _transitions = {
        "ordered": {"acknowledged", "done", "not_done", "cancelled"},
        "acknowledged": {"done", "not_done", "cancelled"},
    }

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
        frozen="acknowledged",
    )
    stay_id = fields.Many2one(
        "care.stay", readonly=True, copy=False, ondelete="set null", index="btree_not_null", by_verb=True
    )
    ordered_by_id = fields.Many2one(
        "res.users",
        "Ordered by the Person",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        by_verb=True,
    )
    window_start = fields.Datetime(
        "Earliest", required=True, default=lambda self: self._default_window(0), frozen="acknowledged"
    )
    window_end = fields.Datetime(
        "Latest", required=True, default=lambda self: self._default_window(1), frozen="acknowledged"
    )
    reason = fields.Selection(
        [
            ("staff_presence", "Needs staff presence"),
            ("first_visit", "First visit"),
            ("other", "Other circumstance"),
        ],
        required=True,
        default="staff_presence",
        frozen="acknowledged",
    )
    instructions = fields.Text("What to Do", frozen="acknowledged")

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
        by_verb=True,
    )
    acknowledged_by_id = fields.Many2one(
        "res.users", "Acknowledged by", readonly=True, copy=False, by_verb=True
    )
    acknowledged_at = fields.Datetime("Acknowledged", readonly=True, copy=False, by_verb=True)
    closed_at = fields.Datetime("Outcome at", readonly=True, copy=False, by_verb=True)
    outcome = fields.Text(
        readonly=True, copy=False, help="What the team tells the one who ordered.", by_verb=True
    )
    event_id = fields.Many2one(
        "care.oncall.event",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        by_verb=True,
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
    _frozen = models.Constraint(
        "CHECK (TRUE)", "The team has taken this order on. Cancel it and order a new visit."
    )
    _waiting_idx = models.Index("(oncall_unit_id, window_start) WHERE state IN ('ordered', 'acknowledged')")

    def _wall_by_shift(self, alias, ways):
        """The crew on duty is shown what is ordered of its own team, and not of another that serves the unit."""
        shift, team = super()._wall_by_shift(alias, ways), self._wall_by_team(alias, ways)
        return shift and team and SQL("(%s AND %s)", shift, team)

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

    @api.depends_context("uid")
    def _compute_card(self):
        """Never by sudo: the crew's cards by the card's rules, day staff's by the file's."""
        cards = self.env["care.client.card"]
        if cards.has_access("read"):
            cards = cards.search_fetch(
                [("client_id", "in", self.client_id.ids)], ["client_id", "name", "phone", "dwelling_id"]
            )
        # a card with a name says all that the file would say here
        files = (self.client_id - cards.filtered("name").client_id)._filtered_access("read")
        by_client = cards.grouped("client_id")
        # at once: a superuser's record without its neighbours asks for its own
        # sudo: whoever is shown the card may know the dwelling on it; dwellings have rules of their own
        dwellings = {dwelling.id: dwelling.display_name for dwelling in cards.dwelling_id.sudo()}
        for visit in self:
            card = by_client.get(visit.client_id, cards.browse())[:1]
            known = visit.client_id & files
            visit.card_id = card
            # sudo: the reference names nobody; it stands for a client whose file and card are shut
            visit.client_name = card.name or (
                known.listed_name if known else visit.client_id.sudo().reference
            )
            visit.client_phone = card.phone or (known.phone if known and not known.is_protected else False)
            visit.dwelling_name = dwellings.get(card.dwelling_id.id, False)

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._check_not_over()
        return visits

    def _check_not_over(self):
        now = fields.Datetime.now()
        if any(visit.window_end <= now and visit.state == "ordered" for visit in self):
            raise ValidationError(
                self.env._("The time for the visit has passed already. Choose a later one.")
            )

    def write(self, vals):
        result = super().write(vals)
        if {"window_start", "window_end"} & vals.keys():
            self._check_not_over()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Cancel the visit instead. It stays in the file."))
