from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.midnight import midnight

CONTENT = {"what_helps", "what_worsens", "call_first", "valid_to"}


class CareNightCard(models.Model):
    """What a crew in the night should know to meet the client well. The client has said yes to each word."""

    _name = "care.night.card"
    _description = "Night Card"
    _inherit = ["care.ending", "care.oncall.walled"]
    _order = "valid_to desc, id desc"
    _ends_on = "valid_to"
    _ends_type = "social_care.activity_type_night_card"

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    what_helps = fields.Text(required=True)
    what_worsens = fields.Text()
    call_first = fields.Char(help="Whom to call when something has happened, and the number.")
    valid_to = fields.Date(
        "Valid Until",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + self.env["care.rule"]._period("night_card_valid")
        ),
        help="The last day that the on-call team sees the card.",
    )
    closes_at = fields.Datetime(compute="_compute_closes_at", store=True, precompute=True)
    approved_by = fields.Selection(
        [("client", "The client"), ("representative", "Representative")],
        help="Without the client's yes the on-call team does not see the card.",
    )
    approved_at = fields.Datetime("Approved", readonly=True, copy=False)
    changed_at = fields.Datetime("Changed", readonly=True, copy=False, default=fields.Datetime.now)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Not approved"), ("valid", "Shown at night"), ("expired", "Expired")],
        compute="_compute_state",
        search="_search_state",
    )

    _one_per_unit = models.UniqueIndex(
        "(client_id, unit_id) WHERE active",
        "The client has a night card in this unit already. Change that one, or archive it.",
    )

    @api.depends("valid_to", "company_id.care_tz")
    def _compute_closes_at(self):
        for card in self:
            timezone = card.company_id.care_tz
            card.closes_at = card.valid_to and midnight(card.valid_to + timedelta(days=1), timezone)

    @api.depends("closes_at", "approved_by")
    def _compute_state(self):
        now = fields.Datetime.now()
        for card in self:
            if card.closes_at and card.closes_at <= now:
                card.state = "expired"
            else:
                card.state = "valid" if card.approved_by else "draft"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        expired, approved = Domain("closes_at", "<=", "now"), Domain("approved_by", "!=", False)
        domains = {"expired": expired, "valid": ~expired & approved, "draft": ~expired & ~approved}
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.onchange("client_id")
    def _onchange_client_id(self):
        self.unit_id = self.unit_id or self.client_id.default_unit_id

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["approved_at"] = fields.Datetime.now() if vals.get("approved_by") else False
        with self._deciding("approved_at"):
            return super().create(vals_list)

    def write(self, vals):
        """A yes holds for the words it was given to: changed words need a new one."""
        vals, given = dict(vals), set(vals)
        changed = any(card._is_changed(name, vals[name]) for name in CONTENT & vals.keys() for card in self)
        if changed:
            vals["changed_at"] = fields.Datetime.now()
            vals.setdefault("approved_by", False)
        if "approved_by" in vals:
            vals["approved_at"] = fields.Datetime.now() if vals["approved_by"] else False
            vals["changed_at"] = fields.Datetime.now()
        with self._deciding(*vals.keys() & {"approved_at", "changed_at"} - given):
            return super().write(vals)

    def _is_changed(self, name, value):
        value = fields.Date.to_date(value) if name == "valid_to" else value
        return (self[name] or False) != (value or False)

    def _end_mistaken(self):
        self.active = False

    def action_approve(self):
        """The client has heard or read the card and agrees to it."""
        for card in self:
            card.check_access("write")
            if card.state != "draft":
                raise UserError(self.env._("Only a card that is in date and not yet approved is approved."))
        self.write({"approved_by": "client"})

    @api.model
    def _sql_told_of(self, alias):
        """What nobody has said yes to was shown to no crew, and what is archived is meant to be."""
        names = (
            SQL.identifier(alias, name, to_flush=self._fields[name]) for name in ("active", "approved_by")
        )
        return SQL("%s AND %s AND %s IS NOT NULL", super()._sql_told_of(alias), *names)

    def _ended_sentence(self):
        return self.env._(
            "The night card ended on %(date)s, and the on-call team sees it no more. Go through it with the client anew,"
            " or archive it.",
            date=self.valid_to,
        )
