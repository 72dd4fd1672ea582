import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

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
        stays_sudo = (
            self.env["care.stay"]
            .sudo()
            .search(  # sudo: activities of colleagues too
                [("client_id", "in", self.client_id.ids), ("unit_id", "in", self.unit_id.ids)]
            )
        )
        stays_sudo._update_plan_reminders()


class CareStay(models.Model):
    _inherit = "care.stay"

    @api.model
    def _cron_plan_reminders(self):
        """Remind contact persons of plans and reviews, and managers of what is late."""
        done, last_id = 0, 0
        today = fields.Date.context_today(self)
        # Ended stays too, for a while: their reminders close.
        domain = Domain("date_to", "=", False) | Domain("date_to", ">=", today - timedelta(days=60))
        total = self.search_count(domain)
        while stays := self.search(domain & Domain("id", ">", last_id), limit=BATCH, order="id"):
            last_id = stays[-1].id
            done += len(stays)
            try:
                with self.env.cr.savepoint():
                    stays._update_plan_reminders()
            except Exception:
                _logger.exception("Reminders of plans failed for %s stays up to id %s", len(stays), last_id)
            self.env["ir.cron"]._commit_progress(len(stays), remaining=max(total - done, 0))

    def _update_plan_reminders(self):
        """Bring the reminders in line with what is due: one open reminder per stay and cause."""
        types = {cause: self.env.ref(cause, raise_if_not_found=False) for cause in CAUSES}
        if not self or not all(types.values()):
            return
        wanted = self._wanted_plan_reminders()
        type_ids = {activity_type.id: cause for cause, activity_type in types.items()}
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", "care.stay"),
                ("res_id", "in", self.ids),
                ("activity_type_id", "in", list(type_ids)),
            ]
        )
        over = activities.browse()
        for activity in activities:
            values = wanted.pop((activity.res_id, type_ids[activity.activity_type_id.id]), None)
            if not values:
                over |= activity
            elif any(
                activity._fields[n].convert_to_write(activity[n], activity) != v for n, v in values.items()
            ):
                activity.write(values)
        over.unlink()
        model_id = self.env["ir.model"]._get_id("care.stay")
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    **values,
                    "automated": True,
                    "res_model_id": model_id,
                    "res_id": stay_id,
                    "activity_type_id": types[cause].id,
                    "summary": types[cause].summary,
                }
                for (stay_id, cause), values in wanted.items()
            ]
        )

    def _wanted_plan_reminders(self):
        """What should be open now.

        :return: ``{(stay id, cause): {"date_deadline": day, "user_id": id}}``
        """
        today = fields.Date.context_today(self)
        active = self.filtered(lambda stay: stay.state == "active" and stay.unit_id.regime == "assessed")
        plans = active._active_plans()
        contacts, managers = active._contact_users(), active._manager_users()
        offers = self.env["care.decision"]._to_offer(active.client_id)
        wanted = {}
        for stay in active:
            company, plan = stay.company_id, plans.get((stay.client_id, stay.unit_id))
            manager = managers.get(stay.unit_id.id)
            contact = contacts.get((stay.client_id.id, stay.unit_id.id)) or manager
            since = offers.get((stay.client_id.id, stay.unit_id.id))
            if since and contact:
                due = max(since, stay.date_from) + timedelta(days=company.care_plan_first_days)
                wanted[stay.id, OFFER] = {"date_deadline": due, "user_id": contact}
            if plan:
                due = plan.next_review_date
                causes = (REVIEW, REVIEW_LATE)
                if not due or due > today + timedelta(days=company.care_due_days):
                    continue
            else:
                due = stay.date_from + timedelta(days=company.care_plan_first_days)
                causes = (FIRST, FIRST_LATE)
            if contact:
                wanted[stay.id, causes[0]] = {"date_deadline": due, "user_id": contact}
            if manager and due < today:
                wanted[stay.id, causes[1]] = {"date_deadline": due, "user_id": manager}
        return wanted

    def _active_plans(self):
        plans = self.env["care.plan"].search(
            [("client_id", "in", self.client_id.ids), ("state", "=", "active")]
        )
        return {(plan.client_id, plan.unit_id): plan for plan in plans}

    def _contact_users(self):
        """The contact person's user, or the deputy's, per client and unit."""
        contacts = self.env["care.contact.person"]
        domain = Domain("client_id", "in", self.client_id.ids) & Domain("user_id", "!=", False)
        found = {}
        for contact in contacts.search(domain & contacts._domain_now(), order="role desc, id"):
            found.setdefault((contact.client_id.id, contact.unit_id.id), contact.user_id.id)
        return found

    def _manager_users(self):
        """The manager who has managed the unit longest."""
        members = self.env["care.unit.member"]
        domain = Domain("unit_id", "in", self.unit_id.ids) & Domain("role", "=", "manager")
        found = {}
        for member in members.search(domain & members._domain_now(), order="date_from, id"):
            if member.user_id and not member.suspended:
                found.setdefault(member.unit_id.id, member.user_id.id)
        return found
