from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger, sql

from ..common_seal import SealCase

LOGGER = "odoo.addons.social_care.models.access_log.care_access_log_months"


@tagged("post_install", "-at_install")
class TestCareAccessLogMonths(SealCase, TransactionCase):
    """Months are made ahead, and dropped when they have been kept long enough."""

    def _night(self, now, after_batch=lambda done: None):
        with patch.object(fields.Datetime, "now", lambda: fields.Datetime.to_datetime(now)):
            self.log._cron_months(after_batch=after_batch)
            self.env.cr.flush()

    def _is_there(self, month):
        return sql.table_exists(self.env.cr, f"care_access_log_{month}")

    def _said(self):
        return self.log.search([("model", "=", "care.access.log"), ("company_id", "=", self.company.id)])

    def test_this_month_and_the_three_to_come(self):
        self._night("2013-11-30 23:30:00")
        made = [
            month
            for month in ("2013_10", "2013_11", "2013_12", "2014_01", "2014_02")
            if self._is_there(month)
        ]
        self.assertEqual(made, ["2013_11", "2013_12", "2014_01", "2014_02"])

    def test_retention_drops_whole_months_and_says_so(self):
        self.env["ir.config_parameter"].set_param("social_care.access_log_months", "12")
        seals = self._sealed()
        self._night("2015-02-10 02:00:00")
        self.assertFalse(self._is_there("2014_01"))
        self.assertTrue(self.log.search_count([("date", ">=", "2014-02-01"), ("date", "<", "2014-03-01")]))
        self.assertEqual(self._said().mapped("reason"), ["2014-01: 1"])
        self.assertFalse(seals._verify(), "the chain holds without the lines")
        self.assertTrue(seals[0].dropped_at)

    def test_what_is_not_sealed_is_not_dropped(self):
        self._write("2014-01-31 22:10:00")
        with mute_logger(LOGGER):
            self._night("2024-02-10 02:00:00")
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

    def test_the_oldest_first_and_none_beyond_what_is_not_sealed(self):
        """Lines are written after the last seal: that month stays, and so do those after it."""
        self.env["ir.config_parameter"].set_param("social_care.access_log_months", "12")
        self._write("2014-01-31 22:10:00")
        self._write("2014-02-10 22:10:00")
        self._seal(fields.Datetime.to_datetime("2014-02-20 12:30:00"))
        dropped = []
        with self.assertLogs(LOGGER, "WARNING") as logs:
            self._night("2015-06-10 02:00:00", after_batch=dropped.append)
        self.assertEqual(dropped, [1])
        self.assertEqual([self._is_there(f"2014_0{month}") for month in (1, 2, 3)], [False, True, True])
        self.assertIn("care_access_log_2014_02", logs.output[0])

    def test_once(self):
        self.env["ir.config_parameter"].set_param("social_care.access_log_months", "12")
        self._sealed()
        for _night in range(2):
            self._night("2015-02-10 02:00:00")
        self.assertEqual(len(self._said()), 1)

    def test_a_company_of_which_nothing_was_logged_is_told_so(self):
        self.env["ir.config_parameter"].set_param("social_care.access_log_months", "12")
        other = self.env["res.company"].create({"name": "Tyst AB"})
        self._sealed()
        self._night("2015-02-10 02:00:00")
        said = self.log.search([("model", "=", "care.access.log"), ("company_id", "=", other.id)])
        self.assertEqual(said.mapped("reason"), ["2014-01: 0"])
