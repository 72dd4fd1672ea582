from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .care_check_visit_reach import WAITING


class CareOncallShift(models.Model):
    """What a shift leaves undone: said when it is closed, in its log and report, and handed to whoever goes on.

    An ordered visit whose time had begun and that nobody made becomes an event of the log, with the reason. Where
    another shift is on duty while there is time left it goes on to that one, whose crew confirms that it has read so;
    else it is not done, and the day staff of the unit that ordered it get a handover. A handover that this crew has not
    read waits for the next one.
    """

    _inherit = "care.oncall.shift"

    def _undone_visits(self):
        """The orders, as superuser, that the shift should have carried out; not those that a colleague is at now."""
        self.ensure_one()
        # sudo: the lead reads no order outside the crew; the callers show what the lead may be shown
        visits_sudo = self.env["care.check.visit"].sudo()
        begun = visits_sudo.search(
            WAITING
            & Domain("oncall_unit_id", "=", self.unit_id.id)
            & Domain("window_start", "<", min(fields.Datetime.now(), self.date_end)),
        )
        return begun.filtered(lambda visit: visit.event_id.state != "open" or visit.event_id.shift_id == self)

    def _goes_on_to(self, visits_sudo):
        """The shift that goes on with each of them; none where the visit is not made: ``{visit: shift}``."""
        now = fields.Datetime.now()
        # sudo: the team's own roster, whoever closes
        others = self.sudo().search(
            Domain("unit_id", "=", self.unit_id.id)
            & Domain("id", "!=", self.id)
            & Domain("state", "!=", "closed")
            & Domain("employee_ids", "!=", False)
            & Domain("date_end", ">", now),
            order="date_start",
        )
        return {
            visit: others.filtered(
                lambda shift, visit=visit: (
                    visit.window_end > max(now, shift.date_start)
                    or (shift.state == "open" and shift.date_start <= now)
                )
            )[:1]
            for visit in visits_sudo
        }

    def _unread_handovers(self, until=None):
        """What was handed over to the crew before it closed, and not by itself, and that it had not read then.

        From rows that nobody changes, so that the report says the same for as long as they are kept.
        """
        self.ensure_one()
        until = until or fields.Datetime.now()
        handovers = self.env["care.handover"].search(
            Domain("unit_id", "=", self.unit_id.id)
            & Domain("sent_at", "<=", until)
            & (Domain("read_at", "=", False) | Domain("read_at", ">", until)),
            order="sent_at, id",
        )
        # sudo: of which shift the event is says which crew handed it over, and nothing else
        return handovers.filtered(lambda handover: handover.sudo().event_id.shift_id != self)

    def _undone_lines(self, visits_sudo):
        """One line an order, for whoever closes: reference and flat as that person may be shown them, when, how it stands.

        The reference stands in the team's log as well, but for whoever is locked out.
        """
        open_ = visits_sudo.search(
            [("id", "in", visits_sudo.ids), ("locked_out", "=", False), ("shielded", "=", False)]
        )
        mine = self.env["care.check.visit"].browse(visits_sudo.ids)._filtered_access("read")
        flats = {visit.id: visit.dwelling_name for visit in mine}
        labels = dict(visits_sudo._fields["state"]._description_selection(self.env))
        return [
            " · ".join(
                filter(
                    None,
                    [
                        visit.client_id.reference if visit in open_ else self.env._("Not shown to you"),
                        flats.get(visit.id),
                        visit._window_text(),
                        labels[visit.state],
                        self._goes_to_text(visit, shift),
                    ],
                )
            )
            for visit, shift in self._goes_on_to(visits_sudo).items()
        ]

    def _goes_to_text(self, visit, shift):
        if shift:
            return self.env._("goes on to the shift %s", shift._times())
        return self.env._("not done, %s is told", visit.unit_id.name)

    def _close_undone(self, reason):
        """Write each of them into the log, and hand it to the next shift or to the day staff.

        :raise UserError: without a reason; it names them
        """
        visits_sudo = self._undone_visits()
        if not visits_sudo:
            return
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(
                self.env._(
                    "These ordered visits are not done:\n%(visits)s\n\nSay why: the log, the next shift and the unit that"
                    " ordered them are told.",
                    visits="\n".join(self._undone_lines(visits_sudo)),
                )
            )
        now = fields.Datetime.now()
        for visit, shift in self._goes_on_to(visits_sudo).items():
            text = self.env._(
                "Ordered visit %(window)s not done: %(reason)s", window=visit._window_text(), reason=reason
            )
            event = visit._undone_event(self, text)
            if shift:
                event._transition("handed_on")
                continue
            visit._transition(
                "not_done", outcome=reason, closed_at=now, event_id=(visit.event_id or event).id
            )
            event._send_handover(visit.unit_id, text)
            event._transition("done")


class CareCheckVisit(models.Model):
    _inherit = "care.check.visit"

    def _undone_event(self, shift, text):
        """:return: the event, as superuser, by which the log tells that the visit was not made"""
        self.ensure_one()
        # sudo: it is about a client whose card is shut to the lead outside the crew; the order says who
        events_sudo = self.env["care.oncall.event"].sudo()
        vals = {
            "shift_id": shift.id,
            "unit_id": shift.unit_id.id,
            "client_id": self.client_id.id,
            "received_at": max(self.window_start, shift.date_start),
            "channel": "own",
            "kind": "other",
            "reason": "other",
            "description": text,
            "is_undone_visit": True,
        }
        if not events_sudo.new(vals).client_unit_id:
            vals["client_id"] = False  # moved out since; the log names whom the team answers for
        return events_sudo._create_decided([vals])
