from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 500
ENDED = "social_care.activity_type_ended"


class CareStay(models.Model):
    """Reminds of what is due for a client in a unit: one open activity per stay and cause.

    Activities hang on the stay, never on the client, so that one unit's reminders stay its own.
    """

    _inherit = "care.stay"

    @api.model
    def _cron_remind(self):
        """Make each due reminder once, and take back those whose cause is gone."""
        due = self._due_reminders()
        self.env["ir.cron"]._care_batches(
            self._stays_to_remind(due), lambda stays: stays._sync_reminders(due), BATCH
        )

    @api.model
    def _remind(self):
        """The same at once, where nothing may be committed."""
        due = self._due_reminders()
        self._stays_to_remind(due)._sync_reminders(due)

    @api.model
    def _stays_to_remind(self, due):
        """What is due, and what has been told."""
        closings = Domain("state", "=", "active") & Domain(
            "client_id.contact_person_ids", "any", self.env["care.contact.person"]._domain_closing()
        )
        stays = self._reminded(*due) | self.search(closings)
        return stays.union(*(self.browse(stay.id for stay in days) for days in due.values()))

    def _sync_reminders(self, due):
        """For whoever is responsible for the client in the unit; quietly, without e-mail."""
        responsible, managers = self._responsible_now(), self.unit_id._managers_now()
        for xmlid, days in due.items():
            in_charge = {stay: managers[stay.unit_id] for stay in self} if xmlid == ENDED else responsible
            users_of = {stay: list(in_charge[stay]) if stay in days else [] for stay in self}
            self._sync_activities(xmlid, users_of, days.get)
        self._sync_closings()

    @api.model
    def _due_reminders(self):
        """What is due: ``{activity type's external id: {stay: deadline}}``."""
        arrival, leaving = (f"social_care.activity_type_{name}" for name in ("arrival", "leaving"))
        endings = self.env["care.ending"]._models_ending()
        due = {xmlid: {} for xmlid in (arrival, leaving, *(model._ends_type for model in endings), ENDED)}
        rule = self.env["care.rule"]
        for (company,) in self._read_group([], ["company_id"]):
            today = fields.Date.context_today(self.with_context(tz=company.care_tz))
            soon = today + rule._period("due_warning", company)
            alone = today - rule._period("ended_alone", company)
            own = Domain("company_id", "=", company.id)
            ends_soon = Domain("date_to", ">=", today) & Domain("date_to", "<=", soon)
            starts_soon = Domain("date_from", ">", today) & Domain("date_from", "<=", soon)
            starts_soon &= Domain("ended_at", "=", False)  # or it was taken back before it began
            due[arrival].update({stay: stay.date_from for stay in self.search(own & starts_soon)})
            due[leaving].update(
                {stay: stay.date_to for stay in self.search(own & ends_soon & Domain("state", "=", "active"))}
            )
            for model in endings:
                days = self._stays_of(model.search(own & model._domain_ending(today, soon)))
                due[model._ends_type].update(days)
                late = {stay: day for stay, day in days.items() if day < alone}
                due[ENDED].update({stay: min(day, due[ENDED].get(stay, day)) for stay, day in late.items()})
        return due

    @api.model
    def _stays_of(self, records):
        """The active stays that the records' clients have in the records' units, with the first day due."""
        stays = self.search([("client_id", "in", records.client_id.ids), ("state", "=", "active")])
        by_file = {(stay.client_id, stay.unit_id): stay for stay in stays}
        found = {}
        for record in records.sorted(records._ends_on, reverse=True):
            if stay := by_file.get((record.client_id, record.unit_id)):
                found[stay] = record[record._ends_on]
        return found

    def _responsible_now(self):
        """Whom to ask about each stay, the first first: ``{stay: users}``."""
        found = self.env["care.contact.person"]._responsible_now(
            [(stay.client_id, stay.unit_id) for stay in self]
        )
        return {stay: found[stay.client_id, stay.unit_id] for stay in self}
