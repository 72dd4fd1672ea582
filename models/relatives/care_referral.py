from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .care_neutral import RELATIONS

BATCH = 200

REFERRAL_TRANSITIONS = {
    "sent": {"received", "contacted", "closed"},
    "received": {"contacted", "closed"},
    "contacted": {"closed"},
    "closed": set(),
}
CONSENT_HOW = [("oral", "Orally"), ("phone", "On the phone"), ("written", "In writing")]
OUTCOMES = [
    ("talk", "A talk was enough"),
    ("case", "Continued support"),
    ("group", "A group"),
    ("other", "Referred elsewhere"),
    ("declined", "The relative did not want it"),
    ("unreached", "Not reached"),
]
NAMING = ("relative_name", "phone", "wish", "consent_by")


class CareReferral(models.Model):
    """A relative who wants to be contacted, as a unit sent it. Supporters alone see it.

    The sender keeps the receipt; only the referral knows which one.
    """

    _name = "care.referral"
    _description = "Referral of a Relative"
    _inherit = ["care.neutral", "care.activity.mixin"]
    _mail_post_access = "write"
    _order = "due_on, id"
    _rec_name = "reference"
    _mode_keeps_out = {"none": NAMING, "pseudonym": NAMING}

    # As it was sent
    reference = fields.Char(required=True, readonly=True, copy=False)
    receipt_id = fields.Many2one(
        "care.referral.receipt", required=True, readonly=True, copy=False, index=True, ondelete="restrict"
    )
    from_unit_id = fields.Many2one("care.unit", "From", required=True, readonly=True)
    sender_id = fields.Many2one("res.users", "Sent By", readonly=True)
    date = fields.Date("Sent", required=True, readonly=True, default=fields.Date.context_today)
    relative_name = fields.Char("Relative")
    phone = fields.Char()
    wish = fields.Text("What the Relative Wishes")
    relation = fields.Selection(RELATIONS, required=True, default="unknown")
    consent = fields.Boolean("The Relative Said Yes", required=True, readonly=True)
    consent_by = fields.Char("Who Said Yes", readonly=True)
    consent_how = fields.Selection(CONSENT_HOW, "How", readonly=True)
    consent_at = fields.Datetime("When", readonly=True)

    # What we do with it
    responsible_id = fields.Many2one("res.users", "Supporter", index=True)
    due_on = fields.Date("Contact By", required=True, readonly=True)
    state = fields.Selection(
        [("sent", "New"), ("received", "Received"), ("contacted", "Talked"), ("closed", "Closed")],
        required=True,
        default="sent",
        readonly=True,
        copy=False,
    )
    contacted_on = fields.Date("Talked On", readonly=True, copy=False)
    closed_on = fields.Date(readonly=True, copy=False)
    escalated_on = fields.Date(readonly=True, copy=False)
    wait_days = fields.Integer("Days to the Talk", compute="_compute_wait_days", store=True, aggregator="avg")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False)
    district_id = fields.Many2one(
        "care.relative.district",
        "Part of the Municipality",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Where the relative lives, asked at the talk. The sender is not told.",
    )
    case_id = fields.Many2one("care.relative.case", readonly=True, copy=False, index="btree_not_null")

    _named_only = models.Constraint(
        "CHECK (mode = 'named' OR (relative_name IS NULL AND phone IS NULL AND wish IS NULL AND consent_by IS NULL))",
        "This unit keeps no names, so it cannot receive a referral.",
    )
    _consented = models.Constraint("CHECK (consent)", "Nothing is stored of a relative who has not said yes.")
    _reference_uniq = models.UniqueIndex("(reference)", "This reference exists already. Try again.")
    _open_idx = models.Index("(unit_id, due_on, id) WHERE state <> 'closed'")
    _list_idx = models.Index("(unit_id, due_on, id)")
    _year_idx = models.Index("(unit_id, date) INCLUDE (contacted_on, wait_days)")

    @api.depends("reference")
    def _compute_display_name(self):
        for referral in self:
            referral.display_name = referral.reference

    @api.depends("date", "contacted_on")
    def _compute_wait_days(self):
        for referral in self:
            talked = referral.contacted_on
            referral.wait_days = (talked - referral.date).days if talked and referral.date else 0

    @api.depends("due_on", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for referral in self:
            referral.is_late = referral.state in ("sent", "received") and referral.due_on < today

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = fields.Domain([("state", "in", ("sent", "received")), ("due_on", "<", today)])
        return fields.Domain.OR(late if wanted else ~late for wanted in value)

    def write(self, vals):
        fixed = {name for name, field in self._fields.items() if field.readonly and field.store}
        if (fixed - {"wait_days"}) & vals.keys() - {"write_uid", "write_date"}:
            raise UserError(
                self.env._("What was sent stays as it is. Use the buttons to tell what happened.")
            )
        if any(vals.get(name) for name in NAMING) and any(referral.state == "closed" for referral in self):
            raise UserError(self.env._("The referral is closed, and no name comes back to it."))
        return super().write(vals)

    @api.model
    def _no_chat_message(self):
        return self.env._("Messages may leave the unit by e-mail. Write in the relative's case instead.")

    # ------------------------------------------------------------------
    # The way of a referral
    # ------------------------------------------------------------------

    @api.model
    def _receive(self, receipt, unit, values):
        """Store what was sent, as superuser, and ask a supporter to make contact in time."""
        company = unit.company_id
        referral = self.create(
            {
                "reference": receipt.reference,
                "receipt_id": receipt.id,
                "unit_id": unit.id,
                "from_unit_id": receipt.unit_id.id,
                "sender_id": receipt.sender_id.id,
                "date": receipt.date,
                "due_on": receipt.date + timedelta(days=company.care_referral_days),
                "relation": values.get("relation") or "unknown",
                "consent": True,
                "consent_how": values["consent_how"],
                "consent_at": values.get("consent_at") or fields.Datetime.now(),
                **{name: (values.get(name) or "").strip() or False for name in NAMING},
            }
        )
        referral._remind()
        return referral

    def _remind(self):
        """A supporter makes contact in time; of who has waited too long the whole unit is told, once.

        The activities carry the reference and nothing else.
        """
        referrals, first, late = self.with_user(SUPERUSER_ID), {}, {}
        workers, managers = referrals.unit_id._users_by_unit(), referrals.unit_id._managers_now()
        for referral in referrals:
            is_waiting = referral.state in ("sent", "received")
            users = workers[referral.unit_id] if is_waiting else self.env["res.users"]
            first[referral] = list((managers[referral.unit_id] & users) | users)
            late[referral] = users if referral.is_late else []
        for type_, users_of, deadline_of in (
            ("mail.mail_activity_data_call", first, lambda referral: referral.due_on),
            ("mail.mail_activity_data_todo", late, None),
        ):
            referrals._sync_activities(
                type_, users_of, deadline_of, lambda referral: referral.reference, once=True
            )

    def action_receive(self):
        """I take it."""
        self._move("received", responsible_id=self.env.uid)
        self.receipt_id.sudo()._follow("received")

    def action_contacted(self):
        """We have talked, today."""
        self._move("contacted", contacted_on=fields.Date.context_today(self))
        news = self.receipt_id.sudo().filtered(lambda receipt: receipt.state == "sent")
        news._follow("received")
        self.sudo().activity_ids.unlink()

    def action_close(self, outcome="talk"):
        """Close with an outcome (a value of ``outcome``), which the sender never learns."""
        if outcome not in dict(OUTCOMES):
            raise UserError(self.env._("Choose one of the outcomes."))
        # A consent that is taken back leaves no name; else the names stay for the days of the setting.
        gone = dict.fromkeys(NAMING, False) if outcome == "declined" else {}
        self._move("closed", closed_on=fields.Date.context_today(self), outcome=outcome, **gone)
        self.receipt_id.sudo()._follow("closed")
        self.sudo().activity_ids.unlink()

    def action_open_case(self):
        """Open a case for the relative who wants continued support, or the one that is open already."""
        self.ensure_one()
        self.check_access("write")
        if not self.case_id:
            if self.state == "closed" or not self.relative_name:
                raise UserError(self.env._("The referral is closed. Open a case among the cases instead."))
            values = {
                "unit_id": self.unit_id.id,
                "name": self.relative_name,
                "phone": self.phone,
                "relation": self.relation,
                "plan_wishes": self.wish,
                "district_id": self.district_id.id,
                "referral_id": self.id,
            }
            with (cases := self.env["care.relative.case"])._deciding("referral_id"):
                case = cases.create(values)
            self._write_unguarded({"case_id": case.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.relative.case",
            "res_id": self.case_id.id,
            "view_mode": "form",
        }

    def _move(self, state, **values):
        self.check_access("write")
        for referral in self:
            if state not in REFERRAL_TRANSITIONS[referral.state]:
                raise UserError(self.env._("The referral has come further already. Reload the page."))
        return self._write_unguarded({"state": state, **values})

    # ------------------------------------------------------------------
    # Jobs and erasing
    # ------------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell all of the relative unit, once, of relatives who have waited too long."""
        waiting = self.search([("state", "in", ("sent", "received"))], order="id")
        self.env["ir.cron"]._care_batches(waiting, lambda referrals: referrals._escalate(), BATCH)

    def _escalate(self):
        self._remind()
        if late := self.filtered(lambda referral: referral.is_late and not referral.escalated_on):
            late._write_unguarded({"escalated_on": fields.Date.context_today(self)})

    @api.model
    def _cron_erase_names(self):
        """So many days after it was closed a referral is a number among numbers."""
        held = fields.Domain.OR([(name, "!=", False)] for name in NAMING)
        for company in self.env["res.company"].search([("care_referral_keep_days", ">=", 0)]):
            limit = fields.Date.context_today(self) - timedelta(days=company.care_referral_keep_days)
            closed = fields.Domain(
                [("company_id", "=", company.id), ("state", "=", "closed"), ("closed_on", "<", limit)]
            )
            self.env["ir.cron"]._care_batches(
                self.search(closed & held),
                lambda referrals: referrals._write_unguarded(dict.fromkeys(NAMING, False)),
                BATCH,
            )

    @api.model
    def _neutral_forbidden(self, unit, mode):
        held = fields.Domain.OR([(name, "!=", False)] for name in NAMING)
        domain = fields.Domain("unit_id", "=", unit.id) & held
        return [(self.env._("referrals lose name, phone and wish"), domain, dict.fromkeys(NAMING, False))]
