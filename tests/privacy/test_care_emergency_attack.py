from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common_attack import LOGGERS, DoorsCase, Try
from ..common_file import FileCase


@tagged("post_install", "-at_install")
class TestCareEmergencyAttack(DoorsCase, FileCase, HttpCase):
    """What opens, closes and reviews access, through Odoo's doors; see test_attack for all whom no sentence names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        client, now = cls.astrid, fields.Datetime.now()
        cls.intruder = cls._user("intruder", "social_care.group_care_staff")
        cls._member(cls.south, cls.intruder)
        who = {"client_id": client.id, "user_id": cls.intruder.id}
        cls.review = cls.env["care.access.review"].create(
            {"unit_id": cls.north.id, "month": cls.today.replace(day=1), "due_date": cls.today}
        )
        hour = timedelta(hours=1)
        access = {**who, "reason": "Ropar på hjälp", "date_from": now - hour, "date_to": now + hour}
        line = {**who, "review_id": cls.review.id, "first_at": now, "last_at": now}
        cls.env["care.emergency.attempt"]._record(cls.env.cr, cls.intruder.id, cls.company.id, client.id)
        change = {"kind": "lockout", "name": client.reference, "company_id": cls.company.id, "after": "x"}
        cls.target = {
            "care.client": client,
            "care.emergency.access": cls.env["care.emergency.access"].create(
                {**access, "review_due": cls.today}
            ),
            "care.emergency.attempt": cls.env["care.emergency.attempt"].search(
                [("user_id", "=", cls.intruder.id)]
            ),
            "care.access.review": cls.review,
            "care.access.review.line": cls.env["care.access.review.line"].create(line),
            "care.access.change": cls.env["care.access.change"]._note([change]),
            "care.client.lockout": cls.env["care.client.lockout"].create({**who, "reason": "Granne"}),
        }

    def _tries_to_make(self, target):
        """Made by the app alone: by no values, and no defaults, of the caller's."""
        client, now = target["care.client"], fields.Datetime.to_string(fields.Datetime.now())
        for model, values in {
            "care.emergency.access": {
                "client_id": client.id,
                "user_id": self.env.uid,
                "reason": "Därför att jag vill",
                "date_from": now,
                "date_to": "2099-01-01 00:00:00",
                "review_due": "2099-01-01",
            },
            "care.emergency.attempt": {"user_id": self.env.uid, "company_id": self.company.id, "date": now},
            "care.access.review": {"unit_id": self.south.id, "month": "2020-01-01", "due_date": "2099-01-01"},
            "care.access.review.line": {
                "review_id": self.review.id,
                "client_id": client.id,
                "user_id": self.env.uid,
                "first_at": now,
                "last_at": now,
            },
            "care.access.change": {"kind": "group", "name": "Inget särskilt"},
            "care.client.lockout": {
                "client_id": client.id,
                "user_id": self.north_manager.id,
                "reason": "Så att ingen ser",
            },
        }.items():
            yield Try(f"create {model}", model, "create", None, {"vals_list": [values]})
            context = {f"default_{name}": value for name, value in values.items()}
            yield Try(
                f"create {model} by defaults", model, "create", None, {"vals_list": [{}], "context": context}
            )
            yield Try(
                f"import {model}",
                model,
                "load",
                None,
                {"fields": list(values), "data": [[str(value) for value in values.values()]]},
            )

    def _tries_to_write(self, target):
        for model, values in [
            ("care.emergency.access", {"date_to": "2099-01-01 00:00:00"}),
            ("care.emergency.access", {"judgement": "motivated"}),
            ("care.emergency.attempt", {"user_id": self.south_staff.id}),
            ("care.access.review", {"state": "done"}),
            ("care.access.review", {"line_ids": [[2, target["care.access.review.line"].id, 0]]}),
            ("care.access.review.line", {"judgement": "ok"}),
            ("care.access.review.line", {"user_id": self.south_staff.id}),
            ("care.access.change", {"seen_at": "2020-01-01 00:00:00"}),
            ("care.client.lockout", {"date_to": "2020-01-01"}),
            ("care.client.lockout", {"user_id": self.south_staff.id}),
        ]:
            yield Try(f"write {model} {values}", model, "write", target[model].ids, {"vals": values})

    @mute_logger(*LOGGERS)
    def test_the_officer_makes_and_rewrites_nothing(self):
        """The one role that reads all this: it judges and locks out, by verbs, and forges nothing."""
        self.authenticate("privacy_officer", "privacy_officer")
        tries = [*self._tries_to_make(self.target), *self._tries_to_write(self.target)]
        for attempt in tries:
            if attempt.model == "care.client.lockout" or attempt.kwargs == {"vals": {"judgement": "ok"}}:
                continue  # theirs to decide; not whom it concerns, see test_care_client_lockout
            with self.subTest(tries=attempt.what):
                refused, result, text = self._call_web(self.privacy_officer, attempt)
                self.assertTrue(refused or not result["ids"], text[:500])
        self.assertUnharmed()

    def assertUnharmed(self):
        self.env.invalidate_all()
        access, line = self.target["care.emergency.access"], self.target["care.access.review.line"]
        lockout, change = self.target["care.client.lockout"], self.target["care.access.change"]
        self.assertFalse(access.judgement or line.judgement or change.seen_at or lockout.date_to)
        self.assertTrue(access.is_open)
        self.assertEqual(access.user_id | lockout.user_id, self.intruder)
        own = self.env["care.emergency.access"].search([("client_id", "=", access.client_id.id)])
        self.assertEqual(own, access)
        self.assertEqual((self.review.state, self.review.line_ids), ("open", line))
        self.assertEqual(self.env["care.access.review"].search([("unit_id", "=", self.south.id)]).ids, [])

    @mute_logger(*LOGGERS)
    def test_unknown_and_locked_out_get_the_same_bytes(self):
        self.authenticate("north_staff", "north_staff")
        client = self.astrid
        self._lockout(client, self.north_staff)
        for call in (self._call_web, self._call_json2):
            answers = []
            for key in ("K9999999", client.reference):
                kwargs = {"identifier": key, "reason": "Ropar på hjälp, svarar inte"}
                attempt = Try(key, "care.emergency.access", "action_open", None, kwargs)
                refused, _result, text = call(self.north_staff, attempt)
                self.assertTrue(refused)
                answers.append(text)
            self.assertEqual(*answers)
