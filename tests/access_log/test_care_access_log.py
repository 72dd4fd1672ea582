from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger, sql

from ...tools import access_gathered, access_log_table
from ..common_access_log import AccessLogCase


@tagged("post_install", "-at_install")
class TestCareAccessLog(AccessLogCase, TransactionCase):
    def test_reading_a_client_is_one_line(self):
        self._as(self.north_staff, self.astrid).read(["name", "phone"])
        self._as(self.north_staff, self.astrid).read(["communication"])
        self._end_request()
        line = self.assertLogged(self.north_staff, self.astrid)
        self.assertEqual(
            {
                name: line[name]
                for name in ("model", "res_id", "operation", "channel", "refused", "company_id")
            },
            {
                "model": "care.client",
                "res_id": self.astrid.id,
                "operation": "read",
                "channel": "server",
                "refused": False,
                "company_id": self.company.id,
            },
        )

    def test_again_within_five_minutes_is_the_same_line(self):
        for memory in (True, False):
            if not memory:
                self._forget()
            self._as(self.north_staff, self.astrid).read(["name"])
            self._end_request()
            self.assertLogged(self.north_staff, self.astrid)

    def test_the_common_case_costs_no_connection(self):
        self._as(self.north_staff, self.astrid).read(["name"])
        self._end_request()
        self._as(self.north_staff, self.astrid).read(["name"])
        with patch.object(access_gathered, "db_connect", side_effect=AssertionError("a connection")):
            self._end_request()

    def test_a_list_is_one_line_for_each_client_and_no_query_more(self):
        clients = self.astrid | self.cilla | self.dan
        reading = self._as(self.north_manager, clients)
        reading.read(["name"])
        self._end_request()
        for client in clients:
            self.assertLogged(self.north_manager, client)

    def test_what_is_cached_is_seen_too(self):
        """Superuser code has read the client before; the cache is shared."""
        client = self._as(self.north_staff, self.astrid)
        self.astrid.sudo().read(["name", "phone"])
        client.read(["name", "phone"])
        self._end_request()
        self.assertLogged(self.north_staff, self.astrid, operation="read")

    def test_references_and_units_are_no_content(self):
        client = self._as(self.north_staff, self.astrid)
        client.read(["reference", "company_id"])
        client.search([("id", "=", client.id)])
        self._end_request()
        self.assertLogged(self.north_staff, self.astrid, times=0)

    def test_the_system_is_no_person(self):
        self._as(self.north_staff, self.astrid).sudo().read(["name"])
        self.astrid.read(["name"])
        self._end_request()
        self.assertFalse(self._lines(client=self.astrid))

    def test_creating_and_changing(self):
        contact = self._as(self.north_staff, self.env["care.client.contact"]).create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "name": "Lisa"}
        )
        contact.name = "Lisa Ek"
        self._end_request()
        values = {"model": "care.client.contact", "res_id": contact.id}
        self.assertLogged(self.north_staff, self.astrid, operation="create", **values)
        self.assertLogged(self.north_staff, self.astrid, times=0, operation="write", **values)
        contact.name = "Lisa Ek-Berg"
        self._end_request()
        contact.name = "Lisa Berg"
        self._end_request()
        self.assertLogged(self.north_staff, self.astrid, operation="write", **values)

    def test_a_refusal_is_logged_and_tells_nothing(self):
        with self.assertRaises(AccessError) as refused, mute_logger("odoo.addons.base.models.ir_rule"):
            self._as(self.south_staff, self.astrid).read(["name"])
        self.assertNotIn(self.astrid.reference, str(refused.exception))
        self.env.cr.prerollback.run()
        line = self.assertLogged(self.south_staff, self.astrid, operation="read", refused=True)
        self.assertEqual(line["res_id"], self.astrid.id)

    def test_the_privacy_officer_who_asks_for_content_is_refused_and_logged(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self._as(self.privacy_officer, self.astrid).read(["name"])
        self.env.cr.prerollback.run()
        self.assertLogged(self.privacy_officer, self.astrid, refused=True)

    def test_thousands_of_refusals_do_not_flood_the_log(self):
        clients = self.env["care.client"].create(
            [{"lastname": f"Nr {n}", "company_id": self.company.id} for n in range(60)]
        )
        self._end_request()
        for client in clients:
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                client.with_user(self.south_staff).read(["name"])
        self.env.cr.prerollback.run()
        lines = self._lines(self.south_staff)
        self.assertEqual(len(lines), 1, lines)
        self.assertFalse(lines[0]["client_id"], (lines, clients.ids))

    def test_a_closed_neighbour_is_nobodys_attempt(self):
        clients = self._as(self.north_staff, self.astrid | self.bo)
        self.assertEqual(clients[0].with_prefetch(clients.ids).name, "Astrid Ek")
        self._end_request()
        self.assertFalse(self._lines(self.north_staff, refused=True))

    def test_nobody_writes_the_log(self):
        log = self.env["care.access.log"].sudo()
        self.env["care.access.log"]._note_line("care.client", "read", client_id=self.astrid.id)
        self._end_request()
        vals = {"date": fields.Datetime.now(), "user_id": 1, "model": "care.client", "operation": "read"}
        line = log.browse(self._last_id())
        with self.assertRaises(UserError):
            log.create(vals)
        with self.assertRaises(UserError):
            line.write({"user_id": 2})
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            line.copy()
        for statement in (
            "UPDATE care_access_log SET user_id = 1",
            "DELETE FROM care_access_log",
            "TRUNCATE care_access_log",
            f"TRUNCATE care_access_log_{fields.Date.today():%Y_%m}",
        ):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                db_connect(self.env.cr.dbname).cursor() as cr,
            ):
                cr.execute(statement)

    def test_a_month_that_nobody_made_is_made(self):
        """The cron was off over New Year: the first reader of the month makes it."""
        self.assertFalse(sql.table_exists(self.env.cr, "care_access_log_2061_01"))
        log = self.env["care.access.log"].with_user(self.north_staff)
        new_year = fields.Datetime.to_datetime("2061-01-01 00:00:00")
        with patch.object(type(log), "_now", lambda log: new_year):
            log._note_places("care.client", [(self.astrid.id, self.astrid.id, self.company.id)])
            self._end_request()
        self.assertLogged(self.north_staff, self.astrid)

    def test_an_upgrade_keeps_the_lines(self):
        self.env["care.access.log"]._note_line("care.client", "read", client_id=self.astrid.id)
        self._end_request()
        self.env["care.access.log"].init()
        self.assertTrue(self._lines(client=self.astrid))
        self.assertIn("IF NOT EXISTS", access_log_table.TABLE)

    def test_who_reads_the_log(self):
        """Privacy officers of the company, and managers of the units that hold the file. Nobody else."""
        log = self.env["care.access.log"]
        self._write_lines(self.oncall_staff, self.astrid | self.bo)
        seen = {
            user.login: set(
                self._as(user, log).search([("user_id", "=", self.oncall_staff.id)]).client_id.ids
            )
            for user in (self.privacy_officer, self.north_manager, self.south_manager)
        }
        self.assertEqual(seen["privacy_officer"], {self.astrid.id, self.bo.id})
        self.assertEqual(seen["north_manager"], {self.astrid.id})
        self.assertEqual(seen["south_manager"], {self.bo.id})
        sysadmin = self._user("sysadmin", "base.group_system")
        for user in (
            self.north_staff,
            self.oncall_staff,
            self.oncall_lead,
            self.supporter,
            self.care_admin,
            sysadmin,
        ):
            with (
                self.assertRaises(AccessError, msg=user.login),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self._as(user, log).search([])
        stranger = self._stranger("stranger", "social_care.group_privacy_officer")
        self.assertFalse(self._as(stranger, log).search([("user_id", "=", self.oncall_staff.id)]))
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.north_manager.id, "reason": "Släkt"}
        )
        self.assertFalse(self._as(self.north_manager, log).search([("client_id", "=", self.astrid.id)]))
        self.bo.protection_level = "marked"
        both = self._user("both_roles", "social_care.group_care_staff,social_care.group_privacy_officer")
        self.assertTrue(self._as(both, log).search([("client_id", "=", self.bo.id)]))
