import json
from contextlib import closing
from unittest.mock import patch

from odoo import http
from odoo.sql_db import db_connect
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools import access_gathered
from ...tools.attached import by_app
from ..common_access_log import AccessLogCase
from ..common_attack import DoorsCase, Try

CLIENT = "care.client"


@tagged("post_install", "-at_install")
class TestCareAccessLogWays(DoorsCase, AccessLogCase, HttpCase):
    """Each way to Astrid's file, sent as it is sent from outside, and the one line that it leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north_manager.group_ids |= cls.env.ref("base.group_allow_export")
        cls.erik = cls._client("Erik", "Sten", phone="08-111 22 33")
        cls._stay(cls.erik, cls.north, -10)
        with by_app():  # as an earlier version let it be stored
            cls.attachment = cls.env["ir.attachment"].create(
                {
                    "name": "bild.png",
                    "raw": b"hemligt",
                    "mimetype": "text/plain",
                    "res_model": "care.stay",
                    "res_id": cls.stay_astrid.id,
                }
            )
            cls.stay_astrid.activity_schedule(
                "mail.mail_activity_data_todo", summary="Ring", note="hemligt", user_id=cls.north_manager.id
            )

    def assertSeen(self, what, user, operation, model=CLIENT, channel="web", others=(), **values):
        """One line of this kind about Astrid, and none about a client whom nobody saw."""
        lines = [line for line in self._lines(user) if line["id"] > self._before]
        told = [
            line
            for line in lines
            if line["client_id"] == self.astrid.id
            and (line["model"], line["operation"], line["channel"]) == (model, operation, channel)
            and all(line[name] == value for name, value in values.items())
        ]
        self.assertEqual(len(told), 1, f"{what}: {lines}")
        seen = {line["client_id"] for line in lines}
        self.assertEqual(seen, {self.astrid.id, *others}, f"{what}: {lines}")
        kinds = [(line["client_id"], line["model"], line["operation"]) for line in lines]
        self.assertEqual(len(kinds), len(set(kinds)), f"{what}: {lines}")

    def _mute(self, *loggers):
        muted = mute_logger(*loggers)
        muted.__enter__()
        self.addCleanup(muted.__exit__)

    def _next(self):
        self._end_request()
        self._tick()
        self._before = max((line["id"] for line in self._lines()), default=self._since)

    def _ways(self):
        """``(what, model, method, ids, kwargs, model of the line, operation)``."""
        ids, own = self.astrid.ids, [("id", "=", self.astrid.id)]
        named = [("lastname", "=", "Ek")]
        spec = {"name": {}, "phone": {}}
        yield "read", CLIENT, "read", ids, {"fields": ["name"]}, CLIENT, "read"
        yield "read all", CLIENT, "read", ids, {}, CLIENT, "read"
        yield "web_read", CLIENT, "web_read", ids, {"specification": spec}, CLIENT, "read"
        yield "search_read", CLIENT, "search_read", None, {"domain": own, "fields": ["name"]}, CLIENT, "read"
        yield (
            "web_search_read",
            CLIENT,
            "web_search_read",
            None,
            {"domain": own, "specification": spec},
            CLIENT,
            "read",
        )
        yield "search", CLIENT, "search", None, {"domain": named}, CLIENT, "search"
        yield "search_count", CLIENT, "search_count", None, {"domain": named}, CLIENT, "search"
        yield "name_search", CLIENT, "name_search", None, {"name": "Ek"}, CLIENT, "search"
        yield (
            "web_name_search",
            CLIENT,
            "web_name_search",
            None,
            {"name": "Ek", "specification": {"display_name": {}}},
            CLIENT,
            "search",
        )
        yield (
            "group",
            CLIENT,
            "formatted_read_group",
            None,
            {"domain": own, "groupby": ["lastname"], "aggregates": ["__count"]},
            CLIENT,
            "search",
        )
        yield (
            "group by filter",
            CLIENT,
            "formatted_read_group",
            None,
            {"domain": named, "groupby": [], "aggregates": ["__count"]},
            CLIENT,
            "search",
        )
        yield (
            "web_read_group",
            CLIENT,
            "web_read_group",
            None,
            {"domain": own, "groupby": ["lastname"], "aggregates": ["__count"]},
            CLIENT,
            "search",
        )
        yield "onchange", "care.client.contact", "onchange", [], {
            "values": {}, "field_names": [], "context": {"default_client_id": self.astrid.id},
            "fields_spec": {"client_id": {"fields": {"name": {}, "phone": {}}}},
        }, CLIENT, "read"  # fmt: skip
        yield "through a relation", "care.stay", "web_read", self.stay_astrid.ids, {
            "specification": {"client_id": {"fields": {"name": {}}}}
        }, CLIENT, "read"  # fmt: skip
        yield "through a relation", "care.stay", "web_read", self.stay_astrid.ids, {
            "specification": {"date_from": {}}
        }, "care.stay", "read"  # fmt: skip
        yield (
            "an attachment",
            "ir.attachment",
            "read",
            self.attachment.ids,
            {"fields": ["raw"]},
            "care.stay",
            "read",
        )
        yield "a file's search", "ir.attachment", "search_read", None, {
            "domain": [("id", "=", self.attachment.id)], "fields": ["datas"]
        }, "care.stay", "read"  # fmt: skip

    def test_each_call_through_each_door(self):
        doors = {"web": self._call_web, "json2": self._call_json2, "rpc": self._call_xmlrpc}
        self.authenticate("north_manager", "north_manager")
        self._mute("odoo.addons.rpc.controllers.xmlrpc")
        for channel, call in doors.items():
            for what, model, method, ids, kwargs, of_model, operation in self._ways():
                self._next()
                refused, _result, text = call(self.north_manager, Try(what, model, method, ids, kwargs))
                self.assertFalse(refused, f"{channel} {what}: {text[:400]}")
                self.assertSeen(f"{channel}: {what}", self.north_manager, operation, of_model, channel)

    def test_saving_reads_and_changes(self):
        self.authenticate("north_staff", "north_staff")
        self._next()
        answer = self._call_web(
            self.north_staff,
            Try(
                "save",
                CLIENT,
                "web_save",
                self.astrid.ids,
                {"vals": {"communication": "Lugnt"}, "specification": {"name": {}}},
            ),
        )
        self.assertFalse(answer[0], answer[2])
        self.assertSeen("save", self.north_staff, "write")
        self.assertSeen("save", self.north_staff, "read")

    def test_a_list_is_one_line_a_client(self):
        self.authenticate("north_manager", "north_manager")
        self._next()
        spec = {"name": {}, "phone": {}, "contact_person_id": {"fields": {"display_name": {}}}}
        self._call_web(
            self.north_manager,
            Try("list", CLIENT, "web_search_read", None, {"domain": [], "specification": spec}),
        )
        clients = self.env[CLIENT].with_user(self.north_manager).search([])
        self.assertSeen("list", self.north_manager, "read", others=clients.ids)

    def test_statistics_by_unit_and_date_are_of_nobody(self):
        self.authenticate("north_manager", "north_manager")
        for groupby in ("unit_id", "date_from:month"):
            self._next()
            kwargs = {"domain": [], "groupby": [groupby], "aggregates": ["__count"]}
            self._call_web(
                self.north_manager, Try("statistics", "care.stay", "formatted_read_group", None, kwargs)
            )
            self.assertFalse([line for line in self._lines(self.north_manager) if line["id"] > self._before])

    def test_an_export_is_an_export(self):
        self.authenticate("north_manager", "north_manager")
        self._next()
        data = {
            "model": CLIENT,
            "fields": [
                {"name": "name", "label": "N"},
                {"name": "stay_ids/date_from", "label": "S"},
            ],
            "ids": self.astrid.ids,
            "domain": [],
            "import_compat": False,
        }
        answer = self.url_open("/web/export/csv", data={"data": json.dumps(data), "csrf_token": self._csrf()})
        self.assertIn("Ek", answer.text)
        self.assertSeen("csv", self.north_manager, "export")
        self._next()
        answer = self._call_web(
            self.north_manager,
            Try("export_data", CLIENT, "export_data", self.astrid.ids, {"fields_to_export": ["name"]}),
        )
        self.assertSeen("export_data", self.north_manager, "export")

    def _csrf(self):
        return http.Request.csrf_token(self)

    def test_files_are_logged_when_they_are_sent(self):
        self.authenticate("north_manager", "north_manager")
        for url in (
            f"/web/content/{self.attachment.id}",
            f"/web/image/{self.attachment.id}",
            f"/web/content/ir.attachment/{self.attachment.id}/raw",
        ):
            self._next()
            self.assertEqual(self.url_open(url).status_code, 200, url)
            self.assertSeen(url, self.north_manager, "read", "care.stay")

    def test_what_is_written_on_a_record_is_seen(self):
        with by_app():  # as an earlier version let it be stored
            self.stay_astrid.sudo()._message_log(body="hemligt")
        self.authenticate("north_manager", "north_manager")
        for what, route, params in [
            (
                "messages",
                "/mail/thread/messages",
                {"thread_model": "care.stay", "thread_id": self.stay_astrid.id},
            ),
        ]:
            self._next()
            answer = self.make_jsonrpc_request(route, params)
            self.assertIn("hemligt", json.dumps(answer), what)
            self.assertSeen(what, self.north_manager, "read", "care.stay")
        activity = self.stay_astrid.activity_ids
        for method, kwargs in (("read", {"fields": ["note"]}), ("activity_format", {})):
            self._next()
            answer = self._call_web(
                self.north_manager, Try(method, "mail.activity", method, activity.ids, kwargs)
            )
            self.assertIn("hemligt", answer[2])
            self.assertSeen(method, self.north_manager, "read", "care.stay")

    def test_the_web_client_itself_opens_no_file(self):
        """Loading the web client counts activities; it shows nobody's file."""
        self.authenticate("north_manager", "north_manager")
        self._next()
        self.url_open("/odoo")
        self.make_jsonrpc_request("/mail/data", {"fetch_params": ["systray_get_activities"]})
        self.assertFalse([line for line in self._lines(self.north_manager) if line["id"] > self._before])

    def test_a_print_is_a_print(self):
        self.authenticate("north_manager", "north_manager")
        self._next()
        wizard = (
            self.env["care.access.log.print"]
            .with_user(self.north_manager)
            .create({"client_id": self.astrid.id})
        )
        answer = self.url_open(f"/report/html/social_care.care_access_log_report/{wizard.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertSeen("print", self.north_manager, "print")

    def test_a_refusal_through_each_door(self):
        doors = {"web": self._call_web, "json2": self._call_json2, "rpc": self._call_xmlrpc}
        self.authenticate("south_staff", "south_staff")
        for channel, call in doors.items():
            for method, kwargs in (
                ("read", {"fields": ["name"]}),
                ("web_read", {"specification": {"name": {}}}),
                ("write", {"vals": {"communication": "x"}}),
            ):
                self._next()
                with mute_logger(
                    "odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.rpc.controllers.xmlrpc"
                ):
                    refused, _result, _text = call(
                        self.south_staff, Try(method, CLIENT, method, self.astrid.ids, kwargs)
                    )
                self.assertTrue(refused)
                operation = "write" if method == "write" else "read"
                self.assertSeen(
                    f"{channel} {method}", self.south_staff, operation, channel=channel, refused=True
                )

    def test_what_cannot_be_logged_is_not_shown(self):
        self.authenticate("north_staff", "north_staff")
        self._next()
        with (
            patch.object(access_gathered, "db_connect", side_effect=OSError("no connection")),
            mute_logger("odoo.http", "odoo.addons.social_care.models.access_log.care_access_log_writing"),
        ):
            refused, _result, text = self._call_web(
                self.north_staff, Try("read", CLIENT, "read", self.astrid.ids, {"fields": ["name"]})
            )
        self.assertTrue(refused)
        self.assertNotIn("Astrid", text)
        self.assertIn("not shown", text)

    def test_a_rollback_loses_no_reading_and_keeps_no_change(self):
        client = self._as(self.north_staff, self.astrid)
        self._next()
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            client.read(["name"])
            client.write({"communication": "x"})
            raise ValueError("no")
        self.env.cr.prerollback.run()
        self.assertSeen("a rollback", self.north_staff, "read", channel="server")
        self.assertFalse(self._lines(self.north_staff, operation="write"))

    def test_two_real_transactions(self):
        """The line is there for others while the reader's transaction is open, and after its rollback."""
        registry = self.env.registry
        client_id, user_id = self.astrid.id, self.north_staff.id
        with closing(db_connect(self.env.cr.dbname).cursor()) as cr:
            env = self.env(cr=cr)
            env["care.access.log"].with_user(1)._note_line(
                CLIENT, "read", user_id=user_id, client_id=client_id
            )
            cr.flush()
            self.assertTrue(self._lines(self.north_staff, self.astrid))
            cr.rollback()
        self.assertTrue(self._lines(self.north_staff, self.astrid))
        self.assertTrue(registry.ready)
