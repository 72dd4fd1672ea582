from datetime import timedelta
from itertools import pairwise

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_seal import SealCase


@tagged("post_install", "-at_install")
class TestCareAccessLogSeal(SealCase, TransactionCase):
    def _tamper(self, statement):
        """As somebody who owns the database would: past the triggers."""
        self.env.cr.execute("ALTER TABLE care_access_log DISABLE TRIGGER USER")
        self.env.cr.execute(statement)
        self.env.cr.execute("ALTER TABLE care_access_log ENABLE TRIGGER USER")

    def test_every_line_lies_in_one_seal_and_no_seal_across_a_month(self):
        seals = self._sealed()
        self.assertEqual(sum(seals.mapped("line_count")), 3)
        for before, after in pairwise(seals):
            self.assertEqual(before.date_to, after.date_from)
        self.assertFalse([s for s in seals if (s.date_to - timedelta(seconds=1)).month != s.date_from.month])
        self.assertEqual(seals[-1].date_to, fields.Datetime.to_datetime("2014-03-03 11:00:00"))
        self.assertEqual(len(self._seal()), len(seals))
        self.assertFalse(seals._verify())

    def test_what_is_still_open_is_not_sealed(self):
        self._write("2014-03-03 10:10:00")
        self._write("2014-03-03 11:40:00")
        self.assertEqual(sum(self._seal().mapped("line_count")), 1)

    def test_a_tampered_line_breaks_its_seal_and_no_other(self):
        seals = self._sealed()
        hit = seals.filtered(lambda seal: seal.date_from.month == 2 and seal.line_count)
        for statement, words in [
            (
                "UPDATE care_access_log SET user_id = 1 WHERE date >= '2014-02-01' AND date < '2014-02-02'",
                "changed",
            ),
            ("DELETE FROM care_access_log WHERE date >= '2014-02-01' AND date < '2014-02-02'", "0 lines"),
        ]:
            self._tamper(statement)
            self.assertEqual(seals._verify(), hit.mapped("number"), statement)
            self.assertIn(words, hit.fault)

    def test_a_line_added_afterwards_breaks_its_seal(self):
        seals = self._sealed()
        self._write("2014-02-01 09:40:00")
        self.assertEqual(len(seals._verify()), 1)

    def test_a_changed_or_missing_seal_breaks_the_chain(self):
        seals = self._sealed()
        numbers = seals.mapped("number")
        self.env.cr.execute("ALTER TABLE care_access_log_seal DISABLE TRIGGER USER")
        self.env.cr.execute("UPDATE care_access_log_seal SET line_count = 7 WHERE id = %s", [seals[1].id])
        self.env.cr.execute("DELETE FROM care_access_log_seal WHERE id = %s", [seals[4].id])
        self.env.cr.execute("ALTER TABLE care_access_log_seal ENABLE TRIGGER USER")
        self.env.invalidate_all()
        left = seals.exists()
        self.assertEqual(left._verify(), [numbers[1], numbers[5]])

    def test_nobody_changes_a_seal(self):
        seal = self._sealed()[0]
        for vals in ({"line_count": 9}, {"digest": "0"}):
            with self.assertRaisesRegex(UserError, "A seal is not changed"):
                seal.write(vals)
        with self.assertRaisesRegex(UserError, "A seal is not changed"):
            seal.unlink()
        for query in (
            "UPDATE care_access_log_seal SET line_count = 9 WHERE id = %s",
            "UPDATE care_access_log_seal SET digest = '0' WHERE id = %s",
            "DELETE FROM care_access_log_seal WHERE id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(query, [seal.id])

    def test_verifying_says_what_it_found(self):
        seals = self._sealed()
        officer = self.seals.with_user(self.privacy_officer)
        self.assertEqual(officer.action_verify_all()["params"]["type"], "success")
        self._tamper(
            "UPDATE care_access_log SET channel = 'rpc' WHERE date < '2014-02-01' AND date > '2014-01-01'"
        )
        answer = officer.browse(seals.ids).action_verify()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn(str(seals.filtered("fault").number), answer["message"])
