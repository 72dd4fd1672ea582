from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CarePlan(models.Model):
    """How a plan ends with no new one in its place: by a decision of the unit, or with the client's stay.

    A plan that ended with a stay comes back when the end of the stay is taken back in time. Otherwise an
    ended plan never does: when the client stays on after all, the next version is written from it and agreed
    anew.
    """

    _name = "care.plan"
    _inherit = ["care.plan", "care.returning"]
    _returns = {"ended": {"active"}}

    may_continue = fields.Boolean(
        compute="_compute_may_continue", help="The client stays here again, and no later version is open."
    )

    @api.depends("state", "client_id", "unit_id")
    def _compute_may_continue(self):
        ended = self.filtered(lambda plan: plan.state == "ended")
        later = self.env["care.plan"].search_fetch(
            Domain("client_id", "in", ended.client_id.ids)
            & Domain("state", "in", ["draft", "proposed", "active"]),
            ["client_id", "unit_id"],
        )
        taken = {(plan.client_id, plan.unit_id) for plan in later}
        over = ended._filtered_stay_over()
        for plan in self:
            plan.may_continue = plan in ended - over and (plan.client_id, plan.unit_id) not in taken

    def _filtered_stay_over(self):
        """The plans whose client has stayed in the unit, and does so no more."""
        # sudo: an ended stay is closed to staff; a yes or no about the client and unit of the plan
        stays_sudo = self.env["care.stay"].sudo().search([("client_id", "in", self.client_id.ids)])
        by_place = stays_sudo.grouped(lambda stay: (stay.client_id.id, stay.unit_id.id))
        over = {place for place, stays in by_place.items() if set(stays.mapped("state")) == {"ended"}}
        # sudo: a client whose stay is over may be closed; a yes or no, whether intake is in the plan's unit
        return self.filtered(
            lambda plan: (
                (plan.client_id.id, plan.unit_id.id) in over
                and plan.client_id.sudo().intake_unit_id != plan.unit_id
            )
        )

    def _check_stay_holds(self):
        if self._filtered_stay_over():
            raise UserError(
                self.env._(
                    "The client's stay in the unit has ended, and the plan with it. Begin a new stay first."
                )
            )

    def action_end(self, reason=None):
        """End the plan with no new one in its place."""
        self._check_may_propose()
        self._transition("ended", ended_on=fields.Date.context_today(self), end_reason=reason)

    @api.model
    def _still_sql(self, since):
        """A plan that returns lets go of when and why it had ended."""
        still = super()._still_sql(since)
        return f"{still} AND {self._frozen_sql('NEW', since)}" if since == "replaced" else still

    def _return(self):
        """Of each client in a unit the last alone, and none beside a plan that has come into force since."""
        here = Domain("client_id", "in", self.client_id.ids) & Domain("state", "=", "active")
        taken = {(plan.client_id, plan.unit_id) for plan in self.search(here)}
        last = {(plan.client_id, plan.unit_id): plan for plan in self.sorted("id")}
        plans = self.browse().union(*(plan for place, plan in last.items() if place not in taken))
        super(CarePlan, plans)._return()

    def _returned_vals(self):
        return {"state": "active", "ended_on": False, "end_reason": False}

    def _end_with_stay(self, last_day, returns_until):
        """Called by the stay, which has checked who."""
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        reason = self.with_context(lang=lang).env._("The stay in the unit ended.")
        self._transition("ended", ended_on=last_day, end_reason=reason, returns_until=returns_until)
