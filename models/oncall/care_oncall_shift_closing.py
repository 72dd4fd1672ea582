from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import frozen

# Whoever writes an event, or its staff, holds the shift's row for share; whoever closes the shift holds it for
# update (action_close). So no event slips in while its shift is being closed: the guard would not see it closed yet.
CLOSED_FUNCTION = """
CREATE OR REPLACE FUNCTION care_oncall_closed(shift integer) RETURNS boolean AS $$
BEGIN
    PERFORM 1 FROM care_oncall_shift WHERE id = shift FOR SHARE;
    RETURN EXISTS (SELECT 1 FROM care_oncall_shift WHERE id = shift AND state = 'closed');
END
$$ LANGUAGE plpgsql
"""


class CareOncallShift(models.Model):
    """Closing: each event done or handed on, then shift and events are fixed, in the ORM and in the database."""

    _inherit = "care.oncall.shift"

    # The check itself is made by the triggers; the constraint carries their message.
    _frozen = models.Constraint(
        "CHECK (TRUE)",
        "The shift is closed: it and its events are not changed any more. Write what came later in the open shift.",
    )

    def init(self):
        super().init()
        self.env.cr.execute(CLOSED_FUNCTION)
        frozen.mark(self.env.cr, "care_oncall_closed(integer)")

    def action_open_close(self):
        """Show what is undone, and ask why, before the shift is closed."""
        self.ensure_one()
        self._check_may_close()
        self._check_events_closed()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Shift"),
            "res_model": "care.oncall.shift.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_shift_id": self.id},
        }

    def _check_may_close(self):
        self.check_access("read")
        if not self._is_team_lead():
            raise AccessError(self.env._("The lead closes the shift. Finish your events and tell the lead."))
        self._check_transition("closed")

    def action_close(self, reason=None):
        """End the shift: nothing is left open, everything is fixed, and the report is made.

        One transaction: a server that dies in the middle leaves the shift open with everything.

        :param str reason: why ordered visits are not done
        :raise UserError: while an event is open, or a visit is not done and nothing says why; it names them
        """
        self.ensure_one()
        self._check_may_close()
        self.env.flush_all()
        self.env.cr.execute("SELECT 1 FROM care_oncall_shift WHERE id = %s FOR UPDATE", (self.id,))
        self._check_events_closed()
        self._close_undone(reason)
        self._close_shut_events()
        self._transition("closed", closed_at=fields.Datetime.now())
        return self.env.ref("social_care.care_oncall_shift_report_action").report_action(self)

    def _check_events_closed(self):
        if references := self._references_left_open():
            raise UserError(
                self.env._(
                    "These events are still open: %(events)s. Mark each as done, or hand it on to the next shift.",
                    events=", ".join(references),
                )
            )

    def _references_left_open(self):
        """Open events of the shift, those included that someone saved after this transaction began.

        The row lock keeps new ones out; what was saved just before it is visible to a fresh
        transaction alone.
        """
        # sudo: an event about a protected person is open too, though the lead may not see it
        events_sudo = self.env["care.oncall.event"].sudo()
        mine = events_sudo.search([("shift_id", "=", self.id)])
        shut = self._shut_events()
        open_ = {event.id: event.reference for event in mine - shut if event.state == "open"}
        with self.env.registry.cursor() as fresh:
            fresh.execute(
                "SELECT id, reference FROM care_oncall_event WHERE shift_id = %s AND state = 'open'",
                (self.id,),
            )
            open_ |= {id_: reference for id_, reference in fresh.fetchall() if id_ not in set(mine.ids)}
        return sorted(open_.values())

    def _shut_events(self):
        """The open events, as superuser, that neither the crew nor whoever closes can open any more.

        The client has been protected since, or each of them is locked out.
        """
        # sudo: whether there are such events, though they are shut to whoever closes
        open_sudo = (
            self.env["care.oncall.event"].sudo().search([("shift_id", "=", self.id), ("state", "=", "open")])
        )
        # sudo: the crew's logins, by which their rights are asked for
        for user_sudo in self.env.user.sudo() | self.sudo().employee_ids.user_id:
            theirs = open_sudo.with_user(user_sudo.id).with_context(
                allowed_company_ids=user_sudo.company_ids.ids
            )
            open_sudo -= theirs._filtered_access("write")
        return open_sudo

    def _close_shut_events(self):
        """As they are: else the shift would stay open for ever, and its crew could not begin the next one."""
        events_sudo = self._shut_events()
        waiting_sudo = events_sudo.visit_ids.filtered(
            lambda visit: visit.state in ("ordered", "acknowledged")
        )
        waiting_sudo._write_decided({"event_id": False})  # it goes on, and is not done with the event
        events_sudo._transition("done")
