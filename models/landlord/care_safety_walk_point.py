from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import frozen
from ...tools.photo import bare_photo

PHOTOS = ("photo", "done_photo")


class CareSafetyWalkPoint(models.Model):
    """Something that was seen on a walk: good and worth keeping, or to be mended by someone in time.

    What is seen again is no new task: the point links to the first one and follows its state. What was seen
    stays as the closed walk's protocol has it; who mends it, when, and what came of it goes on.
    """

    _name = "care.safety.walk.point"
    _description = "Safety Walk Point"
    _inherit = ["care.oncall.team"]
    _order = "due_date, id"
    _transitions = {
        "open": {"decided", "done", "declined"},
        "decided": {"done", "declined", "open"},
        "done": {"open"},
        "declined": {"open"},
    }
    _frozen_with = "walk_id"
    _retained_with = "walk_id"

    walk_id = fields.Many2one("care.safety.walk", required=True, index=True, ondelete="cascade")
    area_id = fields.Many2one(related="walk_id.area_id", store=True, precompute=True, frozen=True)
    unit_id = fields.Many2one(related="walk_id.unit_id", store=True, precompute=True, index=True, frozen=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=True)
    date = fields.Date("Seen", related="walk_id.date", store=True, precompute=True, frozen=True)
    walk_state = fields.Selection(related="walk_id.state", string="Walk's State")

    # What and where
    good = fields.Boolean(
        "Good, keep it", help="Something that works and should be kept; nothing to mend.", frozen=True
    )
    category = fields.Selection(
        [
            ("light", "Light"),
            ("greenery", "Greenery"),
            ("sightline", "Sightline"),
            ("litter", "Litter"),
            ("damage", "Damage"),
            ("traffic", "Traffic"),
            ("meeting_place", "Meeting place"),
            ("other", "Other"),
        ],
        required=True,
        frozen=True,
    )
    place = fields.Char(
        required=True,
        help="So that somebody else finds it: by the bicycle shed at Björkvägen 3.",
        frozen=True,
    )
    note = fields.Text(
        help="What you saw. The protocol is published: no names, nothing about a person.", frozen=True
    )
    photo = fields.Image(
        max_width=1600,
        max_height=1600,
        help="Without faces. Place and time of the picture are removed when it is saved.",
        frozen=True,
    )

    # Who mends it, and until when
    owner = fields.Char(
        compute="_compute_owner",
        store=True,
        readonly=False,
        precompute=True,
        help="Who answers for it: the landlord, the municipality, ourselves. An organisation, not a person.",
        frozen=False,
    )
    due_date = fields.Date(
        "Due",
        compute="_compute_due_date",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        frozen=False,
    )
    state = fields.Selection(
        [("open", "To be decided"), ("decided", "Decided"), ("done", "Mended"), ("declined", "Declined")],
        compute="_compute_state",
        store=True,
        precompute=True,
        copy=False,
        group_expand=True,
        recursive=True,
        by_verb=True,
    )
    decline_reason = fields.Text(
        help="Shown in the protocol, so that those who walked along learn why.", frozen=False
    )
    done_photo = fields.Image("Photo When Done", max_width=1600, max_height=1600, copy=False, frozen=False)
    state_date = fields.Date(
        "Since", readonly=True, copy=False, help="The day of the last decision.", by_verb=True
    )

    # Seen again
    repeated_of_id = fields.Many2one(
        "care.safety.walk.point",
        "Seen Before As",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        domain="[('area_id', '=', area_id), ('unit_id', '=', unit_id), ('good', '=', False),"
        " ('repeated_of_id', '=', False), ('walk_id', '!=', walk_id)]",
        frozen=True,
    )
    repeat_ids = fields.One2many("care.safety.walk.point", "repeated_of_id", "Seen Again")
    seen_count = fields.Integer("Times Seen", compute="_compute_seen_count")
    last_walk_id = fields.Many2one(
        "care.safety.walk",
        "Last Seen On",
        compute="_compute_last_walk_id",
        help="The walk of the last sighting.",
    )
    overdue = fields.Boolean(compute="_compute_overdue", search="_search_overdue")

    _declined_with_reason = models.Constraint(
        "CHECK (state <> 'declined' OR repeated_of_id IS NOT NULL OR COALESCE(decline_reason, '') ~ '\\S')",
        "Write the reason before you decline: those who walked along will read it.",
    )
    _not_its_own = models.Constraint("CHECK (repeated_of_id <> id)", "A point cannot repeat itself.")
    _good_is_no_task = models.Constraint(
        "CHECK (NOT good OR (repeated_of_id IS NULL AND state IS NULL))",
        "What is good has nothing to mend: it is neither decided nor linked to an earlier point.",
    )
    _frozen = models.Constraint(
        "CHECK (TRUE)", "The walk is closed and its protocol fixed. Reopen the walk to correct it."
    )
    _to_mend_idx = models.Index(
        "(area_id, unit_id, due_date) WHERE state IN ('open', 'decided') AND repeated_of_id IS NULL"
    )

    @api.depends("category", "place")
    def _compute_display_name(self):
        labels = dict(self._fields["category"]._description_selection(self.env))
        for point in self:
            point.display_name = ", ".join(filter(None, [labels.get(point.category), point.place]))

    @api.depends("walk_id", "good")
    def _compute_owner(self):
        for point in self:
            if point.good:
                point.owner = False
            elif not point.owner:
                point.owner = point.walk_id.area_id.landlord_id.name

    @api.depends("walk_id", "good")
    def _compute_due_date(self):
        """After the time that the rules give, unless somebody sets another day."""
        for point in self:
            if point.good:
                point.due_date = False
            elif not point.due_date:
                seen = point.walk_id.date or fields.Date.context_today(point)
                point.due_date = seen + self.env["care.rule"]._period("walk_point", point.company_id)

    @api.depends("good", "repeated_of_id.state")
    def _compute_state(self):
        for point in self:
            if point.good:
                point.state = False
            elif point.repeated_of_id:
                point.state = point.repeated_of_id.state
            else:
                point.state = point.state or "open"

    @api.depends("due_date", "state")
    def _compute_overdue(self):
        today = fields.Date.context_today(self)
        for point in self:
            point.overdue = bool(
                point.state in ("open", "decided") and point.due_date and point.due_date < today
            )

    @api.model
    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._domain_to_mend() & Domain("due_date", "<", fields.Date.context_today(self))
        return Domain.OR(late if overdue else ~late for overdue in value)

    @api.model
    def _domain_to_mend(self):
        """Tasks that wait: neither good, done, declined, nor a repetition of another."""
        return Domain("state", "in", ("open", "decided")) & Domain("repeated_of_id", "=", False)

    @api.constrains("due_date", "walk_id")
    def _check_due_date(self):
        for point in self:
            if point.due_date and point.due_date < point.date:
                raise ValidationError(self.env._("The due date comes before the walk. Choose a later day."))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_bare_photos(vals) for vals in vals_list]
        points = super().create([self._with_first_point(vals) for vals in vals_list])
        points._link_to_earlier()
        points.repeated_of_id._seen_again()
        return points

    def write(self, vals):
        result = super().write(self._with_first_point(self._with_bare_photos(vals)))
        if vals.get("repeated_of_id"):
            self.repeated_of_id._seen_again()
        return result

    @api.model
    def _guard_conditions(self):
        """What is good has no state, and a repetition the first point's, whatever its own was before."""
        conditions, illegal = super()._guard_conditions(), frozen.illegal_move(self._transitions)
        own = [f"NOT {row}.good AND {row}.repeated_of_id IS NULL" for row in ("OLD", "NEW")]
        return conditions | {
            "update": conditions["update"].replace(illegal, f"({illegal} AND {' AND '.join(own)})", 1)
        }

    @api.model
    def _with_bare_photos(self, vals):
        """No picture is stored with where, when and by whom it was taken."""
        bare = {}
        for name in PHOTOS:
            if vals.get(name):
                try:
                    bare[name] = bare_photo(vals[name])
                except ValueError as error:
                    raise UserError(
                        self.env._("The photo cannot be read. Take it as JPEG or PNG.")
                    ) from error
        return vals | bare
