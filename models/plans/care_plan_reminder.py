from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Cause -> activity type. The activity hangs on the stay: one unit does not see another's.
FIRST, FIRST_LATE = "social_care.activity_plan_first", "social_care.activity_plan_first_late"
REVIEW, REVIEW_LATE = "social_care.activity_plan_review", "social_care.activity_plan_review_late"
OFFER = "social_care.activity_plan_offer"
CAUSES = (FIRST, FIRST_LATE, REVIEW, REVIEW_LATE, OFFER)
BATCH = 500


class CarePlan(models.Model):
    _inherit = "care.plan"

    def _update_reminders(self):
        """At once, not at night: what a verb has made true or untrue."""
        self._stays_sudo()._update_plan_reminders()

    def _stays_sudo(self):
        """Those of the plans' clients in the plans' units, as superuser."""
        domain = Domain("client_id", "in", self.client_id.ids) & Domain("unit_id", "in", self.unit_id.ids)
        # sudo: reminders follow from all that is due in the stay, whatever of it the user opens
        return self.env["care.stay"].sudo().search(domain)


class CareStay(models.Model):
    _inherit = "care.stay"

    @api.model
    def _cron_plan_reminders(self):
        """Remind contact persons of plans and reviews, and managers of what is late."""
        today = fields.Date.context_today(self)
        # no rule: ended stays too, for a while, so that their reminders close
        stays = self.search(
            Domain("date_to", "=", False) | Domain("date_to", ">=", today - timedelta(days=60))
        )
        self.env["ir.cron"]._care_batches(stays, lambda batch: batch._update_plan_reminders(), BATCH)

    def _update_plan_reminders(self):
        """Bring the reminders in line with what is due: one open reminder per stay and cause."""
        wanted = self._wanted_plan_reminders()
        for cause in CAUSES:
            users_of = {stay: wanted.get((stay, cause), (None, []))[1] for stay in self}
            self._sync_activities(cause, users_of, lambda stay, cause=cause: wanted[stay, cause][0])

    def _wanted_plan_reminders(self):
        """What should be open now.

        :return: ``{(stay, cause): (day, users in turn)}``
        """
        today = fields.Date.context_today(self)
        active = self.filtered(lambda stay: stay.state == "active" and stay.unit_id.regime == "assessed")
        plans, responsible = active._active_plans(), active._responsible_now()
        managers = active.unit_id._managers_now()
        offers = self.env["care.decision"]._to_offer(active.client_id)
        period = self.env["care.rule"]._period
        wanted = {}
        for stay in active:
            company, plan = stay.company_id, plans.get((stay.client_id, stay.unit_id))
            since = offers.get((stay.client_id.id, stay.unit_id.id))
            if since:
                due = max(since, stay.date_from) + period("plan_first", company)
                wanted[stay, OFFER] = due, list(responsible[stay])
            if plan:
                due = plan.next_review_date
                causes = (REVIEW, REVIEW_LATE)
                if not due or due > today + period("due_warning", company):
                    continue
            else:
                due = stay.date_from + period("plan_first", company)
                causes = (FIRST, FIRST_LATE)
            wanted[stay, causes[0]] = due, list(responsible[stay])
            if due < today:
                wanted[stay, causes[1]] = due, list(managers[stay.unit_id])
        return wanted

    def _active_plans(self):
        plans = self.env["care.plan"].search(
            [("client_id", "in", self.client_id.ids), ("state", "=", "active")]
        )
        return {(plan.client_id, plan.unit_id): plan for plan in plans}
