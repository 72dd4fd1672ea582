import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.attached import by_app

_logger = logging.getLogger(__name__)
BATCH = 100


class CareJournalEntry(models.Model):
    """Drafts that nobody signs: the author is reminded once, then the system signs, and the note says so."""

    _inherit = "care.journal.entry"

    @api.model
    def _cron_drafts(self, after_batch=None):
        """Remind of drafts a day before they are signed by the system, and sign those whose time is out.

        An empty draft, or an amendment that changes nothing, says nothing: it is thrown away instead.
        """
        after_batch = after_batch or self.env["ir.cron"]._commit_progress
        waiting = self._read_group([("state", "=", "draft")], ["company_id"])
        for (company,) in waiting:
            now = fields.Datetime.now()
            days = company.care_journal_sign_days
            drafts = Domain("state", "=", "draft") & Domain("company_id", "=", company.id)
            out = drafts & Domain("entered_at", "<=", now - timedelta(days=days))
            soon = (
                drafts
                & Domain("reminded_at", "=", False)
                & Domain("entered_at", "<=", now - timedelta(days=max(days - 1, 0)))
            )
            self._each_draft(out, "_sign_for_author", after_batch)
            self._each_draft(soon, "_remind_author", after_batch)

    @api.model
    def _each_draft(self, domain, method, after_batch):
        last_id = 0
        while drafts := self.search(domain & Domain("id", ">", last_id), order="id", limit=BATCH):
            last_id = drafts[-1].id
            for draft in drafts:
                try:
                    with self.env.cr.savepoint():
                        getattr(draft, method)()
                except Exception:
                    _logger.exception("%s failed for draft %s of the journal", method, draft.id)
            if (
                after_batch(len(drafts), remaining=self.search_count(domain & Domain("id", ">", last_id)))
                == 0
            ):
                return

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

    def _remind_author(self):
        """One activity, with the reference alone. Who has lost the file is not asked to open it."""
        self.ensure_one()
        if not self.try_lock_for_update() or self.reminded_at or self._says_nothing():
            return
        self._write_decided({"reminded_at": fields.Datetime.now()})
        author = self.author_id
        mine = self.with_user(author).with_context(allowed_company_ids=author.company_ids.ids)
        if not author.active or not mine.sudo(False).has_access("write"):
            return
        days = self.company_id.care_journal_sign_days
        local = self.with_context(tz=self.company_id.care_tz)
        with by_app():
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "social_care.activity_journal_draft",
                date_deadline=fields.Datetime.context_timestamp(
                    local, self.entered_at + timedelta(days=days)
                ).date(),
                summary=self.with_context(lang=author.lang).env._("Sign your note"),
                user_id=author.id,
            )
