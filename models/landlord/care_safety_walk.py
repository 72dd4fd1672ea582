from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class CareSafetyWalk(models.Model):
    """A walk through an area with residents and others, to see what is good and what should be mended.

    Its protocol can be published: the walk knows no client, and participants by role alone. It may be
    written from paper afterwards; a closed one is reopened to correct its protocol.
    """

    _name = "care.safety.walk"
    _description = "Safety Walk"
    _inherit = ["care.oncall.team"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["area_id.name"]
    _transitions = {"planned": {"open", "closed"}, "open": {"closed"}, "closed": {"open"}}
    _frozen_from = "closed"

    # Where
    reference = fields.Char(compute="_compute_reference", store=True, frozen=False)
    area_id = fields.Many2one("care.area", required=True, index=True, check_company=True, frozen=True)
    unit_id = fields.Many2one(
        "care.unit",
        "On-call Team",
        required=True,
        index=True,
        default=lambda self: self._default_unit_id(),
        domain="[('kind', '=', 'on_call')]",
        frozen=True,
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=True)
    route = fields.Text(help="Start, way and end, so that the next walk can take the same way.", frozen=True)

    # When
    date = fields.Date(required=True, default=fields.Date.context_today, frozen=True)
    started_at = fields.Datetime("Started", copy=False, frozen=True, happened=True)
    ended_at = fields.Datetime("Ended", copy=False, frozen=True, happened=True)
    light = fields.Selection(
        [("daylight", "Daylight"), ("dusk", "Dusk"), ("dark", "Dark")],
        "Light Conditions",
        frozen=True,
    )
    weather = fields.Selection(
        [("clear", "Clear"), ("cloudy", "Cloudy"), ("rain", "Rain"), ("snow", "Snow"), ("fog", "Fog")],
        frozen=True,
    )

    # Who
    participants = fields.Char(
        help="By role, never by name: two of the team, the caretaker, community police. The protocol is published.",
        frozen=True,
    )
    resident_count = fields.Integer("Residents", help="How many residents walked along.", frozen=True)

    # What
    point_ids = fields.One2many("care.safety.walk.point", "walk_id", "Points")
    followed_point_ids = fields.Many2many(
        "care.safety.walk.point",
        "care_safety_walk_followed_rel",
        "walk_id",
        "point_id",
        "From Earlier Walks",
        readonly=True,
        copy=False,
        help="What was to be mended in the area when this walk began.",
        by_verb=True,
        frozen=True,
    )
    point_count = fields.Integer("Points Seen", compute="_compute_counts")
    to_mend_count = fields.Integer(
        "To Be Mended", compute="_compute_counts", help="Not done or declined yet."
    )
    state = fields.Selection(
        [("planned", "Planned"), ("open", "Walking"), ("closed", "Closed")],
        required=True,
        default="planned",
        copy=False,
        readonly=True,
        index=True,
        by_verb=True,
    )

    _times_in_order = models.Constraint(
        "CHECK (ended_at IS NULL OR started_at IS NULL OR ended_at >= started_at)",
        "The walk ends before it starts. Change one of the two times.",
    )
    _residents_positive = models.Constraint(
        "CHECK (resident_count >= 0)", "The number of residents cannot be negative."
    )
    _frozen = models.Constraint("CHECK (TRUE)", "This walk is closed. Reopen it to correct its protocol.")
    _order_idx = models.Index("(unit_id, date DESC, id DESC)")

    @api.model
    def _default_unit_id(self):
        """The on-call team that the user is a member of now."""
        # sudo: one's own memberships alone, also for whoever has no group that reads memberships
        members_sudo = self.env["care.unit.member"].sudo()
        domain = Domain("confirmed_user_id", "=", self.env.uid) & Domain("unit_id.kind", "=", "on_call")
        domain &= Domain("company_id", "in", self.env.companies.ids)
        return members_sudo.search(domain & members_sudo._domain_now(), limit=1).unit_id.id

    @api.depends("create_date")
    def _compute_reference(self):
        for walk in self:
            walk.reference = f"V{walk.create_date:%y}-{walk.id:04}" if walk.create_date else False

    @api.depends("area_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for walk in self:
            date = format_date(self.env, walk.date) if walk.date else ""
            walk.display_name = " ".join(filter(None, [walk.area_id.name, date]))

    @api.depends("point_ids.good", "point_ids.state", "point_ids.repeated_of_id")
    def _compute_counts(self):
        points = self.env["care.safety.walk.point"]
        domain = Domain("walk_id", "in", self.ids)
        seen = dict(points._read_group(domain, ["walk_id"], ["__count"]))
        to_mend = dict(points._read_group(domain & points._domain_to_mend(), ["walk_id"], ["__count"]))
        for walk in self:
            walk.point_count = seen.get(walk._origin, 0)
            walk.to_mend_count = to_mend.get(walk._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        walks = super().create(vals_list)
        walks._follow_points()
        return walks

    def write(self, vals):
        moved = vals.keys() & {"area_id", "unit_id"}
        if moved and any(
            walk.state == "open" or (walk.state == "planned" and walk.point_ids) for walk in self
        ):
            raise UserError(self.env._("The walk has begun. Plan another one for another area or team."))
        result = super().write(vals)
        if moved:
            self._follow_points()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        walked = self.filtered(lambda walk: walk.state != "planned")
        if walked - walked._listed_for_retention():
            raise UserError(
                self.env._(
                    "Only a planned walk can be removed. This one has been walked: an approved retention run alone"
                    " deletes it."
                )
            )

    def unlink(self):
        """The points first: their photos go with them."""
        self.point_ids.unlink()
        return super().unlink()

    def action_open(self):
        """Start walking: the clock starts, and what is to be mended since earlier walks comes along."""
        now = fields.Datetime.now()
        for walk in self:
            start = {"started_at": walk.started_at or now, "date": fields.Date.context_today(walk)}
            walk._transition("open", **(start if walk.state == "planned" else {}))

    def action_close(self):
        """Freeze the walk; from now on its protocol can be printed.

        :raise UserError: when the walk has no points, or is dated in the future
        """
        now = fields.Datetime.now()
        for walk in self:
            walk._check_transition("closed")
            if not walk.point_ids:
                raise UserError(
                    self.env._(
                        "A walk without points cannot be closed. Write at least one: something good that"
                        " should be kept is a point too."
                    )
                )
            if walk.date > fields.Date.context_today(walk):
                raise UserError(
                    self.env._("The walk is dated in the future. Change its date before you close it.")
                )
            ended_at = walk.ended_at or (walk.started_at and max(now, walk.started_at))
            walk._transition("closed", ended_at=ended_at)

    def action_reopen(self):
        """Correct the protocol of a closed walk."""
        self.check_access("write")
        if any(walk.state != "closed" for walk in self):
            raise UserError(self.env._("Only a closed walk can be reopened."))
        self._transition("open")

    def action_new_point(self):
        """An empty point on the phone's whole screen."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Point"),
            "res_model": "care.safety.walk.point",
            "view_mode": "form",
            "views": [(self.env.ref("social_care.care_safety_walk_point_view_form_quick").id, "form")],
            "target": "new",
            "context": {"default_walk_id": self.id},
        }

    def action_print_protocol(self):
        self.check_access("read")
        return self.env.ref("social_care.care_safety_walk_report_action").report_action(self)

    def _protocol_file_name(self):
        return self.env._("Safety walk %(area)s %(date)s", area=self.area_id.name, date=self.date)

    def _after_transition(self, before):
        super()._after_transition(before)
        self.filtered(lambda walk: (before[walk], walk.state) == ("planned", "open"))._follow_points()

    def _follow_points(self):
        """Take along what is to be mended in the area since the team's earlier walks."""
        points = self.env["care.safety.walk.point"]
        domain = points._domain_to_mend() & Domain("area_id", "in", self.area_id.ids)
        open_points = points.search(domain & Domain("unit_id", "in", self.unit_id.ids))
        by_place = open_points.grouped(lambda point: (point.area_id, point.unit_id))
        for walk in self:
            earlier = by_place.get((walk.area_id, walk.unit_id), points)
            walk._write_decided({"followed_point_ids": [(6, 0, (earlier - walk.point_ids).ids)]})
