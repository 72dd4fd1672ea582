from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.midnight import midnight

WAITING = Domain("state", "in", ("ordered", "acknowledged"))
REACH = {"oncall_unit_id", "window_start", "window_end"}
OFF = "social_care.mail_activity_check_visit_off"


class CareCheckVisit(models.Model):
    """An order reaches the crew on duty, or it is refused with the reason: no order waits that nobody can open.

    It reaches the crew when the client stays in the ordering unit for the whole of its time (``care_oncall_walled.py``)
    and a team that is in use, and open then, serves the unit. Of protected persons the on-call team is shown nothing,
    whatever the level: of them no visit is ordered here, and whoever tries, or moves such a person in, is told so.
    An order that waits when one of these ceases is cancelled, and whoever ordered it, else the unit's manager, is told.
    """

    _inherit = "care.check.visit"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_any_team(vals_list)
        visits = super().create(vals_list)
        if self._not_decided(REACH):
            visits._check_reachable()
        return visits

    def write(self, vals):
        result = super().write(vals)
        if REACH & set(self._not_decided(vals)):
            self._check_reachable()
        return result

    # ------------------------------------------------------------------
    # Refused
    # ------------------------------------------------------------------

    @api.model
    def _check_any_team(self, vals_list):
        default = self.env.context.get("default_unit_id")
        units = {vals.get("unit_id") or default for vals in vals_list if not vals.get("oncall_unit_id")}
        for unit in self.env["care.unit"].browse(filter(None, units)):
            if not unit.served_by_unit_ids:
                raise ValidationError(self._no_team_message(unit))

    @api.model
    def _no_team_message(self, unit):
        return self.env._(
            "No on-call team answers for %(unit)s. The unit's own staff make the visit; an administrator says which"
            " units a team serves.",
            unit=unit.name,
        )

    def _check_reachable(self):
        """Asked when the record's own rules have let the writer pass: the reason tells of a stay."""
        waiting = self.filtered(lambda visit: visit.state in ("ordered", "acknowledged"))
        for reason in waiting._why_unreachable().values():
            raise ValidationError(reason)

    def _why_unreachable(self):
        """Why no crew is shown the order, or none could go: ``{visit: a sentence}``, without those that are reached.

        For the model itself, or for whoever opens the client in the unit.
        """
        # sudo: whether it reaches a crew depends on what the orderer may not see; a sentence is all that comes back
        stays_sudo = (
            self.env["care.stay"]
            .sudo()
            .search_fetch(
                [
                    ("client_id", "in", self.client_id._origin.ids),
                    ("unit_id", "in", self.unit_id._origin.ids),
                ],
                ["client_id", "unit_id", "date_to", "opens_at", "ended_at"],
                order="date_from, id",
            )
        )
        by_file = stays_sudo.grouped(lambda stay: (stay.client_id.id, stay.unit_id.id))
        # sudo: as above
        pairs = [
            (visit, visit_sudo, by_file.get(visit_sudo._file(), stays_sudo[:0]))
            for visit, visit_sudo in zip(self, self.sudo(), strict=True)
        ]
        reasons = {
            visit: visit_sudo._why_protected()
            or visit_sudo._why_no_team()
            or visit_sudo._why_no_stay(mine_sudo)
            for visit, visit_sudo, mine_sudo in pairs
        }
        return {visit: reason for visit, reason in reasons.items() if reason}

    def _file(self):
        return self.client_id._origin.id, self.unit_id._origin.id

    def _why_protected(self):
        if self.client_id.protection_level == "none":
            return None
        return self.env._(
            "%(reference)s is a protected person, of whom the on-call team is shown nothing: the order would reach"
            " nobody. Let the unit's own staff make the visit, or talk with the unit's manager and the team's lead.",
            reference=self.client_id.reference,
        )

    def _why_no_team(self):
        team, unit = self.oncall_unit_id, self.unit_id
        if not team:
            return self._no_team_message(unit)
        if not team.active or team.kind != "on_call" or unit not in team.serves_unit_ids:
            return self.env._(
                "%(team)s does not answer for %(unit)s. Choose a team that serves the unit.",
                team=team.name,
                unit=unit.name,
            )
        if not self.env["care.oncall.coverage"]._opening_hours(team, self.window_start, self.window_end):
            return self.env._(
                "%(team)s is closed at that time. Choose a time when it is open.", team=team.name
            )
        return None

    def _why_no_stay(self, stays):
        """:param stays: all that the client has, and had, in the unit, the last one last"""
        timezone = self.company_id.care_tz or self.unit_id.company_id.care_tz
        open_ = [
            (stay.opens_at, stay.date_to and midnight(stay.date_to + timedelta(days=1), timezone))
            for stay in stays
            if not stay.ended_at
        ]
        begins = any(
            opens <= self.window_start and (not end or self.window_start < end) for opens, end in open_
        )
        ends = any(opens <= self.window_end and (not end or self.window_end <= end) for opens, end in open_)
        if begins and ends:
            return None
        words = {"reference": self.client_id.reference, "unit": self.unit_id.name}
        last = stays[-1:]
        if not last:
            return self.env._(
                "%(reference)s has no stay in %(unit)s. The on-call team is shown clients from the first day of their"
                " stay: enter the stay first.",
                **words,
            )
        if not last.ended_at and last.opens_at > self.window_start:
            return self.env._(
                "The stay of %(reference)s in %(unit)s begins on %(date)s. The on-call team is not shown the client"
                " before that day.",
                date=format_date(self.env, last.date_from),
                **words,
            )
        return self.env._(
            "The stay of %(reference)s in %(unit)s has its last day on %(date)s. The on-call team is not shown the"
            " client after that.",
            date=format_date(self.env, last.date_to),
            **words,
        )

    # ------------------------------------------------------------------
    # Cancelled
    # ------------------------------------------------------------------

    @api.model
    def _cancel_unreachable(self, domain):
        """Of the orders that wait, those that no crew is shown any more; whoever ordered is told, by reference."""
        # sudo: it follows from a stay, a unit or a protection, whoever changes those
        waiting_sudo = self.sudo().search(WAITING & domain)
        for company, visits_sudo in waiting_sudo.grouped("company_id").items():
            # the unit reads the reason, not whoever or whatever has changed the stay
            visits_sudo = visits_sudo.with_context(lang=company.partner_id.lang or self.env.lang)
            off_sudo = visits_sudo._why_unreachable()
            for visit_sudo, reason in off_sudo.items():
                visit_sudo._transition("cancelled", closed_at=fields.Datetime.now(), outcome=reason)
            if off_sudo:
                visits_sudo.browse(visit.id for visit in off_sudo)._tell_cancelled()

    def _tell_cancelled(self):
        """Whoever ordered it, and where that person has left the unit's manager."""
        managers = self.unit_id._managers_now()
        self._sync_activities(
            OFF,
            {visit: [*visit.ordered_by_id, *managers[visit.unit_id]] for visit in self},
            summary_of=lambda visit: visit.env._(
                "Ordered visit cancelled: %(reference)s, %(window)s",
                reference=visit.client_id.reference,
                window=visit._window_text(),
            ),
            once=True,
        )
