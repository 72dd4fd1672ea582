from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .care_neutral import RELATIONS

BATCH = 200

CONSENT_HOW = [("oral", "Orally"), ("phone", "On the phone"), ("written", "In writing")]
OUTCOMES = [
    ("talk", "A talk was enough"),
    ("case", "Continued support"),
    ("group", "A group"),
    ("other", "Referred elsewhere"),
    ("declined", "The relative did not want it"),
    ("unreached", "Not reached"),
]


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
    _transitions = {
        "sent": {"received", "contacted", "closed"},
        "received": {"contacted", "closed"},
        "contacted": {"closed"},
    }

    # As it was sent
    reference = fields.Char(required=True, readonly=True, copy=False, by_verb=True, frozen="id")
    receipt_id = fields.Many2one(
        "care.referral.receipt",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        by_verb=True,
        frozen="id",
    )
    from_unit_id = fields.Many2one(
        "care.unit", "From", required=True, readonly=True, by_verb=True, frozen="id"
    )
    sender_id = fields.Many2one("res.users", "Sent By", readonly=True, by_verb=True, frozen="id")
    date = fields.Date("Sent", required=True, readonly=True, default=fields.Date.context_today, by_verb=True)
    relative_name = fields.Char("Relative", naming=True)
    phone = fields.Char(naming=True)
    wish = fields.Text("What the Relative Wishes", naming=True)
    relation = fields.Selection(RELATIONS, required=True, default="unknown")
    consent = fields.Boolean("The Relative Said Yes", required=True, readonly=True, by_verb=True, frozen="id")
    consent_by = fields.Char("Who Said Yes", readonly=True, naming=True, by_verb=True)
    consent_how = fields.Selection(CONSENT_HOW, "How", readonly=True, by_verb=True, frozen="id")
    consent_at = fields.Datetime("When", readonly=True, by_verb=True, frozen="id", happened=True)

    # What we do with it
    responsible_id = fields.Many2one("res.users", "Supporter", index=True)
    due_on = fields.Date("Contact By", required=True, readonly=True, by_verb=True)
    state = fields.Selection(
        [("sent", "New"), ("received", "Received"), ("contacted", "Talked"), ("closed", "Closed")],
        required=True,
        default="sent",
        readonly=True,
        copy=False,
        by_verb=True,
    )
    contacted_on = fields.Date("Talked On", readonly=True, copy=False, by_verb=True)
    closed_on = fields.Date(readonly=True, copy=False, by_verb=True)
    escalated_on = fields.Date(readonly=True, copy=False, by_verb=True)
    wait_days = fields.Integer("Days to the Talk", compute="_compute_wait_days", store=True, aggregator="avg")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, by_verb=True)
    district_id = fields.Many2one(
        "care.relative.district",
        "Part of the Municipality",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Where the relative lives, asked at the talk. The sender is not told.",
    )
    case_id = fields.Many2one(
        "care.relative.case", readonly=True, copy=False, index="btree_not_null", by_verb=True
    )

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
        if any(vals.get(name) for name in self._naming()) and any(
            referral.state == "closed" for referral in self
        ):
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
        referral = self._create_decided(
            [
                {
                    "reference": receipt.reference,
                    "receipt_id": receipt.id,
                    "unit_id": unit.id,
                    "from_unit_id": receipt.unit_id.id,
                    "sender_id": receipt.sender_id.id,
                    "date": receipt.date,
                    "due_on": receipt.date + self.env["care.rule"]._period("referral_contact", company),
                    "relation": values.get("relation") or "unknown",
                    "consent": True,
                    "consent_how": values["consent_how"],
                    "consent_at": values.get("consent_at") or fields.Datetime.now(),
                    **{name: (values.get(name) or "").strip() or False for name in self._naming()},
                }
            ]
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
        self._transition("received", responsible_id=self.env.uid)

    def action_contacted(self):
        """We have talked, today."""
        self._transition("contacted", contacted_on=fields.Date.context_today(self))

    def action_close(self, outcome="talk"):
        """Close with an outcome (a value of ``outcome``), which the sender never learns."""
        if outcome not in dict(OUTCOMES):
            raise UserError(self.env._("Choose one of the outcomes."))
        # A consent that is taken back leaves no name; else the names stay for the days of the setting.
        gone = dict.fromkeys(self._naming(), False) if outcome == "declined" else {}
        self._transition("closed", closed_on=fields.Date.context_today(self), outcome=outcome, **gone)

    def _after_transition(self, before):
        """The sender's receipt follows, but for that they have talked; whoever has talked is reminded no more."""
        super()._after_transition(before)
        closed = self.filtered(lambda referral: referral.state == "closed")
        closed.receipt_id._follow("closed")
        # sudo: the receipt is the sending unit's; whoever receives learns nothing from it and moves it on
        receipts_sudo = (self - closed).receipt_id.sudo()
        receipts_sudo.filtered(lambda receipt: receipt.state == "sent")._follow("received")
        # sudo: the reminders are colleagues' own; nobody needs to be told any more
        self.filtered(lambda referral: referral.state != "received").sudo().activity_ids.unlink()

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
            self._write_decided({"case_id": case.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.relative.case",
            "res_id": self.case_id.id,
            "view_mode": "form",
        }

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
            late._write_decided({"escalated_on": fields.Date.context_today(self)})

    @api.model
    def _cron_erase_names(self):
        """So many days after it was closed a referral is a number among numbers."""
        for (company,) in self._read_group([("state", "=", "closed")], ["company_id"]):
            limit = fields.Date.context_today(self) - self.env["care.rule"]._period("referral_keep", company)
            closed = fields.Domain(
                [("company_id", "=", company.id), ("state", "=", "closed"), ("closed_on", "<", limit)]
            )
            self.env["ir.cron"]._care_batches(
                self.search(closed & self._domain_naming()),
                lambda referrals: referrals._write_decided(dict.fromkeys(referrals._naming(), False)),
                BATCH,
            )

    @api.model
    def _neutral_forbidden(self, unit, mode):
        domain = fields.Domain("unit_id", "=", unit.id) & self._domain_naming()
        gone = dict.fromkeys(self._naming(), False)
        return [(self.env._("referrals lose name, phone and wish"), domain, gone)]
