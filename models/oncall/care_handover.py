from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

BATCH = 100
# Unread so long it is late: the unit's managers are reminded.


class CareHandover(models.Model):
    """What of an event was chosen for a unit to know: all that day staff ever read of the log.

    A handover to the on-call team itself is an event that the next shift goes on with.
    """

    _name = "care.handover"
    _description = "Handover"
    _inherit = ["care.activity.mixin", "care.walled", "care.oncall.team"]
    _order = "sent_at desc, id desc"
    _wall_teams = ("unit_id", "from_unit_id")
    _transitions = {"sent": {"read"}}
    _made_by_verb = True

    reference = fields.Char(compute="_compute_reference", compute_sudo=True, store=True)
    event_id = fields.Many2one(
        "care.oncall.event",
        index=True,
        readonly=True,
        ondelete="set null",
        help="Empty once the log has been deleted by a retention run.",
    )
    from_unit_id = fields.Many2one("care.unit", "From", required=True, index=True, readonly=True)
    unit_id = fields.Many2one("care.unit", "To", required=True, index=True, readonly=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    client_id = fields.Many2one("care.client", index="btree_not_null", readonly=True, ondelete="restrict")
    client_name = fields.Char("Name", compute="_compute_client_name")
    body = fields.Text("What Happened", required=True, readonly=True)
    state = fields.Selection(
        [("sent", "Unread"), ("read", "Read")], required=True, default="sent", readonly=True, copy=False
    )
    sent_by_id = fields.Many2one("res.users", "Sent by", readonly=True, default=lambda self: self.env.user)
    sent_at = fields.Datetime("Sent", required=True, readonly=True, default=fields.Datetime.now)
    read_by_id = fields.Many2one("res.users", "Read by", readonly=True, copy=False)
    read_at = fields.Datetime("Read", readonly=True, copy=False)
    reminded_at = fields.Datetime(readonly=True, copy=False)
    hours_unread = fields.Integer(compute="_compute_hours_unread")

    _unread_idx = models.Index("(unit_id, sent_at) WHERE state = 'sent'")

    @api.depends("event_id")
    def _compute_reference(self):
        """The event's, which carries nothing; it stays when the event is gone."""
        for handover in self:
            handover.reference = handover.event_id.reference or handover.reference

    @api.depends("reference")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = handover.reference

    @api.depends_context("uid")
    def _compute_client_name(self):
        """Day staff by the client's file, the crew by the card; nobody by sudo."""
        files = self.client_id._filtered_access("read")
        cards = self.env["care.client.card"]
        if cards.has_access("read"):
            cards = cards.search([("client_id", "in", (self.client_id - files).ids)])
        by_client = cards.grouped("client_id")
        for handover in self:
            client = handover.client_id
            if client and client in files:
                handover.client_name = client.listed_name
            else:
                # sudo: the reference names nobody; it stands for a client whose file and card are shut
                handover.client_name = (
                    by_client.get(client, cards.browse())[:1].name or client.sudo().reference
                )

    @api.depends("sent_at", "read_at")
    def _compute_hours_unread(self):
        now = fields.Datetime.now()
        for handover in self:
            age = (handover.read_at or now) - (handover.sent_at or now)
            handover.hours_unread = int(age.total_seconds() // 3600)

    @api.model
    def _guard_message(self, operation):
        """Handovers come from the log and from nowhere else."""
        if operation == "create":
            return self.env._("A handover is sent from an event in the on-call log.")
        if operation == "unlink":
            return self.env._("What a unit was told stays with the unit. A handover is not deleted.")
        return self.env._("What was handed over stays as it was sent. Send another one from the event.")

    def _sent_text(self):
        """Which one it is, and since when: no content."""
        sent = fields.Datetime.context_timestamp(self.with_context(tz=self.company_id.care_tz), self.sent_at)
        return f"{self.display_name} · {sent:%Y-%m-%d %H:%M}"

    def _listed_for_retention(self):
        """What one crew handed on to the next goes with its event; what a unit was told stays."""
        within = self.filtered(lambda handover: handover.unit_id == handover.from_unit_id)
        listed = within.event_id._listed_for_retention()
        return within.filtered(lambda handover: handover.event_id in listed)

    def action_read(self):
        """Someone of the receiving unit has read it, and the sender can see who."""
        for handover in self:
            handover._check_lasting()
            if handover.state == "read" and handover.read_by_id == self.env.user:
                continue  # a tap that is sent twice is one
            if handover.state == "read":
                # sudo: the colleague's name alone, whichever company the login is of
                raise UserError(
                    self.env._(
                        "%(name)s has confirmed this handover already.",
                        name=handover.read_by_id.sudo().care_name,
                    )
                )
            if not handover._is_receiver():
                raise UserError(self.env._("Only the unit that the handover was sent to confirms it."))
            # sudo: nobody writes a handover, the verb alone does
            handover.sudo()._transition("read", read_by_id=self.env.uid, read_at=fields.Datetime.now())

    def _after_transition(self, before):
        super()._after_transition(before)
        self.activity_ids.unlink()

    def _is_receiver(self):
        return self.env.su or bool(self.unit_id._mine_now())

    @api.model
    def _cron_remind(self):
        """Unread for too long: the receiving unit's managers are reminded, once."""
        now, rule, sent = fields.Datetime.now(), self.env["care.rule"], Domain("state", "=", "sent")
        late = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("sent_at", "<=", now - rule._period("handover_late", company))
            for (company,) in self._read_group(sent, ["company_id"])
        )
        unread = self.search(sent & late, order="id")
        self.env["ir.cron"]._care_batches(unread, lambda handovers: handovers._remind(), BATCH)

    def _remind(self):
        unread = self.try_lock_for_update().filtered(lambda handover: handover.state == "sent")
        if new := unread.filtered(lambda handover: not handover.reminded_at):
            new._write_decided({"reminded_at": fields.Datetime.now()})
        leads = unread.unit_id._leads_now()
        self._sync_activities(
            "social_care.mail_activity_handover",
            {handover: leads[handover.unit_id] for handover in unread},
            summary_of=lambda handover: handover.env._(
                "Unread handover %(reference)s", reference=handover.display_name
            ),
            once=True,
        )
