from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareJournalSigning(JournalCase, TransactionCase):
    """Drafts that nobody signs: one reminder, then the system signs, and the note says so."""

    def _old(self, days, **vals):
        draft = self._draft(**vals)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_journal_entry SET entered_at = %s, event_at = %s WHERE id = %s",
            [self._ago(days=days), self._ago(days=days), draft.id],
        )
        self.env.invalidate_all()
        return draft

    def _run(self):
        self.entries._cron_drafts(lambda *args, **kwargs: 60)
        self.env.invalidate_all()

    def test_the_author_is_reminded_once_a_day_before(self):
        days = self.rule("journal_sign")
        early, soon = self._old(days - 2), self._old(days - 1)
        self._run()
        self._run()
        self.assertFalse(early.activity_ids)
        self.assertEqual(len(soon.activity_ids), 1)
        activity = soon.activity_ids
        self.assertEqual((activity.user_id, activity.res_name), (self.north_staff, self.astrid.reference))
        signed_at = fields.Datetime.context_timestamp(soon, soon.entered_at + timedelta(days=days))
        self.assertEqual(activity.date_deadline, signed_at.date())
        self.assertNotIn("affären", str(activity.read()))
        self.assertEqual(soon.state, "draft")
        with self.assertRaises(AccessError):
            self._as(self.north_manager, soon).read(["body"])

    def test_signing_ends_the_reminder(self):
        draft = self._old(self.rule("journal_sign") - 1)
        self._run()
        activity = draft.activity_ids
        self._as(self.north_staff, draft).action_sign()
        self.assertFalse(activity.exists())

    def test_the_system_signs_and_says_so(self):
        draft = self._old(self.rule("journal_sign"))
        entered_at = draft.entered_at
        self._run()
        self.assertEqual((draft.state, draft.is_auto_signed), ("signed", True))
        self.assertEqual(draft.author_name, self.north_staff.name)
        self.assertEqual(draft.author_title, "Stödassistent")
        self.assertEqual(draft.entered_at, entered_at, "it was written when it was written")
        self.assertFalse(draft.is_late)
        self.assertTrue(self._as(self.north_manager, draft).remarks)
        self.assertFalse(self._chain().sudo()._faults()[self._chain()])
        self._run()
        self.assertEqual(self._chain().link_count, 1)

    def test_what_says_nothing_is_thrown_away(self):
        empty = self._old(30, body=False)
        signed = self._signed()
        amendment = self._as(self.north_staff, signed)._amend().with_env(self.env)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_journal_entry SET entered_at = %s WHERE id = %s", [self._ago(days=30), amendment.id]
        )
        self.env.invalidate_all()
        self._run()
        self.assertFalse((empty | amendment).exists())
        self.assertEqual(signed.state, "signed")

    def test_an_amendment_whose_note_was_struck_stands_alone(self):
        signed = self._signed()
        amendment = self._as(self.north_staff, signed)._amend().with_env(self.env)
        self._as(self.north_staff, amendment).write({"body": "Rättat"})
        self._as(self.north_staff, signed).action_strike("Fel")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_journal_entry SET entered_at = %s WHERE id = %s", [self._ago(days=30), amendment.id]
        )
        self.env.invalidate_all()
        self._run()
        self.assertEqual((amendment.state, amendment.replaces_id.id), ("signed", False))
        self.assertEqual(signed.state, "struck")

    def test_who_has_left_is_not_reminded_and_signed_for_all_the_same(self):
        days = self.rule("journal_sign")
        draft = self._old(days - 1)
        self.env["care.unit.member"].search([("user_id", "=", self.north_staff.id)]).date_to = self._day(-1)
        self._run()
        self.assertFalse(draft.activity_ids)
        self.env.cr.execute(
            "UPDATE care_journal_entry SET entered_at = %s WHERE id = %s", [self._ago(days=days), draft.id]
        )
        self.env.invalidate_all()
        self._run()
        self.assertEqual(draft.state, "signed")

    def test_one_that_fails_does_not_keep_the_others_waiting(self):
        days = self.rule("journal_sign")
        first, second = self._old(days), self._old(days)
        sign = type(self.entries)._sign_for_author

        def fail_once(draft):
            if draft == first:
                raise ValueError("no")
            return sign(draft)

        with (
            patch.object(type(self.entries), "_sign_for_author", fail_once),
            self.assertLogs("odoo.addons.social_care.models.core.ir_cron", "ERROR"),
        ):
            self._run()
        self.assertEqual((first.state, second.state), ("draft", "signed"))
        self._run()
        self.assertEqual(first.state, "signed")

    def test_a_run_whose_time_is_out_goes_on_the_next_time(self):
        days = self.rule("journal_sign")
        drafts = self._old(days) | self._old(days)
        with patch("odoo.addons.social_care.models.journal.care_journal_signing.BATCH", 1):
            self.entries._cron_drafts(lambda *args, **kwargs: 0)
            self.assertEqual(sorted(drafts.mapped("state")), ["draft", "signed"])
            self._run()
        self.assertEqual(set(drafts.mapped("state")), {"signed"})

    def test_each_company_has_its_own_days(self):
        draft = self._old(3)
        self.set_rule("journal_sign", 4)
        self._run()
        self.assertEqual(draft.state, "draft")
        self.set_rule("journal_sign", 3)
        self._run()
        self.assertEqual(draft.state, "signed")

    def test_an_empty_draft_reminds_nobody(self):
        draft = self._old(self.rule("journal_sign") - 1, body=" ")
        self._run()
        self.assertEqual((draft.state, draft.activity_ids.ids, draft.reminded_at), ("draft", [], False))
