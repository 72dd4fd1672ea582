import logging
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import NO_ACCESS, Domain

from ...tools.attached import by_app

_logger = logging.getLogger(__name__)

WAITING = Domain("state", "in", ("ordered", "acknowledged"))


class CareCheckVisit(models.Model):
    """An order that nobody takes on, or nobody carries out, goes to the lead and then to the unit's manager."""

    _inherit = "care.check.visit"

    lead_told_of_order_at = fields.Datetime(readonly=True, copy=False)
    manager_told_of_order_at = fields.Datetime(readonly=True, copy=False)
    lead_told_of_end_at = fields.Datetime(readonly=True, copy=False)
    manager_told_of_end_at = fields.Datetime(readonly=True, copy=False)
    lead_activity_ids = fields.Many2many(
        "mail.activity",
        "care_check_visit_lead_activity",
        "visit_id",
        "activity_id",
        copy=False,
        groups=NO_ACCESS,  # Odoo would search all activities there are to find whose these are
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")

    @api.depends("state", "window_start", "window_end")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for visit in self:
            visit.is_late = (visit.state == "ordered" and visit.window_start <= now) or (
                visit.state == "acknowledged" and visit.window_end <= now
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in" or len(value) != 1:
            return NotImplemented
        unread = Domain("state", "=", "ordered") & Domain("window_start", "<=", "now")
        undone = WAITING & Domain("window_end", "<=", "now")
        return unread | undone if next(iter(value)) else ~(unread | undone)

    @api.model
    def _cron_escalate(self):
        """Tell the lead, and half an hour later the manager; each step once."""
        now = fields.Datetime.now()
        patience = now - timedelta(minutes=30)
        steps = [
            ("lead_told_of_order_at", Domain("state", "=", "ordered") & Domain("window_start", "<=", now)),
            (
                "manager_told_of_order_at",
                Domain("state", "=", "ordered") & Domain("window_start", "<=", patience),
            ),
            ("lead_told_of_end_at", WAITING & Domain("window_end", "<=", now)),
            ("manager_told_of_end_at", WAITING & Domain("window_end", "<=", patience)),
        ]
        late = [(step, self.search(Domain(step, "=", False) & domain, order="id")) for step, domain in steps]
        remaining = sum(len(visits) for _step, visits in late)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for step, visits in late:
            for visit in visits:
                try:
                    visit._escalate(step)
                except Exception:
                    self.env.cr.rollback()
                    _logger.exception("Visit %s could not be escalated", visit.id)
                if not self.env["ir.cron"]._commit_progress(1):
                    return

    def _escalate(self, step):
        """The manager's activity hangs on the order, with the client's reference.

        The lead reads no order outside a shift: that one hangs on the team, where others read it, and says when.
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self[step] or self.state not in ("ordered", "acknowledged"):
            return
        self._move({step: fields.Datetime.now()})
        if step.startswith("lead"):
            record, users = self.oncall_unit_id, self.oncall_unit_id._oncall_leads()
        else:
            record, users = self, self.unit_id._users_now("manager")
        for user in users:
            with by_app():
                activity = record.activity_schedule(
                    "social_care.mail_activity_check_visit",
                    summary=self._escalation_summary(step, user.lang, is_inside=record == self),
                    user_id=user.id,
                )
            if record != self:
                self._move({"lead_activity_ids": [Command.link(activity.id)]})

    def _escalation_summary(self, step, lang, is_inside):
        env = self.with_context(lang=lang).env
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=self.company_id.care_tz), self.window_start
        )
        visit = self.client_id.reference if is_inside else f"{local:%Y-%m-%d %H:%M}"
        if step.endswith("order_at"):
            return env._("Ordered visit not acknowledged: %(visit)s", visit=visit)
        return env._("Ordered visit not done in time: %(visit)s", visit=visit)

    def _to_cancelled(self):
        for visit in self:
            visit._to("cancelled", closed_at=fields.Datetime.now())

    def _follow_stay(self, stay):
        """The day of moving in has changed, and with it the evening of the first visit."""
        for visit in self:
            start, end = self._first_visit_window(stay)
            if visit.window_start != start:
                visit.write({"window_start": start, "window_end": end})
