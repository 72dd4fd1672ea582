from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CareCheckVisit(models.Model):
    """From the order to the outcome: the crew acknowledges, goes there, and tells whoever ordered."""

    _inherit = "care.check.visit"

    def action_acknowledge(self):
        """The crew has read the order and takes it on."""
        for visit in self:
            visit._check_team()
            if (visit.state, visit.acknowledged_by_id) == ("acknowledged", self.env.user):
                continue  # a tap that is sent twice is one
            now = fields.Datetime.now()
            visit._by_team("acknowledged", acknowledged_by_id=self.env.uid, acknowledged_at=now)

    def action_start(self):
        """Write the event of the visit; the client is on it from the beginning.

        :return: the action that opens the event
        """
        self.ensure_one()
        self._check_team()
        if self.state not in ("ordered", "acknowledged"):
            raise UserError(self.env._("This visit is closed already."))
        if self.event_id.shift_state == "open":
            return self.event_id._action_form()
        shift = self.env["care.oncall.shift"]._mine_now()
        action = shift.action_new_event(
            {
                "client_id": self.client_id.id,
                "dwelling_id": self.card_id.dwelling_id.id,
                "caller_kind": "staff",
                "channel": "visit",
                "kind": "first_visit" if self.reason == "first_visit" else "check_visit",
                "reason": "other",
            }
        )
        if self.state == "ordered":
            self.action_acknowledge()
        # sudo: the crew writes no order; _check_team has asked who it is, and the event is its own
        self.sudo()._write_decided({"event_id": action["res_id"]})
        return action

    def action_done(self, outcome=None):
        """The visit was made; the event tells how.

        :param str outcome: what the one who ordered should know; the event itself stays in the log
        """
        for visit in self:
            visit._check_team()
            if not visit.event_id:
                raise UserError(self.env._("Start the visit first, so that the log tells what happened."))
            visit._by_team("done", outcome=outcome or visit.outcome, closed_at=fields.Datetime.now())

    def action_not_done(self, outcome=None):
        """The visit was not made; whoever ordered is told why.

        :param str outcome: why
        """
        for visit in self:
            visit._check_team()
            if not (outcome or visit.outcome):
                raise UserError(
                    self.env._("Say why the visit was not made, so that whoever ordered it knows.")
                )
            visit._by_team("not_done", outcome=outcome or visit.outcome, closed_at=fields.Datetime.now())

    def action_cancel(self):
        """The unit does not need the visit any more."""
        self._transition("cancelled", closed_at=fields.Datetime.now())

    def action_open_outcome(self):
        """Ask what became of the visit."""
        self.ensure_one()
        self._check_team()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Visit"),
            "res_model": "care.check.visit.outcome",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def _check_team(self):
        """Verbs of the crew: the order is open to them by their shift, and not by an emergency access."""
        self.ensure_one()
        self._check_lasting()
        if not self.env.su and self.oncall_unit_id not in self.env["care.oncall.shift"]._mine_now().unit_id:
            raise AccessError(self.env._("The crew on duty answers for this visit. Open your shift first."))

    def _by_team(self, state, **vals):
        # sudo: the crew writes no order; the verbs have asked who it is
        self.sudo()._transition(state, **vals)

    def _after_transition(self, before):
        super()._after_transition(before)
        # sudo: the reminders are the lead's and the managers' own; nothing waits any more
        (self.sudo().activity_ids | self.sudo().lead_activity_ids).unlink()
        self.filtered(lambda visit: visit.state in ("done", "not_done"))._tell_who_ordered()

    def _tell_who_ordered(self):
        """A message on the screen of whoever ordered: the reference, no content."""
        for visit in self:
            user = visit.ordered_by_id
            if user and user != self.env.user and user.active:
                visit = visit.with_context(lang=user.lang)
                labels = dict(visit._fields["state"]._description_selection(visit.env))
                user.partner_id._bus_send(
                    "simple_notification",
                    {
                        "title": visit.env._("Ordered visit"),
                        "message": f"{visit.client_id.reference}: {labels[visit.state]}",
                        "type": "success" if visit.state == "done" else "warning",
                        "sticky": True,
                    },
                )
