from odoo import api, fields, models


class CareStay(models.Model):
    """A stay that begins in a unit with an on-call team orders the first visit by itself."""

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
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_cancel_first_visits(self):
        self._waiting_first_visits().action_cancel()

    def _order_first_visits(self, moved=True):
        """Order what is missing, and move what has moved; never twice, and never for a stay that is over.

        A stay that is written in late still gets its first visit, tonight; one that began longer ago is a file moved
        from elsewhere, whose client has met the team long ago.
        """
        # sudo: the order follows from the stay, whoever writes it; they need no right to order
        visits_sudo = self.env["care.check.visit"].sudo()
        today = fields.Date.context_today(self)
        waiting = self._waiting_first_visits().grouped("stay_id")
        done = visits_sudo.search([("stay_id", "in", self.ids), ("reason", "=", "first_visit")]).stay_id
        # sudo: unit, company and teams make the order; nothing of them comes back to whoever writes the stay
        for stay in self.sudo():
            late = stay.date_from < today - self.env["care.rule"]._period("first_visit", stay.company_id)
            over = stay.ended_at or (stay.date_to and stay.date_to < today)
            if over or (late and moved):
                waiting.get(stay, visits_sudo).action_cancel()
            elif stay in waiting:
                if moved:
                    waiting[stay]._follow_stay(stay)
            elif stay not in done and not late:
                visits_sudo._order_first_visit(stay)

    def _waiting_first_visits(self):
        # sudo: orders that go or move with the stay; whoever writes that need not read them
        return (
            self.env["care.check.visit"]
            .sudo()
            .search([("stay_id", "in", self.ids), ("reason", "=", "first_visit"), ("state", "=", "ordered")])
        )
