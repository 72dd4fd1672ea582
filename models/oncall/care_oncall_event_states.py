from odoo import fields, models
from odoo.exceptions import UserError


class CareOncallEvent(models.Model):
    """The buttons of an event: the clocks, done, handed on, opened by mistake."""

    _inherit = "care.oncall.event"

    def action_depart(self):
        return self._stamp("departed_at")

    def action_arrive(self):
        return self._stamp("arrived_at")

    def action_leave(self):
        return self._stamp("left_at")

    def _stamp(self, name):
        """One tap: the time is now."""
        self.check_access("write")
        for event in self:
            if event[name]:
                raise UserError(
                    self.env._("The time is noted already. Correct it in the field if it is wrong.")
                )
        self._write_decided(
            {name: fields.Datetime.now(), **({"kind": "callout"} if self._becomes_callout(name) else {})}
        )

    def _becomes_callout(self, name):
        """Whoever drives off from a phone call is on a call-out."""
        return name == "departed_at" and set(self.mapped("kind")) == {"phone_support"}

    def action_done(self):
        """What there is to say is said."""
        self.check_access("write")
        for event in self:
            if not event.reason:
                raise UserError(self.env._("Choose the reason first: it is what the night is counted by."))
        mine = ("done", self.env.user)  # a tap that is sent twice is one
        self.filtered(lambda event: (event.state, event.write_uid) != mine)._transition("done")
        return self._action_back()

    def action_hand_on(self):
        """The next shift goes on with it: it is told what happened, and confirms that it has read it."""
        self._transition("handed_on")
        return self._action_back()

    def action_reopen(self):
        self._transition("open")

    def action_discard(self):
        """Opened by mistake: an event with nothing in it leaves no trace."""
        for event in self:
            event.check_access("write")
            event._check_may_write(event.shift_id)
            if event.state != "open" or event._is_begun():
                raise UserError(self.env._("Something is written here already. Mark it as done instead."))
        action = self._action_back()
        # sudo: nobody deletes events; an empty one may go, and was found to be empty above
        self.sudo().unlink()
        return action

    def _is_begun(self):
        names = (
            "client_id",
            "caller_phone",
            "caller_name",
            "description",
            "action_taken",
            "departed_at",
            "arrived_at",
        )
        # sudo: a visit may be shut to the writer; that one hangs on the event is all that comes back
        return any(self[name] for name in names) or bool(self.sudo().visit_ids)

    def _after_transition(self, before):
        """Ordered visits are done with their event; what is handed on reaches the next shift."""
        super()._after_transition(before)
        done = self.filtered(lambda event: event.state == "done")
        for visit in done.visit_ids.filtered(lambda visit: visit.state in ("ordered", "acknowledged")):
            visit.action_done(visit.event_id.visit_outcome)
        for event in self.filtered(lambda event: event.state == "handed_on"):
            event._send_handover(event.unit_id, event._handover_text())

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.reference,
            "res_model": "care.oncall.event",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("social_care.care_oncall_event_view_form").id, "form")],
            "target": "current",
        }

    def action_open_form(self):
        self.check_access("read")
        return self._action_form()

    def _action_back(self):
        """Back to the shift, where the next thing waits."""
        return self.shift_id[:1]._action_form() if self.shift_id else True
