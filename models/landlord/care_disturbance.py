from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.address import address_key

VERIFIED = [
    ("heard", "Heard by the team"),
    ("not_heard", "Not heard"),
    ("not_visited", "Nobody was there"),
]
LADDER_STEPS = [
    ("conversation", "Conversation"),
    ("first_letter", "First letter"),
    ("warning", "Warning and notice to the social board"),
    ("meeting", "Meeting"),
    ("referral", "Referred"),
]


class CareDisturbance(models.Model):
    """A disturbance at an address, on behalf of its landlord.

    The landlord must never learn that a tenant is a client. So no field and no relation could tell:
    the address is text and never a dwelling, an event linked here names no client (the database
    sees to it), and what happened around a client is an event of its own, without a link.

    A closed case is fixed: it may be the landlord's proof before the rent tribunal.
    """

    _name = "care.disturbance"
    _description = "Disturbance"
    _inherit = ["care.oncall.team", "care.activity.mixin"]
    _order = "received_at desc, id desc"
    _rec_name = "reference"
    _has_chatter = True
    _rec_names_search = ["reference", "address"]
    _check_company_auto = True
    _transitions = {"open": {"closed"}, "closed": {"open"}}
    _frozen_from = "closed"

    # Where it belongs
    reference = fields.Char(readonly=True, copy=False, by_verb=True, frozen=True)
    unit_id = fields.Many2one(
        "care.unit",
        "On-call Team",
        required=True,
        index=True,
        default=lambda self: self.env["care.safety.walk"]._default_unit_id(),
        domain="[('kind', '=', 'on_call')]",
        frozen=True,
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=True)
    state = fields.Selection(
        [("open", "Ongoing"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        by_verb=True,
    )

    # Where and what
    received_at = fields.Datetime(
        "Reported",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        frozen=True,
        happened=True,
    )
    area_id = fields.Many2one("care.area", required=True, index=True, check_company=True, frozen=True)
    landlord_id = fields.Many2one(related="area_id.landlord_id")
    address = fields.Char(
        required=True, help="Street, number and flat, as text: Björkvägen 1, lgh 1203.", frozen=True
    )
    address_key = fields.Char(
        compute="_compute_address_key", store=True, precompute=True, exportable=False, frozen=False
    )
    kind = fields.Selection(
        [
            ("music", "Loud music or party"),
            ("quarrel", "Quarrel, shouting"),
            ("noise", "Other noise"),
            ("animals", "Animals"),
            ("smoke", "Smoke, smell"),
            ("threat", "Threats"),
            ("damage", "Damage"),
            ("common_areas", "Stairs and common rooms"),
            ("other", "Other"),
        ],
        required=True,
        default="music",
        frozen=True,
    )
    description = fields.Text(
        "What Was Reported",
        help="For the team alone; the landlord's report leaves it out.",
        frozen=True,
    )

    # Who complained: for the team alone, unless they agreed
    complainant_name = fields.Char("Complainant", frozen=True)
    complainant_phone = fields.Char(frozen=True)
    complainant_agreed = fields.Boolean(
        "May Be Named",
        help="The complainant has agreed that the landlord learns who complained. Whoever disturbs never does.",
        frozen=True,
    )

    # What was done
    verified = fields.Selection(VERIFIED, required=True, default="not_visited", tracking=True, frozen=True)
    measures = fields.Text(
        help="What you did. The landlord reads it: nothing about who complained.", frozen=True
    )
    ladder_step = fields.Selection(
        LADDER_STEPS, readonly=True, copy=False, tracking=True, by_verb=True, frozen=True
    )
    warned_at = fields.Date(
        "Warned",
        copy=False,
        tracking=True,
        help="The day the tenant was warned in writing.",
        frozen=True,
        happened=True,
    )
    notified_at = fields.Date(
        "Board Notified",
        copy=False,
        tracking=True,
        help="The day the social board was notified of the warning.",
        frozen=True,
        happened=True,
    )
    event_ids = fields.One2many("care.oncall.event", "disturbance_id", "Events")

    # Seen before
    same_address_ids = fields.Many2many(
        "care.disturbance", string="Cases at the Address", compute="_compute_same_address_ids"
    )
    same_address_count = fields.Integer("Other Cases", compute="_compute_same_address_count")

    _reference_uniq = models.UniqueIndex("(company_id, reference)", "Another disturbance has this reference.")
    _warned_and_notified = models.Constraint(
        "CHECK (ladder_step IS NULL OR ladder_step NOT IN ('warning', 'referral')"
        " OR (warned_at IS NOT NULL AND notified_at IS NOT NULL))",
        "Enter the day of the warning and the day the social board was notified: both are needed.",
    )
    _frozen = models.Constraint("CHECK (TRUE)", "This case is closed. Reopen it to change it.")
    _order_idx = models.Index("(unit_id, received_at DESC, id DESC)")
    _address_idx = models.Index("(company_id, address_key, received_at DESC)")

    @api.depends("address")
    def _compute_address_key(self):
        for case in self:
            case.address_key = address_key(case.address)

    @api.depends("address_key", "company_id")
    def _compute_same_address_ids(self):
        cases = self.search(self._domain_same_address())
        by_address = cases.grouped(lambda case: (case.company_id, case.address_key))
        for case in self:
            same = by_address.get((case.company_id, case.address_key), self.browse())
            case.same_address_ids = same - case._origin

    @api.depends("address_key", "company_id")
    def _compute_same_address_count(self):
        groups = self._read_group(self._domain_same_address(), ["company_id", "address_key"], ["__count"])
        counts = {(company, key): count for company, key, count in groups}
        for case in self:
            found = counts.get((case.company_id, case.address_key), 0)
            case.same_address_count = found - 1 if found and case._origin else found

    def _domain_same_address(self):
        """Cases at the addresses of these, these among them."""
        keys = [key for key in self.mapped("address_key") if key]
        return Domain("address_key", "in", keys) & Domain("company_id", "in", self.company_id.ids)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_handed_in(set().union(*vals_list), "create")
        for vals in vals_list:
            # sudo: staff read no counter, which tells how many there are; only the new number comes back
            vals["reference"] = self.env["ir.sequence"].sudo().next_by_code("care.disturbance")
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        with self._deciding("reference"):
            return super(CareDisturbance, quiet).create(vals_list).with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_retention_alone(self):
        if self - self._listed_for_retention():
            raise UserError(self.env._("A case stays. Only an approved retention run deletes it."))

    def unlink(self):
        """The events stay in their closed shifts, without the case."""
        self.event_ids._write_decided({"disturbance_id": False})
        return super().unlink()

    def action_close(self):
        self._transition("closed")

    def action_reopen(self):
        self._transition("open")

    def action_open_same_address(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_disturbance_action")
        return action | {"domain": list(self._domain_same_address()), "context": {}}

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Nothing of a case travels by e-mail: its notes are read where they are written."""
        return []
