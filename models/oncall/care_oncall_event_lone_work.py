from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CareOncallEvent(models.Model):
    """Someone alone on site says when he or she will be heard of; if not, crew and lead are alerted until one answers."""

    _inherit = "care.oncall.event"

    check_in_at = fields.Datetime("Check in by", copy=False, frozen=False)
    check_in_answered_id = fields.Many2one(
        "res.users", "Answered by", readonly=True, copy=False, by_verb=True, frozen=False
    )
    check_in_answered_at = fields.Datetime("Answered", readonly=True, copy=False, by_verb=True, frozen=False)
    alarm_count = fields.Integer("Alarms", readonly=True, copy=False, by_verb=True, frozen=False)
    is_overdue = fields.Boolean("No Answer", compute="_compute_is_overdue", search="_search_is_overdue")

    _check_in_idx = models.Index("(check_in_at) WHERE check_in_at IS NOT NULL")

    @api.depends("check_in_at", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for event in self:
            event.is_overdue = bool(event.check_in_at and event.check_in_at <= now and event.state == "open")

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in" or len(value) != 1:
            return NotImplemented
        overdue = Domain("check_in_at", "<=", "now") & Domain("state", "=", "open")
        return overdue if next(iter(value)) else ~overdue

    def action_check_in(self):
        """All is well; the next sign of life is due in so many minutes (context key ``minutes``, 30)."""
        minutes = int(self.env.context.get("minutes", 30))
        if not 1 <= minutes <= 240:
            raise UserError(self.env._("Check in within four hours."))
        self._answer(fields.Datetime.now() + timedelta(minutes=minutes))

    def action_all_well(self):
        """Someone has heard from the one on site: the alarm stops."""
        self._answer(False)

    def _answer(self, next_at):
        for event in self:
            if event.state != "open":
                raise UserError(self.env._("The event is closed; nobody is on site any more."))
        now = fields.Datetime.now()
        self._write_decided(
            {"check_in_at": next_at, "check_in_answered_id": self.env.uid, "check_in_answered_at": now}
        )
        self._silence()

    def _stamp(self, name):
        """Whoever has left the place needs no check-in."""
        result = super()._stamp(name)
        if name == "left_at":
            self.filtered("check_in_at")._write_decided({"check_in_at": False})
            self._silence()
        return result

    def _after_transition(self, before):
        super()._after_transition(before)
        if waiting := self.filtered(lambda event: event.check_in_at and event.state != "open"):
            waiting._write_decided({"check_in_at": False})
            waiting._silence()

    @api.model
    def _cron_alarm(self):
        """Every minute, until someone answers: a message on the screens of the crew and the lead."""
        overdue = self.search(Domain("is_overdue", "=", True), order="id")
        self.env["ir.cron"]._care_batches(overdue, lambda event: event._alarm())

    def _alarm(self):
        self.ensure_one()
        if not self.try_lock_for_update() or not self.is_overdue:
            return
        self._write_decided({"alarm_count": self.alarm_count + 1})
        for user in self._whom_to_alarm():
            env = self.with_context(lang=user.lang).env
            user.partner_id._bus_send(
                "care_oncall_alarm",
                {
                    "id": self.id,
                    "title": env._("No answer from the one on site"),
                    "message": env._(
                        "%(reference)s: call now, then press “Heard from”.", reference=self.reference
                    ),
                },
            )

    def _silence(self):
        """One has answered: the alarm goes from every screen."""
        for event in self.filtered("alarm_count"):
            for user in event._whom_to_alarm():
                user.partner_id._bus_send("care_oncall_alarm_over", {"id": event.id})

    def _whom_to_alarm(self):
        # sudo: care staff read no employees; whom to alarm follows from the shift, whoever has answered
        shift_sudo = self.shift_id.sudo()
        on_duty_sudo = shift_sudo.employee_ids.user_id | shift_sudo.lead_id.user_id
        return (on_duty_sudo | self.unit_id._oncall_leads()).filtered("active")
