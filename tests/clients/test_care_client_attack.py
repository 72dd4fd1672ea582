import json

from odoo import Command, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common_attack import LOGGERS, THOROUGH, AttackCase, Try
from ..common_file import FILE_MODELS


@tagged("post_install", "-at_install")
class TestCareClientAttack(AttackCase, HttpCase):
    """Who is not named in DESIGN.md's sentences gets nothing, whichever door and trick they try."""

    def assertUnharmed(self):
        self.env.invalidate_all()
        for target in (self.current, self.ended, self.protected, self.locked):
            client = target["care.client"]
            self.assertEqual(client.firstname, f"Hemlig{client.lastname}")
            self.assertFalse(client.intake_unit_id)
            self.assertEqual(client.stay_ids, target["care.stay"])
            self.assertEqual(client.contact_ids.name, f"Syster till {client.lastname}")
            self.assertFalse(target["care.consent"].withdrawn_at)

    @mute_logger("odoo.addons.rpc.controllers.xmlrpc")  # it is deprecated, and still there
    def test_lawful_use_by_xmlrpc(self):
        self._use(self._call_xmlrpc, everything=False)

    def test_lawful_use_by_json2(self):
        self._use(self._call_json2, everything=False)

    @mute_logger(*LOGGERS)
    def test_the_public_gets_nothing(self):
        self.authenticate(None, None)
        tries = list(self._tries(self.current))
        for attempt in tries[:: max(1, len(tries) // 25)]:
            with self.subTest(tries=attempt.what):
                refused, _result, text = self._call_web(None, attempt)
                self.assertTrue(refused, text[:300])
                headers = {"Authorization": "bearer 0123456789abcdef"}
                for extra in ({}, headers):
                    url = f"/json/2/{attempt.model}/{attempt.method}"
                    answer = self.url_open(url, json={"context": {}, **attempt.kwargs}, headers=extra)
                    self.assertEqual(answer.status_code, 401, answer.text[:300])
        public = self.env.ref("base.public_user")
        for model in FILE_MODELS:
            for user in (public, self.portal):
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(
                        self._as(user, self.current[model]).has_access(operation), (model, operation)
                    )
                    self.assertFalse(
                        self._as(user, self.env[model]).has_access(operation), (model, operation)
                    )

    @mute_logger(*LOGGERS)
    def test_a_change_takes_effect_at_the_very_next_call(self):
        """In one and the same session, whatever was read and cached before."""
        member = self.north.member_ids.filtered(lambda m: m.user_id == self.north_staff)
        client, stay = self.current["care.client"], self.current["care.stay"]
        other = self.env["hr.employee"].create({"name": "Någon annan", "company_id": self.company.id})
        self.authenticate("north_staff", "north_staff")
        read = Try("read", "care.client", "read", client.ids, {"fields": ["lastname"]})
        count = Try("count", "care.client", "search_count", kwargs={"domain": [("id", "=", client.id)]})

        def may():
            answers = [self._call_web(self.north_staff, attempt) for attempt in (read, count)]
            answers.append(self._call_json2(self.north_staff, count))
            return {not refused and bool(result) for refused, result, _text in answers}

        for what, close, reopen in [
            (
                "the membership ends",
                lambda: member.write({"date_to": self._day(-1)}),
                lambda: member.write({"date_to": False}),
            ),
            (
                "the membership is given to another user",
                lambda: member.write({"employee_id": other.id}),
                lambda: member.write({"employee_id": self._employee(self.north_staff).id}),
            ),
            (
                "the stay ended long ago",
                lambda: stay.write({"date_to": self._day(-15)}),
                lambda: stay.write({"date_to": False}),
            ),
            (
                "the client becomes a protected person",
                lambda: client.write({"protection_level": "marked"}),
                lambda: client.write({"protection_level": "none"}),
            ),
            (
                "a lockout",
                lambda: self._lockout(client, self.north_staff),
                lambda: client.lockout_ids.filtered(
                    lambda lockout: lockout.user_id == self.north_staff
                ).write({"date_from": self._day(-3), "date_to": self._day(-1)}),
            ),
            (
                "the group is taken away",
                lambda: self.north_staff.write(
                    {"group_ids": [Command.unlink(self.env.ref("social_care.group_care_staff").id)]}
                ),
                lambda: self.north_staff.write(
                    {"group_ids": [Command.link(self.env.ref("social_care.group_care_staff").id)]}
                ),
            ),
        ]:
            with self.subTest(what=what):
                self.assertEqual(may(), {True}, "before")
                close()
                self.assertEqual(may(), {False}, "after")
                reopen()
                self.assertEqual(may(), {True}, "again")

    @mute_logger(*LOGGERS)
    def test_routes(self):
        """Pages, files, pictures, exports and the routes of messages."""
        for who, (user, target) in self.attackers.items():
            if who not in THOROUGH | {"a portal user", "a member until yesterday"}:
                continue
            self.authenticate(user.login, user.login)
            for what, call in self._routes(target):
                with self.subTest(who=who, tries=what):
                    self.assertRouteClosed(target, what, call())
        self.authenticate(None, None)
        for what, call in self._routes(self.current):
            with self.subTest(who="the public", tries=what):
                self.assertRouteClosed(self.current, what, call())
        self.assertUnharmed()

    def assertRouteClosed(self, target, what, answer):
        text = answer.text.lower()
        for secret in self._secrets(target):
            self.assertNotIn(secret.lower(), text)
        if what.startswith("closed: "):
            body = answer.json()
            self.assertTrue("error" in body or not body["result"], body)

    def _routes(self, target):
        client, stay = target["care.client"], target["care.stay"]
        file, _other = target["ir.attachment"]
        thread = {"thread_model": "care.stay", "thread_id": stay.id}
        for url in [
            f"/web/content/{file.id}",
            f"/web/content/{file.id}?download=true",
            f"/web/content?model=ir.attachment&id={file.id}&field=raw",
            f"/web/content/care.client/{client.id}/lastname",
            f"/web/content/care.stay/{stay.id}/display_name",
            f"/web/image/{file.id}",
            f"/web/image/care.client/{client.id}/lastname",
            f"/mail/view?model=care.client&res_id={client.id}",
            f"/mail/view?model=care.stay&res_id={stay.id}",
            f"/mail/message/{target['mail.message'][:1].id}",
            f"/odoo/clients/{client.id}",
            f"/odoo/action-social_care.care_stay_action/{stay.id}",
        ]:
            yield url, lambda url=url: self.url_open(url)
        headers = self._key_of_session()
        yield "/json/1/clients", lambda: self.url_open("/json/1/clients", headers=headers)
        export = {
            "model": "care.client",
            "fields": [{"name": name, "label": name, "type": "char"} for name in ("name", "personal_number")],
            "ids": client.ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
        }
        for form, groupby in (("csv", []), ("xlsx", []), ("xlsx", ["lastname"])):
            data = json.dumps({**export, "groupby": groupby, "domain": [("id", "=", client.id)]})
            yield (
                f"export {form} {groupby}",
                lambda form=form, data=data: self.url_open(
                    f"/web/export/{form}", data={"data": data, "csrf_token": http.Request.csrf_token(self)}
                ),
            )
        for what, url, params in [
            ("messages", "/mail/thread/messages", thread),
            ("thread", "/mail/data", {"fetch_params": [["mail.thread", {**thread, "request_list": ["activities"]}]]}),
            ("closed: post", "/mail/message/post", {**thread, "post_data": {"body": "x"}}),
            ("closed: follow", "/mail/thread/subscribe", {"res_model": "care.stay", "res_id": stay.id,
                                                  "partner_ids": [self.env.ref("base.partner_root").id]}),
            ("recipients", "/mail/thread/recipients", {"thread_model": "care.stay", "thread_id": stay.id}),
            ("followers", "/mail/read_subscription_data", {"follower_id": 1}),
            ("systray", "/mail/data", {"fetch_params": ["systray_get_activities", "init_messaging"]}),
            ("inbox", "/mail/inbox/messages", {}),
            ("bus", "/websocket/peek_notifications", {"channels": [f"care.client_{client.id}", f"care.stay_{stay.id}"],
                                                      "last": 0, "is_first_poll": True}),
        ]:  # fmt: skip
            body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
            yield what, lambda url=url, body=body: self.url_open(url, json=body)

    @mute_logger("odoo.http")  # nobody posts on a stay
    def test_routes_of_lawful_use(self):
        self.authenticate("north_manager", "north_manager")
        shown = {}
        for what, call in self._routes(self.current):
            shown[what] = "zwxq" in call().text.lower()
        file = self.current["ir.attachment"][0]
        for what in (f"/web/content/{file.id}", "export csv []", "messages", "/json/1/clients"):
            self.assertTrue(shown[what], f"{what}: {shown}")
        for record in (self.current["care.client"], self.current["care.stay"]):
            link = self.url_open(f"/mail/view?model={record._name}&res_id={record.id}")
            self.assertIn(f"/odoo/{record._name}/{record.id}", link.url, "the link in an e-mail")
        self.logout()
        link = self.url_open(f"/mail/view?model=care.stay&res_id={self.current['care.stay'].id}")
        self.assertIn("/web/login", link.url)

    def test_nothing_outside_points_at_a_file(self):
        """Relations lead from the file outwards, never from a contact, user, employee or unit into it."""
        walled = {name for name, model in self.env.registry.items() if "opened_by" in model._fields}
        for name, model in self.env.registry.items():
            if name in walled or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if field.comodel_name in walled:
                    self.assertTrue(
                        name.startswith("care."), f"{name}.{field.name} points at {field.comodel_name}"
                    )
