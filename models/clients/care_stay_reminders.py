from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 500


class CareStay(models.Model):
    """Reminds of what is due for a client in a unit: one open activity per stay and cause.

    Activities hang on the stay, never on the client, so that one unit's reminders stay its own.
    """

    _inherit = "care.stay"

    @api.model
    def _cron_remind(self):
        progress = self.env["ir.cron"]._commit_progress
        self._remind(after_batch=lambda done, left: progress(done, remaining=left))

    @api.model
    def _remind(self, after_batch=lambda done, left: None):
        """Make each due reminder once, and take back those whose cause is gone."""
        due = self._due_reminders()
        known = self.env["mail.activity"].search([("activity_type_id", "in", [type_.id for type_ in due])])
        open_ = {(activity.activity_type_id, activity.res_id): activity for activity in known}
        wanted = {
            (type_, stay.id): (stay, day) for type_, stays in due.items() for stay, day in stays.items()
        }
        self.env["mail.activity"].browse(
            activity.id for key, activity in open_.items() if key not in wanted
        ).unlink()
        missing = [(type_, *wanted[type_, id_]) for type_, id_ in wanted.keys() - open_.keys()]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._create_reminders(batch)
            after_batch(len(batch), len(missing) - start - len(batch))

    @api.model
    def _due_reminders(self):
        """What is due: ``{activity type: {stay: deadline}}``."""
        reference = self.env.ref
        due = {
            reference(f"social_care.activity_type_{name}"): {}
            for name in ("arrival", "leaving", "decision", "consent")
        }
        arrival, leaving, decision, consent = due
        for company in self.env["res.company"].search([("care_due_days", ">", 0)]):
            today = fields.Date.context_today(self.with_context(tz=company.care_tz))
            soon = today + timedelta(days=company.care_due_days)
            own = Domain("company_id", "=", company.id)
            ends_soon = Domain("date_to", ">=", today) & Domain("date_to", "<=", soon)
            starts_soon = Domain("date_from", ">", today) & Domain("date_from", "<=", soon)
            due[arrival].update({stay: stay.date_from for stay in self.search(own & starts_soon)})
            due[leaving].update(
                {stay: stay.date_to for stay in self.search(own & ends_soon & Domain("state", "=", "active"))}
            )
            due[decision].update(self._stays_of(self.env["care.decision"].search(own & ends_soon)))
            valid = Domain("withdrawn_at", "=", False)
            due[consent].update(self._stays_of(self.env["care.consent"].search(own & ends_soon & valid)))
        return due

    @api.model
    def _stays_of(self, records):
        """The active stays that the records' clients have in the records' units, with the first day due."""
        stays = self.search([("client_id", "in", records.client_id.ids), ("state", "=", "active")])
        by_file = {(stay.client_id, stay.unit_id): stay for stay in stays}
        found = {}
        for record in records.sorted("date_to", reverse=True):
            if stay := by_file.get((record.client_id, record.unit_id)):
                found[stay] = record.date_to
        return found

    @api.model
    def _create_reminders(self, reminders):
        """For the contact person, or else a manager of the unit; quietly, without e-mail."""
        users = self.browse(stay.id for _type, stay, _day in reminders)._users_in_charge()
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": stay.id,
                    "activity_type_id": type_.id,
                    "date_deadline": day,
                    "user_id": users[stay].id,
                    "automated": True,
                }
                for type_, stay, day in reminders
                if users[stay]
            ]
        )

    def _users_in_charge(self):
        """Each stay's contact person, or else a manager of the unit, as a user: ``{stay: user}``."""
        members = self.env["care.unit.member"]
        managers = defaultdict(self.env["res.users"].browse)
        for member in members.search(
            Domain("unit_id", "in", self.unit_id.ids) & Domain("role", "=", "manager") & members._domain_now()
        ):
            managers[member.unit_id] = managers[member.unit_id] or member.user_id
        return {stay: stay.contact_person_id.user_id or managers[stay.unit_id] for stay in self}
