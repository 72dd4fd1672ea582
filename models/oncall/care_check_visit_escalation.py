from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain

from .care_check_visit_reach import OFF, WAITING

BATCH = 100
# Two causes, so two types: who has been told of the one is told of the other.
ORDER_LATE = "social_care.mail_activity_check_visit"
END_LATE = "social_care.mail_activity_check_visit_end"


class CareCheckVisit(models.Model):
    """An order that nobody takes on, or nobody carries out, goes to the lead and then to the unit's manager.

    It is late when nobody has acknowledged it as its time begins, but not before the crew had half an hour to read it,
    and when its time is over and it is not done. No order is late as it is made.
    """

    _inherit = "care.check.visit"

    acknowledge_by = fields.Datetime(compute="_compute_acknowledge_by", store=True, precompute=True)
    lead_told_of_order_at = fields.Datetime(readonly=True, copy=False, by_verb=True)
    manager_told_of_order_at = fields.Datetime(readonly=True, copy=False, by_verb=True)
    lead_told_of_end_at = fields.Datetime(readonly=True, copy=False, by_verb=True)
    manager_told_of_end_at = fields.Datetime(readonly=True, copy=False, by_verb=True)
    lead_activity_ids = fields.Many2many(
        "mail.activity",
        "care_check_visit_lead_activity",
        "visit_id",
        "activity_id",
        copy=False,
        groups=NO_ACCESS,  # Odoo would search all activities there are to find whose these are
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")

    @api.depends("window_start", "window_end")
    def _compute_acknowledge_by(self):
        """Seen from when the time is chosen, and then kept."""
        now, rule = fields.Datetime.now(), self.env["care.rule"]
        for visit in self:
            read = now + rule._period("order_read", visit.company_id)
            start, end = visit.window_start, visit.window_end
            visit.acknowledge_by = start and end and min(max(start, read), end)

    @api.depends("state", "acknowledge_by", "window_end")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for visit in self:
            due = {"ordered": visit.acknowledge_by, "acknowledged": visit.window_end}.get(visit.state)
            visit.is_late = bool(visit._origin and due and due <= now)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in" or len(value) != 1:
            return NotImplemented
        unread = Domain("state", "=", "ordered") & Domain("acknowledge_by", "<=", "now")
        undone = WAITING & Domain("window_end", "<=", "now")
        return unread | undone if next(iter(value)) else ~(unread | undone)

    @api.model
    def _cron_escalate(self):
        """Tell the lead, and some time later the manager; each step once. Nobody is told of what nobody can open."""
        if not self.env["ir.cron"]._care_batches(
            self.search(WAITING, order="id"),
            lambda visits: self._cancel_unreachable(Domain("id", "in", visits.ids)),
            BATCH,
        ):
            return
        self._hand_on_reminders()
        now = fields.Datetime.now()
        unread = Domain("state", "=", "ordered")
        steps = {
            "lead_told_of_order_at": unread & Domain("acknowledge_by", "<=", now),
            "manager_told_of_order_at": unread & self._domain_out_of_patience("acknowledge_by", now),
            "lead_told_of_end_at": WAITING & Domain("window_end", "<=", now),
            "manager_told_of_end_at": WAITING & self._domain_out_of_patience("window_end", now),
        }
        for step, domain in steps.items():
            late = self.search(domain, order="id")
            if not self.env["ir.cron"]._care_batches(
                late, lambda visits, step=step: visits._escalate(step), BATCH
            ):
                return

    @api.model
    def _domain_out_of_patience(self, name, now):
        """Each company has its own."""
        rule = self.env["care.rule"]
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(name, "<=", now - rule._period("order_patience", company))
            for (company,) in self._read_group(WAITING, ["company_id"])
        )

    @api.model
    def _hand_on_reminders(self):
        """Where somebody told has left, the next in charge is."""
        self.search(WAITING & Domain("window_end", ">", fields.Datetime.now()))._sync_unmanned()
        if off := self._reminded(OFF):
            off._tell_cancelled()
        if stays := self.env["care.stay"]._reminded(OFF):
            stays._tell_not_ordered()

    def _escalate(self, step):
        """The manager's activity hangs on the order, with the client's reference.

        The lead reads no order outside a shift: that one hangs on the team, where others read it, and says when.
        """
        visits = self.try_lock_for_update().filtered(lambda visit: visit.state in ("ordered", "acknowledged"))
        if new := visits.filtered(lambda visit: not visit[step]):
            new._write_decided({step: fields.Datetime.now()})
        type_ = ORDER_LATE if step.endswith("order_at") else END_LATE
        if step.startswith("manager"):
            users = visits.unit_id._managers_now()
            users_of = {visit: users[visit.unit_id] for visit in visits}
            self._sync_activities(
                type_,
                users_of,
                None,
                lambda visit: visit._late_summary(step, visit.client_id.reference),
                once=True,
            )
            return
        users = visits.oncall_unit_id._leads_now()
        visits._sync_on_team(
            type_,
            {visit: users[visit.oncall_unit_id] for visit in visits},
            lambda visit: visit._late_summary(step, visit._window_text()),
        )

    def _window_text(self):
        local = self.with_context(tz=self.company_id.care_tz)
        start, end = (
            fields.Datetime.context_timestamp(local, moment)
            for moment in (self.window_start, self.window_end)
        )
        return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"

    def _late_summary(self, step, visit):
        if step.endswith("order_at"):
            return self.env._("Ordered visit not acknowledged: %(visit)s", visit=visit)
        return self.env._("Ordered visit not done in time: %(visit)s", visit=visit)

    def _follow_stay(self, stay):
        """The day of moving in has changed, and with it the evening of the first visit."""
        for visit in self:
            start, end = self._first_visit_window(stay)
            if visit.window_end != end:
                visit._write_decided({"window_start": start, "window_end": end})
