from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger, sql

from ..models.care_access_log_writing import Line
from .common import CareCase


@tagged("post_install", "-at_install")
class TestCareAccessLogSeal(CareCase, TransactionCase):
    """All in the test's transaction: nothing here is written on the log's own connection.

    The months lie where no other test writes: in 2014.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["care.access.log"]
        cls.seals = cls.env["care.access.log.seal"]
        cls.startClassPatcher(patch.object(type(cls.log), "_make_month_of", cls._make_month_here))
        cls.now = fields.Datetime.to_datetime("2014-03-03 12:30:00")
        for day in ("2014-01-01", "2014-02-01", "2014-03-01"):
            cls._make_month_here(cls.log, fields.Datetime.to_datetime(day))

    @staticmethod
    def _make_month_here(log, now):
        log.env.cr.execute("SELECT care_access_log_make_month(%s)", [now.date()])

    def _write(self, when, **values):
        line = Line(self.north_staff.id, self.astrid.id, self.company.id, "care.client", "read", "web")
        with patch.object(type(self.log), "_now", lambda log: fields.Datetime.to_datetime(when)):
            self.log._insert(self.env.cr, {line._replace(**values): self.astrid.id})

    def _seal(self, now=None):
        with patch.object(fields.Datetime, "now", lambda: now or self.now):
            self.seals._cron_seal(after_batch=lambda done: None)
        return self.seals.search([], order="number")

    def _tamper(self, statement):
        """As somebody who owns the database would: past the triggers."""
        self.env.cr.execute("ALTER TABLE care_access_log DISABLE TRIGGER USER")
        self.env.cr.execute(statement)
        self.env.cr.execute("ALTER TABLE care_access_log ENABLE TRIGGER USER")

    def _sealed(self):
        self._write("2014-01-31 22:10:00")
        self._write("2014-02-01 08:10:00")
        self._write("2014-03-03 10:10:00")
        return self._seal()

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
            with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"):
                seal.write(vals)
                seal.flush_recordset()
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"):
            seal.unlink()

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

    def test_retention_drops_whole_months_and_says_so(self):
        self.env["ir.config_parameter"].set_param("social_care.access_log_months", "12")
        seals = self._sealed()
        with patch.object(fields.Datetime, "now", lambda: fields.Datetime.to_datetime("2015-02-10 02:00:00")):
            self.log._cron_months(after_batch=lambda done: None)
            self.env.cr.flush()
        self.assertFalse(sql.table_exists(self.env.cr, "care_access_log_2014_01"))
        self.assertTrue(self.log.search_count([("date", ">=", "2014-02-01"), ("date", "<", "2014-03-01")]))
        said = self.log.search([("model", "=", "care.access.log"), ("company_id", "=", self.company.id)])
        self.assertEqual(said.mapped("reason"), ["2014-01: 1"])
        self.assertFalse(seals._verify(), "the chain holds without the lines")
        self.assertTrue(seals[0].dropped_at)

    def test_what_is_not_sealed_is_not_dropped(self):
        self._write("2014-01-31 22:10:00")
        later = fields.Datetime.to_datetime("2024-02-10 02:00:00")
        with (
            patch.object(fields.Datetime, "now", lambda: later),
            mute_logger("odoo.addons.social_care.models.care_access_log_months"),
        ):
            self.log._cron_months(after_batch=lambda done: None)
        self.assertTrue(self.log.search_count([("date", "<", "2014-02-01")]))

    def test_a_year_is_kept_whatever_the_settings_say(self):
        self.env["ir.config_parameter"].set_param("social_care.access_log_months", "0")
        self.assertLess(self.log._keep_from(), fields.Datetime.now() - timedelta(days=364))

    def test_settings(self):
        settings = self.env["res.config.settings"].create({"care_access_log_months": 24})
        settings.execute()
        self.assertLess(self.log._keep_from(), fields.Datetime.now() - timedelta(days=2 * 364))
        with self.assertRaises(UserError):
            self.env["res.config.settings"].create({"care_access_log_months": 3}).execute()
