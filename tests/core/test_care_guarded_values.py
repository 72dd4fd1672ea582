from odoo import Command
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import TransactionCase, tagged

from ..common_plan import PIXEL, CarePlanCase

# Values that no caller may hand in, one for each type of field.
FOREIGN = {
    "boolean": True, "char": "x", "text": "x", "html": "x", "integer": 99, "float": 99.0, "date": "2020-01-01",
    "datetime": "2020-01-01 00:00:00", "binary": b"eA==", "json": {"x": 1},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestCareGuardedValues(CarePlanCase, TransactionCase):
    """Neither the context, nor a saved default, nor a plain write hands a model what it decides itself."""

    def _own_fields(self):
        """Every readonly column that our models keep in a table of their own."""
        for model in self.env.values():
            if not model._name.startswith("care.") or model._abstract or model._transient or not model._auto:
                continue
            for name, field in model._fields.items():
                if field.store and field.readonly and not field.compute and name not in MAGIC_COLUMNS:
                    yield model, field

    def _foreign(self, field):
        """A value that the model would not choose."""
        if field.type == "selection":
            plain = field.default and field.default(self.env[field.model_name])
            return next(value for value in reversed(field.get_values(self.env)) if value != plain)
        return FOREIGN.get(field.type, self.north_staff.id)

    def test_a_context_sets_no_readonly_column_of_any_model(self):
        checked = 0
        for model, field in self._own_fields():
            if getattr(field, "by_context", False) or field.type in ("one2many", "many2many"):
                continue
            plain = model.default_get([field.name])
            with self.subTest(model=model._name, field=field.name):
                context = {f"default_{field.name}": self._foreign(field)}
                given = model.with_context(**context).default_get([field.name])
                self.assertEqual(given.keys(), plain.keys())
                if field.type not in ("datetime", "char"):  # the clock and random codes go on
                    self.assertEqual(given, plain)
                self.assertNotEqual(given.get(field.name), context[f"default_{field.name}"])
            checked += 1
        self.assertGreater(checked, 150)

    def _saved_default(self, user, model, name, value):
        """What every user may save for themselves, through the developer menu or over RPC."""
        self._as(user, self.env["ir.default"]).set(model, name, value, user_id=True)

    def test_nobody_writes_beyond_draft_through_defaults(self):
        """A plan, goal, line, review, result, signature or journal entry begins as a draft."""
        staff = self.north_staff
        contexts = {
            "care.plan": {
                "default_state": "active", "default_agreement": "agreed", "default_version": 9,
                "default_activated_by_id": self.north_manager.id, "default_content_hash": "0" * 64,
            },
            "care.plan.goal": {"default_state": "achieved", "default_evaluation": "x"},
            "care.plan.review": {"default_state": "done", "default_author_id": self.north_manager.id},
            "care.journal.entry": {"default_state": "signed", "default_author_id": self.north_manager.id},
        }  # fmt: skip
        plan = self._plan()
        needed = {
            "care.plan": {"client_id": self.astrid.id, "unit_id": self.north.id},
            "care.plan.goal": {"plan_id": plan.id, "name": "Simma"},
            "care.plan.review": {"plan_id": plan.id},
            "care.journal.entry": {
                "client_id": self.astrid.id, "unit_id": self.north.id, "kind": "note", "body": "Samtal",
            },
        }  # fmt: skip
        for name, context in contexts.items():
            model = self._as(staff, self.env[name])
            for key, value in context.items():
                self._saved_default(staff, name, key.removeprefix("default_"), value)
            record = model.with_context(**context).create(needed[name])
            self.env.flush_all()
            self.env.invalidate_all()
            for key, value in context.items():
                field = key.removeprefix("default_")
                with self.subTest(model=name, field=field):
                    held = record[field].id if record._fields[field].relational else record[field]
                    self.assertNotEqual(held, value)
            for key, value in context.items():
                with self.subTest(model=name, written=key), self.assertRaises(UserError):
                    model.create({**needed[name], key.removeprefix("default_"): value})

    def test_no_row_joins_a_frozen_plan_through_the_context(self):
        plan = self._active_plan()
        for name in ("care.plan.goal", "care.plan.line"):
            model = self._as(self.north_staff, self.env[name]).with_context(default_plan_id=plan.id)
            with self.subTest(model=name), self.assertRaises(UserError):
                model.create({"name": "x"})
        result = self._as(self.north_staff, self.env["care.signature"])
        with self.assertRaises(UserError):
            result.with_context(default_plan_id=plan.id).create({"role": "client"})

    def test_an_oral_answer_is_not_witnessed_by_the_context(self):
        colleague = self._user("colleague", "social_care.group_care_staff")
        self._member(self.north, colleague)
        plan = self._plan()
        self._propose(plan)
        context = {
            "default_witnessed_at": "2020-01-01 00:00:00", "default_public": True, "default_seal": "x",
        }  # fmt: skip
        signature = (
            self._as(self.anna, plan)
            .with_context(**context)
            .action_sign(
                "client",
                "agreed",
                "oral",
                content_hash=plan.content_hash,
                witness_id=colleague.id,
                note="På torget",
            )
        )
        self.assertFalse(signature.witnessed_at)
        self.assertEqual(plan.agreement, "pending")
        self.assertTrue(signature.with_env(self.env)._is_whole())

    def test_a_signed_paper_is_never_public(self):
        plan = self._plan()
        public = {"default_public": True, "default_access_token": "known", "default_res_field": "image"}
        self._as(self.anna, plan).with_context(**public).action_propose()
        paper = {"content_hash": plan.content_hash, "scan": PIXEL}
        signature = (
            self._as(self.anna, plan).with_context(**public).action_sign("client", "agreed", "paper", **paper)
        )
        documents = (plan.document_id | signature.with_env(self.env).attachment_id).sudo()
        self.assertEqual(len(documents), 2)
        self.assertEqual(set(documents.mapped("public")), {False})
        self.assertEqual(set(documents.mapped("access_token")), {False})

    def test_a_wish_is_decided_by_a_manager_alone(self):
        choices = self._as(self.north_staff, self.env["care.staff.choice"])
        choice = choices.with_context(
            default_state="accepted", default_decided_by_id=self.north_manager.id
        ).create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "task_type_id": self.env.ref("social_care.task_type_conversation").id,
                "employee_id": self._employee(self.north_staff).id,
            }
        )
        self.assertEqual((choice.state, choice.decided_by_id.id), ("wished", False))

    def test_two_persons_approve_a_retention_run(self):
        """Else one officer could have the database delete what is signed."""
        second = self._user("second_officer", "social_care.group_privacy_officer")
        plan = self._active_plan()
        context = {
            "default_state": "approved", "default_first_approver_id": self.privacy_officer.id,
            "default_second_approver_id": second.id,
        }  # fmt: skip
        runs = self._as(self.privacy_officer, self.env["care.retention.run"])
        for key, value in context.items():
            self._saved_default(self.privacy_officer, runs._name, key.removeprefix("default_"), value)
        run = runs.with_context(**context).create(
            {
                "reason": "Två år har gått",
                "source": "SoL 17 kap.",
                "line_ids": [Command.create({"model": "care.plan", "res_id": plan.id})],
            }
        )
        self.assertEqual(run.state, "draft")
        self.assertFalse(run.first_approver_id | run.second_approver_id)

    def test_nobody_writes_when_access_opens(self):
        """The rules test these moments; they follow from the dates that everyone sees."""
        person = self._contact_person(self.cilla, self.north, self.north_staff, 30)
        for record in (person, self.stay_astrid):
            for name in ("opens_at", "closes_at"):
                with self.subTest(model=record._name, field=name), self.assertRaises(UserError):
                    self._as(self.north_manager, record).write({name: "2020-01-01 00:00:00"})
        with self.assertRaises(UserError):
            self._as(self.north_manager, person).write({"company_id": self.env.company.id})
