from odoo import fields
from odoo.tests import HttpCase, tagged

from ...models.journal.care_journal_timeline import NUMBERS, STEP
from ..common_attack import AttackCase, Try

MODELS = ("care.journal.entry", "care.journal.objection", "care.journal.timeline")


@tagged("post_install", "-at_install")
class TestCareJournalAttack(AttackCase, HttpCase):
    """Notes, objections and the timeline through Odoo's doors: closed to all whom no sentence names."""

    @classmethod
    def _target(cls, lastname, *args):
        target = super()._target(lastname, *args)
        client = target["care.client"]
        entry = cls.env["care.journal.entry"].create(
            {
                "client_id": client.id,
                "unit_id": cls.north.id,
                "body": f"{lastname} fick besök",
                "present": f"{lastname}s syster",
            }
        )
        entry._take_over(cls.north_manager.id, fields.Datetime.now())
        objection = cls.env["care.journal.objection"].create(
            {"entry_id": entry.id, "body": f"{lastname} säger nej"}
        )
        line = cls.env["care.journal.timeline"].browse(entry.id * STEP + NUMBERS["entry"])
        return target | dict(zip(MODELS, (entry, objection, line), strict=True))

    def _tries(self, target):
        for model in MODELS:
            record = target[model]
            yield from self._tries_to_read(record)
            yield Try(f"write {model}", model, "write", record.ids, {"vals": {"body": "x"}}, lawful=None)
            yield Try(f"unlink {model}", model, "unlink", record.ids, lawful=None)
        yield from self._tries_at_verbs(target)

    def _tries_at_verbs(self, target):
        entry, client = target["care.journal.entry"], target["care.client"]
        for verb, kwargs in {
            "action_sign": {},
            "action_discard": {},
            "action_amend": {},
            "action_strike": {"reason": "x"},
            "action_verify": {},
            "action_open_objection": {},
        }.items():
            yield Try(verb, entry._name, verb, entry.ids, kwargs, lawful=None, everywhere=True)
        for verb in (
            "action_write_note",
            "action_open_timeline",
            "action_print_journal",
            "action_verify_journal",
        ):
            yield Try(verb, "care.client", verb, client.ids, lawful=None, everywhere=True)
        line = target["care.journal.timeline"]
        yield Try("open the source", line._name, "action_open_source", line.ids)
        yield Try(
            "object",
            "care.journal.objection",
            "create",
            kwargs={"vals_list": [{"entry_id": entry.id, "body": "x"}]},
            lawful=None,
        )
        yield Try(
            "write a note",
            "care.journal.entry",
            "create",
            kwargs={"vals_list": [{"client_id": client.id, "unit_id": self.north.id, "body": "x"}]},
            lawful=None,
        )
        number = entry.reference
        for domain in (
            [("body", "ilike", client.lastname)],
            [("reference", "=", number), ("client_id.lastname", "ilike", client.lastname[:4])],
            [("objection_ids.body", "ilike", client.lastname)],
            [("replacement_ids.replaces_id.body", "ilike", client.lastname)],
        ):
            yield Try(
                f"search {domain}",
                "care.journal.entry",
                "search_count",
                kwargs={"domain": domain},
                lawful=None,
            )

    def assertUnharmed(self):
        self.env.invalidate_all()
        for target in (self.current, self.ended, self.protected, self.locked):
            entry, lastname = target["care.journal.entry"], target["care.client"].lastname
            self.assertEqual((entry.state, entry.body), ("signed", f"{lastname} fick besök"))
            self.assertEqual(entry.objection_ids, target["care.journal.objection"])
            notes = self.env["care.journal.entry"].search([("client_id", "=", target["care.client"].id)])
            self.assertEqual(notes, entry)
