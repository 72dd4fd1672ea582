from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 100


class CareJournalEntry(models.Model):
    """Drafts that nobody signs: the author is reminded once, then the system signs, and the note says so."""

    _inherit = "care.journal.entry"

    @api.model
    def _cron_drafts(self, after_batch=None):
        """Remind of drafts a day before they are signed by the system, and sign those whose time is out.

        An empty draft, or an amendment that changes nothing, says nothing: it is thrown away instead.
        """
        now, batches = fields.Datetime.now(), self.env["ir.cron"]._care_batches
        for (company,) in self._read_group([("state", "=", "draft")], ["company_id"]):
            days = self.env["care.rule"]._value("journal_sign", company)
            drafts = Domain("state", "=", "draft") & Domain("company_id", "=", company.id)
            out = self.search(drafts & Domain("entered_at", "<=", now - timedelta(days=days)), order="id")
            soon = drafts & Domain("entered_at", "<=", now - timedelta(days=max(days - 1, 0)))
            if not batches(out, lambda batch: batch._sign_for_authors(), BATCH, after_batch) or not batches(
                self.search(soon, order="id"), lambda batch: batch._remind_authors(), BATCH, after_batch
            ):
                return

    def _sign_for_authors(self):
        for draft in self:
            draft._sign_for_author()

    def _sign_for_author(self):
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "draft":
            return
        if self._says_nothing():
            self.unlink()
            return
        if self.replaces_id.state in ("struck", "amended"):
            self._write_decided({"replaces_id": False, "amend_reason": False})  # a note of its own then
        if self.replaces_id and not self.amend_reason:
            self._write_decided(
                {"amend_reason": self.with_context(lang=self.author_id.lang).env._("Not stated")}
            )
        self._sign(is_auto=True)

    def _says_nothing(self):
        text = (self.body or "").strip()
        return not text or text == (self.replaces_id.body or "").strip()

    def _remind_authors(self):
        """With the reference alone, and once. Who has lost the file is not asked to open it."""
        drafts = self.try_lock_for_update().filtered(lambda draft: draft.state == "draft")
        talking = drafts.filtered(lambda draft: not draft._says_nothing())
        if new := talking.filtered(lambda draft: not draft.reminded_at):
            new._write_decided({"reminded_at": fields.Datetime.now()})
        self._sync_activities(
            "social_care.activity_journal_draft",
            {draft: (draft & talking).author_id for draft in drafts},
            lambda draft: draft._signed_for_on(),
            once=True,
        )

    def _signed_for_on(self):
        """The day on which the system signs."""
        local = self.with_context(tz=self.company_id.care_tz)
        signed_at = self.entered_at + self.env["care.rule"]._period("journal_sign", self.company_id)
        return fields.Datetime.context_timestamp(local, signed_at).date()
