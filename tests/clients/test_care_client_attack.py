from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common_attack import LOGGERS, DoorsCase, Try
from ..common_file import FILE_MODELS, FileCase


@tagged("post_install", "-at_install")
class TestCareClientAttack(DoorsCase, FileCase, HttpCase):
    """What a sample of attempts (see test_attack) cannot show: what changes between two calls, and who has no role."""

    @mute_logger(*LOGGERS)
    def test_the_public_gets_nothing(self):
        self.authenticate(None, None)
        attempt = Try("read", "care.client", "read", self.astrid.ids, {"fields": ["lastname"]})
        refused, _result, text = self._call_web(None, attempt)
        self.assertTrue(refused, text[:300])
        for headers in ({}, {"Authorization": "bearer 0123456789abcdef"}):
            answer = self.url_open("/json/2/care.client/search", json={"domain": []}, headers=headers)
            self.assertEqual(answer.status_code, 401, answer.text[:300])
        public, portal = (
            self.env.ref("base.public_user"),
            new_test_user(self.env, "portal_user", "base.group_portal"),
        )
        for model in FILE_MODELS:
            for records in (self.files[self.astrid][model], self.env[model]):
                for user in (public, portal):
                    for operation in ("read", "write", "create", "unlink"):
                        self.assertFalse(self._as(user, records).has_access(operation), (model, operation))

    @mute_logger(*LOGGERS)
    def test_a_change_takes_effect_at_the_very_next_call(self):
        """In one and the same session, whatever was read and cached before."""
        member = self.north.member_ids.filtered(lambda m: m.user_id == self.north_staff)
        client, stay = self.astrid, self.stay_astrid
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

    def test_the_link_in_an_email(self):
        self.authenticate("north_manager", "north_manager")
        for record in (self.astrid, self.stay_astrid):
            link = self.url_open(f"/mail/view?model={record._name}&res_id={record.id}")
            self.assertIn(f"/odoo/{record._name}/{record.id}", link.url)
        self.logout()
        link = self.url_open(f"/mail/view?model=care.stay&res_id={self.stay_astrid.id}")
        self.assertIn("/web/login", link.url)

    def test_nothing_outside_points_at_a_file(self):
        """Relations lead from the file outwards, never from a contact, user, employee or unit into it."""
        walled = {name for name, model in self.env.registry.items() if model._wall == "file"}
        for name, model in self.env.registry.items():
            if name in walled or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if field.comodel_name in walled:
                    self.assertTrue(
                        name.startswith("care."), f"{name}.{field.name} points at {field.comodel_name}"
                    )
