from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common_attack import LOGGERS, AttackCase, Try

MODELS = (
    "care.emergency.access", "care.emergency.miss", "care.access.review", "care.access.review.line",
    "care.access.change", "care.client.lockout",
)  # fmt: skip
# What officers of data protection alone decide and see, each by their role's sentence: see the tests of each model.
OFFICERS = "the privacy officer"


@tagged("post_install", "-at_install")
class TestCareEmergencyAttack(AttackCase, HttpCase):
    """What opens, closes and reviews access, through Odoo's doors: closed to all whom no sentence names."""

    lawful_logins = ("north_manager", "privacy_officer")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        del cls.attackers[OFFICERS]
        cls.privacy_officer.group_ids |= cls.env.ref("base.group_allow_export")

    @classmethod
    def _target(cls, lastname, *args):
        target = super()._target(lastname, *args)
        client, now = target["care.client"], fields.Datetime.now()
        if not hasattr(cls, "intruder"):
            cls.intruder = cls._user("intruder", "social_care.group_care_staff")
            cls._member(cls.south, cls.intruder)
            cls.review = cls.env["care.access.review"].create(
                {"unit_id": cls.north.id, "month": cls.today.replace(day=1), "due_date": cls.today}
            )
            cls.env["care.emergency.miss"]._record(cls.env.cr, cls.intruder.id, cls.company.id, client.id)
            cls.miss = cls.env["care.emergency.miss"].search([("user_id", "=", cls.intruder.id)])
        access = cls.env["care.emergency.access"].create(
            {
                "client_id": client.id,
                "user_id": cls.intruder.id,
                "reason": f"{lastname} ropar på hjälp",
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=1),
                "review_due": cls.today,
            }
        )
        line = cls.env["care.access.review.line"].create(
            {
                "review_id": cls.review.id,
                "client_id": client.id,
                "user_id": cls.intruder.id,
                "first_at": now,
                "last_at": now,
            }
        )
        lockout = cls.env["care.client.lockout"].create(
            {"client_id": client.id, "user_id": cls.intruder.id, "reason": f"Granne till {lastname}"}
        )
        change = cls.env["care.access.change"]._note(
            [{"kind": "lockout", "name": client.reference, "company_id": cls.company.id, "after": lastname}]
        )
        records = (access, cls.miss, cls.review, line, change, lockout)
        return target | dict(zip(MODELS, records, strict=True))

    def _tries(self, target):
        for model in MODELS:
            manages = model in ("care.emergency.access", "care.access.review", "care.access.review.line")
            lawful = "north_manager" if manages else "privacy_officer"
            yield from self._tries_to_read(target[model], lawful, lawful)
            yield Try(f"copy {model}", model, "copy", target[model].ids, lawful=None)
            yield Try(f"unlink {model}", model, "unlink", target[model].ids, lawful=None)
        yield from self._tries_to_make(target)
        yield from self._tries_to_write(target)
        yield from self._tries_at_verbs(target)

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
            "care.emergency.miss": {"user_id": self.env.uid, "company_id": self.company.id, "date": now},
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
            yield Try(
                f"create {model}",
                model,
                "create",
                None,
                {"vals_list": [values]},
                lawful=None,
                everywhere=True,
            )
            context = {f"default_{name}": value for name, value in values.items()}
            yield Try(
                f"create {model} by defaults",
                model,
                "create",
                None,
                {"vals_list": [{}], "context": context},
                lawful=None,
            )
            yield Try(
                f"import {model}",
                model,
                "load",
                None,
                {"fields": list(values), "data": [[str(value) for value in values.values()]]},
                closed=False,
                lawful=None,
            )

    def _tries_to_write(self, target):
        for model, values in [
            ("care.emergency.access", {"date_to": "2099-01-01 00:00:00"}),
            ("care.emergency.access", {"judgement": "motivated"}),
            ("care.emergency.miss", {"user_id": self.south_staff.id}),
            ("care.access.review", {"state": "done"}),
            ("care.access.review", {"line_ids": [[2, target["care.access.review.line"].id, 0]]}),
            ("care.access.review.line", {"judgement": "ok"}),
            ("care.access.review.line", {"user_id": self.south_staff.id}),
            ("care.access.change", {"seen_at": "2020-01-01 00:00:00"}),
            ("care.client.lockout", {"date_to": "2020-01-01"}),
            ("care.client.lockout", {"user_id": self.south_staff.id}),
        ]:
            yield Try(
                f"write {model} {values}", model, "write", target[model].ids, {"vals": values}, lawful=None
            )

    def _tries_at_verbs(self, target):
        for model, verb, kwargs in [
            ("care.emergency.access", "action_review", {"judgement": "motivated", "comment": "Ja"}),
            ("care.emergency.access", "action_close", {}),
            ("care.emergency.access", "action_open_file", {}),
            ("care.access.review", "action_done", {}),
            ("care.access.review.line", "action_ok", {}),
            ("care.access.change", "action_see", {}),
        ]:
            yield Try(f"{model}.{verb}", model, verb, target[model].ids, kwargs, lawful=None, everywhere=True)
        judge = {"access_id": target["care.emergency.access"].id, "judgement": "motivated", "comment": "Ja"}
        yield Try(
            "look at the access through the judge's form",
            "care.emergency.judge",
            "onchange",
            [],
            {
                "values": judge,
                "field_names": ["access_id"],
                "fields_spec": {"access_id": {"fields": {"reason": {}, "user_id": {}}}},
            },
            closed=False,
            lawful=None,
        )

    def assertUnharmed(self):
        self.env.invalidate_all()
        for target in (self.current, self.ended, self.protected, self.locked):
            access, line = target["care.emergency.access"], target["care.access.review.line"]
            lockout, change = target["care.client.lockout"], target["care.access.change"]
            self.assertFalse(access.judgement or line.judgement or change.seen_at or lockout.date_to)
            self.assertTrue(access.is_open)
            self.assertEqual(access.user_id | lockout.user_id, self.intruder)
            own = self.env["care.emergency.access"].search([("client_id", "=", access.client_id.id)])
            self.assertEqual(own, access)
        self.assertEqual(self.review.state, "open")
        self.assertEqual(len(self.review.line_ids), 4)
        self.assertEqual(self.env["care.access.review"].search([("unit_id", "=", self.south.id)]).ids, [])

    @mute_logger(*LOGGERS)
    def test_the_officer_makes_and_rewrites_nothing(self):
        """The one role that reads all this: it judges and locks out, by verbs, and forges nothing."""
        self.authenticate("privacy_officer", "privacy_officer")
        tries = [*self._tries_to_make(self.current), *self._tries_to_write(self.current)]
        for attempt in tries:
            if attempt.model == "care.client.lockout" or attempt.kwargs == {"vals": {"judgement": "ok"}}:
                continue  # theirs to decide; not whom it concerns, see test_care_client_lockout
            with self.subTest(tries=attempt.what):
                refused, result, text = self._call_web(self.privacy_officer, attempt)
                self.assertTrue(refused or not result["ids"], text[:500])
        self.assertUnharmed()

    @mute_logger(*LOGGERS)
    def test_unknown_and_locked_out_get_the_same_bytes(self):
        self.authenticate("north_staff", "north_staff")
        client = self.locked["care.client"]
        for call in (self._call_web, self._call_json2):
            answers = []
            for key in ("K9999999", client.reference):
                kwargs = {"identifier": key, "reason": "Ropar på hjälp, svarar inte"}
                attempt = Try(key, "care.emergency.access", "action_open", None, kwargs)
                refused, _result, text = call(self.north_staff, attempt)
                self.assertTrue(refused)
                answers.append(text)
            self.assertEqual(*answers)
