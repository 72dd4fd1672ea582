from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

UNIT_KINDS = [
    ("housing_support", "Housing support"),
    ("supported_housing", "Supported housing"),
    ("residential_care", "Residential care"),
    ("home_care", "Home care"),
    ("daily_activity", "Daily activity"),
    ("on_call", "On-call team"),
    ("relative_support", "Relative support"),
    ("intake", "Intake team"),
    ("open_activity", "Open activity"),
    ("employment", "Employment"),
    ("quality", "Quality"),
]
UNIT_REGIMES = [
    ("assessed", "After a decision"),
    ("open", "Open, without assessment"),
    ("landlord", "Assignment for a property owner"),
    ("quality", "Quality"),
]
# What a unit of a kind usually is; the administrator may choose otherwise.
REGIME_OF_KIND = {"relative_support": "open", "open_activity": "open", "quality": "quality"}


class CareUnit(models.Model):
    """A unit is a wall: what it holds about a person is seen by its members alone."""

    _name = "care.unit"
    _description = "Care Unit"
    _inherit = ["care.watched"]
    _care_notes_new = False
    _order = "sequence, name"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    # Who
    name = fields.Char(required=True)
    code = fields.Char(required=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, opens_access=True
    )
    kind = fields.Selection(UNIT_KINDS, required=True, default="housing_support", opens_access=True)
    regime = fields.Selection(
        UNIT_REGIMES,
        required=True,
        compute="_compute_regime",
        store=True,
        readonly=False,
        precompute=True,
        opens_access=True,
    )
    documentation_mode = fields.Selection(
        [("named", "Named"), ("pseudonym", "Pseudonym"), ("none", "No personal data")],
        required=True,
        default="named",
        help="Whether the unit's records name the person. Only an open service may do without.",
    )
    legal_basis_id = fields.Many2one("care.legal.basis")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # How to reach it
    phone = fields.Char()
    email = fields.Char()

    # Access
    member_ids = fields.One2many("care.unit.member", "unit_id", "Members")
    # As superuser: care staff read no hr.employee, whose names Odoo shows them through the public one.
    manager_ids = fields.Many2many(
        "hr.employee", string="Managers", compute="_compute_manager_ids", compute_sudo=True
    )
    serves_unit_ids = fields.Many2many(
        "care.unit",
        "care_unit_served_rel",
        "unit_id",
        "served_unit_id",
        "Serves Units",
        check_company=True,
        opens_access=True,
        help="The units whose clients this on-call team answers for.",
    )
    finish_days = fields.Integer(
        "Days to Finish",
        default=14,
        opens_access=True,
        help="So many days after a stay has ended staff still open the file to finish the documentation.",
    )

    # Occupancy, counted among the stays that the reader may see
    dwelling_ids = fields.One2many("care.dwelling", "unit_id", "Dwellings")
    keeps_clients = fields.Boolean(compute="_compute_keeps_clients", help="Clients stay in the unit.")
    is_mine = fields.Boolean("My Unit", compute="_compute_is_mine")
    places = fields.Integer(compute="_compute_places", compute_sudo=True)
    taken = fields.Integer(compute="_compute_occupancy")
    arriving = fields.Integer(compute="_compute_occupancy", help="Stays that start within 30 days.")
    leaving = fields.Integer(compute="_compute_occupancy", help="Stays that end within 30 days.")

    _order_idx = models.Index("(company_id, sequence, name)")
    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "Another unit of this company has this code. Choose another one."
    )
    _mode_of_regime = models.Constraint(
        "CHECK (documentation_mode = 'named' OR regime = 'open')",
        "Only an open service may document without names. Change the regime or the documentation mode.",
    )
    _finish_days_positive = models.Constraint(
        "CHECK (finish_days BETWEEN 0 AND 90)", "Days to finish must lie between 0 and 90."
    )

    @api.depends("kind")
    def _compute_regime(self):
        for unit in self:
            unit.regime = REGIME_OF_KIND.get(unit.kind, "assessed")

    @api.depends("member_ids.role", "member_ids.date_from", "member_ids.date_to")
    def _compute_manager_ids(self):
        managers = self.env["care.unit.member"]._employees_by_unit(self, Domain("role", "=", "manager"))
        for unit in self:
            unit.manager_ids = managers.get(unit._origin, False)

    @api.depends("regime", "kind")
    def _compute_keeps_clients(self):
        for unit in self:
            unit.keeps_clients = unit.regime == "assessed" and unit.kind != "on_call"

    @api.depends_context("uid")
    @api.depends("member_ids.date_from", "member_ids.date_to")
    def _compute_is_mine(self):
        mine = self._origin._mine_now()
        for unit in self:
            unit.is_mine = unit._origin in mine

    @api.depends("dwelling_ids.places", "dwelling_ids.active")
    def _compute_places(self):
        groups = self.env["care.dwelling"]._read_group(
            [("unit_id", "in", self.ids)], ["unit_id"], ["places:sum"]
        )
        places = {unit.id: total for unit, total in groups}
        for unit in self:
            unit.places = places.get(unit._origin.id, 0)

    def _compute_occupancy(self):
        stays = self.env["care.stay"]
        counts = {
            name: dict(
                stays._read_group(domain & Domain("unit_id", "in", self.ids), ["unit_id"], ["__count"])
            )
            if stays.has_access("read")
            else {}
            for name, domain in stays._domains_occupancy().items()
        }
        for unit in self:
            for name, count in counts.items():
                unit[name] = count.get(unit._origin, 0)

    def _users_by_unit(self, role=None):
        """Who works in each of these units now and can be asked, the longest there first: ``{unit: users}``."""
        users, found = self.env["res.users"], dict.fromkeys(self, ())
        for unit_id, user_id in self.env.execute_query(
            SQL(
                "SELECT w.unit_id, w.user_id FROM (%s) w WHERE w.unit_id = ANY(%s) ORDER BY w.date_from, w.id",
                self.env["care.unit.member"]._sql_at_work(role),
                self.ids,
            )
        ):
            found[self.browse(unit_id)] += (user_id,)
        return {unit: users.browse(dict.fromkeys(ids)) for unit, ids in found.items()}

    def _managers_now(self):
        """Who manages each of these units today: ``{unit: users}``, the one who has longest first."""
        return self._users_by_unit("manager")

    def _users_now(self, role=None):
        """All of ``_users_by_unit``."""
        return self.env["res.users"].union(*self._users_by_unit(role).values())

    def _mine_now(self, role=None):
        """Those of these units in which the current user works now, by memberships that nobody doubts."""
        # sudo: one's own memberships, which are no secret to oneself, whatever groups one has
        members_sudo = self.env["care.unit.member"].sudo()
        mine = Domain("unit_id", "in", self.ids) & members_sudo._domain_mine() & members_sudo._domain_now()
        if role:
            mine &= Domain("role", "=", role)
        return members_sudo.search(mine).unit_id.sudo(False)

    def action_open_clients(self):
        """The clients who stay in the unit now."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_client_action")
        return action | {
            "context": {"search_default_unit_id": self.id},
            "display_name": self.name,
        }

    def action_open_stays(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_stay_action")
        kind = self.env.context.get("stays", "current")
        return action | {
            "context": {"search_default_unit_id": self.id, f"search_default_{kind}": 1},
            "display_name": self.name,
        }
