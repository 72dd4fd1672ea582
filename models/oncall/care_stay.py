from odoo import api, fields, models
from odoo.fields import Domain

from .care_check_visit_reach import OFF


class CareStay(models.Model):
    """A stay that begins in a unit with an on-call team orders the first visit by itself, and one that ends cancels."""

    _inherit = "care.stay"

    @api.model_create_multi
    def create(self, vals_list):
        stays = super().create(vals_list)
        stays._order_first_visits()
        return stays

    def write(self, vals):
        result = super().write(vals)
        if {"date_from", "date_to", "ended_at"} & vals.keys():
            self._order_first_visits(moved="date_from" in vals)
            if not self._is_moving():
                self.env["care.check.visit"]._cancel_unreachable(self._domain_visits())
        return result

    def unlink(self):
        files = self._domain_visits()
        result = super().unlink()
        self.env["care.check.visit"]._cancel_unreachable(files)
        return result

    def _domain_visits(self):
        return Domain("client_id", "in", self.client_id.ids) & Domain("unit_id", "in", self.unit_id.ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_cancel_first_visits(self):
        self._waiting_first_visits().action_cancel()

    def _order_first_visits(self, moved=True):
        """Order what is missing, and move what has moved; never twice, and never for a stay that is over.

        A stay that is written in late still gets its first visit, tonight; one that began longer ago is a file moved
        from elsewhere, whose client has met the team long ago. Whoever moves within the unit has been greeted, or is by
        the order that waits.
        """
        if self._is_moving():
            for stay in self.filtered("moved_from_id"):
                stay.moved_from_id._waiting_first_visits()._write_decided({"stay_id": stay.id})
            return
        # sudo: the order follows from the stay, whoever writes it; they need no right to order
        visits_sudo = self.env["care.check.visit"].sudo()
        today = fields.Date.context_today(self)
        waiting = self._waiting_first_visits().grouped("stay_id")
        done = visits_sudo.search([("stay_id", "in", self.ids), ("reason", "=", "first_visit")]).stay_id
        unreached = self.browse()
        # sudo: unit, company and teams make the order; nothing of them comes back to whoever writes the stay
        for stay in self.sudo():
            late = stay.date_from < today - self.env["care.rule"]._period("first_visit", stay.company_id)
            over = stay.ended_at or (stay.date_to and stay.date_to < today)
            if over:
                continue  # what waits of it is cancelled as every order is
            if late and moved:
                waiting.get(stay, visits_sudo).action_cancel()
            elif stay in waiting:
                if moved:
                    waiting[stay]._follow_stay(stay)
            elif (
                stay not in done
                and not late
                and not stay.moved_from_id
                and visits_sudo._order_first_visit(stay)
            ):
                unreached |= stay
        unreached._tell_not_ordered()

    def _tell_not_ordered(self):
        """The first visit of these would reach nobody: the unit's managers see to it themselves."""
        managers = self.unit_id._managers_now()
        self._sync_activities(
            OFF,
            {stay: managers[stay.unit_id] for stay in self},
            summary_of=lambda stay: stay.env._(
                "First visit not ordered, see to it yourselves: %(reference)s", reference=stay.display_name
            ),
            once=True,
        )

    def _after_reopened(self, reasons):
        """The team's orders come back, a first visit whose evening has passed for the next one."""
        super()._after_reopened(reasons)
        visits_sudo = self._returning_sudo("care.check.visit")
        ahead_sudo = visits_sudo.filtered(lambda visit: visit.window_end > fields.Datetime.now())
        ahead_sudo._return()
        passed_sudo = (visits_sudo - ahead_sudo).filtered(lambda visit: visit.reason == "first_visit")
        for stay_sudo in passed_sudo.stay_id:
            visits_sudo._order_first_visit(stay_sudo)

    def _waiting_first_visits(self):
        # sudo: orders that go or move with the stay; whoever writes that need not read them
        return (
            self.env["care.check.visit"]
            .sudo()
            .search([("stay_id", "in", self.ids), ("reason", "=", "first_visit"), ("state", "=", "ordered")])
        )
