from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import html2plaintext, mute_logger

from ...tools.access_gathered import Gathered
from ..common_access_log import AccessLogCase


@tagged("post_install", "-at_install")
class TestCareAccessLogWho(AccessLogCase, TransactionCase):
    """In plain words: who, with which title, from which unit, saw what, when and by which way."""

    def _wizard(self, user, client, **vals):
        """Filled in by Odoo itself: what a stranger makes of it is the report's to refuse."""
        wizard = self.env["care.access.log.print"].create({"client_id": client.id, **vals})
        wizard.sudo()._write({"create_uid": user.id})
        wizard.invalidate_recordset(["create_uid"])
        return wizard

    def _report(self, user, client, **vals):
        report = self.env["report.social_care.care_access_log_report"]
        return self._as(user, report)._get_report_values(self._wizard(user, client, **vals).ids)

    def _written(self):
        """The day of what was written now: the log's clock runs ahead in these tests, past midnight on some evenings."""
        return fields.Datetime.context_timestamp(self.company, self._clock).date()

    def test_who_opened_the_double(self):
        double = self._client("Astrid", "Ek", intake_unit_id=self.north.id)
        self._write_lines(self.south_staff, double)
        self._as(self.north_manager, double).action_join(self.astrid.id)
        report = self._report(self.north_manager, self.astrid, date_to=self._written())
        [days] = report["days"].values()
        names = {row["who"] for _day, rows in days for row in rows}
        self.assertIn(self.south_staff.care_name, names)

    def test_h_a_line_whose_user_is_gone(self):
        self._write_lines(self.north_staff, self.astrid)
        self.env.cr.execute(
            "INSERT INTO care_access_log (user_id, client_id, model, operation, channel, date, company_id)"
            " SELECT 2000000000, client_id, model, operation, channel, date, company_id FROM care_access_log"
            " WHERE user_id = %s LIMIT 1",
            [self.north_staff.id],
        )
        names = {"user_id": {"fields": {"display_name": {}}}, "user_title": {}, "unit_names": {}, "what": {}}
        lines = self._as(self.privacy_officer, self.env["care.access.log"])
        found = lines.web_search_read([("client_id", "=", self.astrid.id)], names)["records"]
        self.assertGreater(len(found), 1)

    def test_a_line_in_plain_words(self):
        self._employee(self.north_staff).job_title = "Stödassistent"
        self._write_lines(self.north_staff, self.astrid)
        line = self._as(self.north_manager, self.env["care.access.log"]).search(
            [("client_id", "=", self.astrid.id), ("user_id", "=", self.north_staff.id)]
        )
        self.assertEqual(
            line.read(["what", "user_title", "unit_names", "client_reference", "is_emergency"])[0],
            {
                "id": line.id,
                "what": "Client",
                "user_title": "Stödassistent",
                "unit_names": "Norr",
                "client_reference": self.astrid.reference,
                "is_emergency": False,
            },
        )

    def test_the_manager_opens_a_day_of_the_list(self):
        self._write_lines(self.north_staff, self.astrid)
        log = self._as(self.north_manager, self.env["care.access.log"])
        domain = self._as(self.north_manager, self.astrid).action_who_opened()["domain"]
        spec = {
            name: {}
            for name in ("date", "operation", "channel", "refused", "what", "unit_names", "user_title")
        }
        spec |= {"user_id": {"fields": {"display_name": {}}}, "is_emergency": {}}
        self.assertTrue(log.web_search_read(domain, spec)["records"])
        groups = log.web_read_group(
            domain, ["date:day"], ["__count"], auto_unfold=True, unfold_read_specification=spec
        )
        self.assertTrue(groups["groups"])
        other = self.env["care.access.log"].search([("user_id", "=", self.north_staff.id)])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            other.with_user(self.south_manager).check_access("read")

    def test_the_unit_is_that_of_the_day(self):
        was_here = self._user("was_here", "social_care.group_care_staff")
        self._member(self.south, was_here, start=-300, end=-1)
        self._member(self.north, was_here, start=0)
        self._write_lines(was_here, self.astrid)
        line = self.env["care.access.log"].search([("user_id", "=", was_here.id)])
        self.assertEqual(line.unit_names, "Norr")

    def test_found_by_the_exact_reference_alone(self):
        self._write_lines(self.north_staff, self.astrid | self.bo)
        log = self._as(self.privacy_officer, self.env["care.access.log"])
        found = log.search([("client_reference", "=", self.astrid.reference)])
        self.assertEqual(found.client_id.ids, self.astrid.ids)
        self.assertFalse(log.search([("client_reference", "=", self.astrid.reference[:3])]))
        rows = log.web_search_read(
            [("client_reference", "=", self.astrid.reference)],
            {"client_reference": {}, "client_id": {"fields": {"display_name": {}}}, "user_id": {}},
        )["records"]
        self.assertNotIn("Astrid", str(rows))

    def test_lines_of_what_is_gone_can_be_read(self):
        gone = self._client("Borta", "Bort")
        self._write_lines(self.north_staff, gone)
        gone_id = gone.id
        gone.unlink()
        log = self._as(self.privacy_officer, self.env["care.access.log"])
        spec = {
            "client_reference": {},
            "client_id": {},
            "user_id": {"fields": {"display_name": {}}},
            "what": {},
        }
        rows = log.web_search_read([("client_id", "=", gone_id)], spec)["records"]
        self.assertEqual(len(rows), 1)
        self.assertFalse(rows[0]["client_reference"])

    def test_who_is_in_the_log_is_archived_and_not_deleted(self):
        user = self._user("leaver", "base.group_user")
        self._write_lines(user, self.astrid)
        with self.assertRaises(UserError):
            user.unlink()
        user.action_archive()
        self._user("never_here", "base.group_user").unlink()

    def test_only_the_clients_manager_opens_the_list(self):
        action = self._as(self.north_manager, self.astrid).action_who_opened()
        self.assertEqual(action["domain"], [("client_id", "=", self.astrid.id)])
        for user in (self.north_staff, self.south_manager, self.oncall_lead, self.privacy_officer):
            with (
                self.subTest(user=user.login),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"),
            ):
                self._as(user, self.astrid).action_who_opened()
            with (
                self.subTest(user=user.login),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"),
            ):
                self._report(user, self.astrid)

    def test_another_managers_choice_of_days_is_no_report(self):
        wizard = self._wizard(self.north_manager, self.astrid)
        colleague = self._user("second_manager", "social_care.group_care_manager")
        self._member(self.north, colleague, "manager")
        mine = self._once_open(colleague, wizard)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            mine.env["report.social_care.care_access_log_report"]._get_report_values(mine.ids)

    def test_whoever_finds_a_client_by_a_number_leaves_a_line(self):
        """It is known then that the person is a client, though nothing is saved."""
        key = {"client_key": "19400604-9987"}
        for model, missing in (
            ("care.client.lockout", {"user_id": self.north_staff.id, "reason": "Släkt"}),
            ("care.subject.request", {"identity": "Känd av personalen"}),
        ):
            with self.subTest(model=model):
                self._tick()
                self._forget()
                before = self._last_id()
                records = self._as(self.privacy_officer, self.env[model])
                with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    records.create(dict(key))
                Gathered.of(self.env["care.access.log"]).write_before_rollback()  # the request has failed
                lines = [
                    line for line in self._lines(self.privacy_officer, self.astrid) if line["id"] > before
                ]
                self.assertEqual([line["operation"] for line in lines], ["search"])
                for user in (self.north_staff, self.care_admin, self.oncall_lead):
                    for number in ("19400604-9987", "19400604-9980"):
                        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                            self._as(user, self.env[model]).create({**missing, "client_key": number})

    def test_the_print(self):
        """One row for each person and day; refused attempts opened nothing and are not among them."""
        self._write_lines(self.north_staff, self.astrid)
        self.env["care.access.log"].with_user(self.south_staff)._note_refused("read", self.astrid)
        self._end_request()
        wizard = self._wizard(self.north_manager, self.astrid, date_to=self._written())
        reports = self.env["ir.actions.report"].with_user(self.north_manager)
        html, _type = reports._render_qweb_html("social_care.care_access_log_report", wizard.ids)
        text = html2plaintext(html.decode())
        self.assertIn(self.north_staff.name, text)
        self.assertIn(self.astrid.reference, text)
        self.assertNotIn(self.south_staff.name, text)
        self.assertNotIn("care.client", text)
        self._end_request()
        self.assertLogged(self.north_manager, self.astrid, operation="print")

    def test_the_days_that_the_manager_chooses(self):
        """Twelve months by default; the first and the last day are whole days where care is given."""
        self._write_lines(self.north_staff, self.astrid)
        client = self._as(self.north_manager, self.astrid)
        action = client.action_print_who_opened()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.north_manager)
            .with_context(**action["context"])
            .create({})
        )
        today = fields.Date.context_today(wizard)
        self.assertEqual((wizard.date_from, wizard.date_to), (today - relativedelta(months=12), today))
        wizard.client_id.company_id.sudo().care_tz = "Europe/Stockholm"
        wizard.write({"date_from": "2026-07-01", "date_to": "2026-07-02"})
        self.assertEqual(
            [str(limit) for limit in wizard._limits()], ["2026-06-30 22:00:00", "2026-07-02 22:00:00"]
        )
        written = self._written()
        for first, last, seen in ((0, 0, True), (1, 2, False), (-2, -1, False), (-1, 1, True)):
            days = {"date_from": written + timedelta(days=first), "date_to": written + timedelta(days=last)}
            values = self._report(self.north_manager, self.astrid, **days)
            (rows,) = values["days"].values()
            self.assertEqual(bool(rows), seen, days)
        self.assertEqual(wizard.action_print()["report_name"], "social_care.care_access_log_report")
        with self.assertRaises(ValidationError):
            wizard.write({"date_from": today, "date_to": today - timedelta(days=1)})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self._as(self.north_staff, self.astrid).action_print_who_opened()

    def test_a_list_asks_as_often_for_many_lines(self):
        log = self._as(self.privacy_officer, self.env["care.access.log"])
        spec = {name: {} for name in ("client_reference", "what", "user_title", "unit_names", "date")}
        counts = []
        for clients in (self.astrid, self.bo | self.cilla | self.dan):
            self._write_lines(self.north_staff, clients)
            self._tick()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            log.web_search_read([("user_id", "=", self.north_staff.id)], spec)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
