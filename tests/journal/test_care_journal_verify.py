from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.journal import care_journal_verify
from ...tools.frozen import thawed
from ..common_journal import JournalCase

LOGGER = "odoo.addons.social_care.models.journal.care_journal_verify"


@tagged("post_install", "-at_install")
class TestCareJournalVerify(JournalCase, TransactionCase):
    """The nightly job over many journals. What breaks a link is in test_care_journal_chain.py."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("UPDATE care_journal_chain SET verified_at = now()")  # others' are done tonight
        cls.env.invalidate_all()

    def setUp(self):
        super().setUp()
        self.entry = self._signed()
        self.other = self._signed(self.south_staff, client=self.bo, unit=self.south)
        self.chains = (self._chain() | self._chain(self.bo, self.south)).sudo()

    def _thawed(self, query, *params):
        self.env.flush_all()
        with thawed(self.env.cr, "care_journal_entry", "care_journal_chain"):
            self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def _verify(self, left=60):
        told = []
        self.chains._cron_verify(lambda done=0, remaining=None: (told.append((done, remaining)), left)[1])
        self.env.invalidate_all()
        return told

    def test_a_journal_once_a_night(self):
        self.assertEqual(self._verify()[0], (0, 2))
        self.assertTrue(all(self.chains.mapped("verified_at")))
        self.assertEqual(self._verify(), [(0, 0)], "nothing is left tonight")

    def test_a_night_that_is_cut_short_goes_on_where_it_stopped(self):
        with patch.object(care_journal_verify, "BATCH", 1):
            self._verify(left=0)
            self.assertEqual(len(self.chains.filtered("verified_at")), 1)
            self._verify(left=0)
        self.assertEqual(len(self.chains.filtered("verified_at")), 2)

    def test_a_batch_that_fails_keeps_no_other_waiting(self):
        verify = type(self.chains)._verify_and_note

        def fail_in_the_north(chains):
            if self.chains[0] in chains:
                raise ValueError("no")
            return verify(chains)

        with (
            patch.object(care_journal_verify, "BATCH", 1),
            patch.object(type(self.chains), "_verify_and_note", fail_in_the_north),
            self.assertLogs("odoo.addons.social_care.models.core.ir_cron", "ERROR"),
        ):
            self._verify()
        self.assertEqual(self.chains.mapped(lambda chain: bool(chain.verified_at)), [False, True])

    def test_what_verifies_again_is_no_fault_any_more(self):
        """A restored backup, say: the fault and its day go, and the next one is told of anew."""
        chain = self.chains[0]
        body = self.entry.body
        self._thawed("UPDATE care_journal_entry SET body = 'x' WHERE id = %s", self.entry.id)
        with mute_logger(LOGGER):
            self._verify()
        found = chain.fault_found_at
        self.assertTrue(chain.fault and found)
        self._thawed("UPDATE care_journal_entry SET body = %s WHERE id = %s", body, self.entry.id)
        self._thawed("UPDATE care_journal_chain SET verified_at = NULL WHERE id = %s", chain.id)
        self._verify()
        self.assertEqual((chain.fault, chain.fault_found_at), (False, False))

    def test_officers_of_other_companies_are_not_told(self):
        company = self.env["res.company"].create({"name": "Annan vård AB"})
        far = self._user(
            "far_officer",
            "social_care.group_privacy_officer",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self._thawed("UPDATE care_journal_entry SET body = 'x' WHERE id = %s", self.entry.id)
        with mute_logger(LOGGER):
            self._verify()
        told = self.chains[0].activity_ids.user_id
        self.assertIn(self.privacy_officer, told)
        self.assertNotIn(far, told)

    def test_as_many_queries_for_many_links(self):
        costs = []
        for _round in range(2):
            self.chains._faults()
            before = self.cr.sql_log_count
            self.chains._faults()
            costs.append(self.cr.sql_log_count - before)
            for _number in range(5):
                self._signed()
        self.assertLessEqual(costs[1], costs[0], costs)
