import re

from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import get_public_method
from odoo.tests import TransactionCase, tagged

from ...tools.frozen import illegal_move
from ..common_plan import CarePlanCase

# Columns that change in a way of their own, which the model tells the trigger itself.
OWN_WAY = {
    "care.journal.chain": {"link_count", "head", "seal"},
    "care.relative.note": {"create_date"},
}


@tagged("post_install", "-at_install")
class TestCareGuardedFrozen(CarePlanCase, TransactionCase):
    """What every model owes that promises to be frozen; each noun's own tests prove its content."""

    def _frozen_models(self):
        names = sorted(self.env.registry.descendants(["care.guarded"], "_inherit"))
        models = [model for model in map(self.env.get, names) if model._frozen_from or model._frozen_with]
        self.assertGreater(len(models), 7)
        return models

    def _guarded_models(self):
        names = sorted(self.env.registry.descendants(["care.guarded"], "_inherit"))
        return [model for model in map(self.env.get, names) if not model._abstract]

    def _trigger(self, model):
        self.env.cr.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [f"{model._table}_guard"])
        found = self.env.cr.fetchone()
        return found and found[0]

    def test_each_column_says_what_becomes_of_it(self):
        """Frozen, from when on, never, or set by verbs alone: what says nothing was forgotten."""
        for model in self._frozen_models():
            for name, field in model._fields.items():
                ours = field.store and field.type != "one2many" and "social_care" in field._modules
                if not ours or name in MAGIC_COLUMNS or name == model._frozen_with:
                    continue
                with self.subTest(model=model._name, field=name):
                    said = [getattr(field, word, None) for word in ("frozen", "signed", "by_verb")]
                    self.assertTrue(any(word is not None for word in said))

    def test_the_trigger_names_what_is_frozen_and_nothing_else(self):
        for model in self._guarded_models():
            columns = {field.name for field in model._frozen_fields() if field.column_type}
            if not columns:
                continue
            trigger = self._trigger(model)
            with self.subTest(model=model._name):
                self.assertIn(model._guard_conditions()["update"], trigger)
                named = set(re.findall(r"OLD\.(\w+) IS DISTINCT FROM NEW", trigger))
                self.assertEqual(named - {model._frozen_with} - OWN_WAY.get(model._name, set()), columns)

    def test_every_edge_that_no_table_knows_is_refused(self):
        """By the ORM, under sudo too, and by the database where it guards the model."""
        tried = 0
        for model in self._guarded_models():
            states = model._transitions and ["", *model._fields[model._state_field].get_values(self.env)]
            for old, new in [(old, new) for old in states for new in states if new and new != old]:
                known = new in model._transitions.get(old, ())
                record = model.sudo().new({model._state_field: old or False})
                with self.subTest(model=model._name, old=old, new=new):
                    if not known:
                        with self.assertRaises(UserError):
                            record._check_transition(new)
                    illegal = illegal_move(model._transitions, model._state_field)
                    self.env.cr.execute(  # pylint: disable=sql-injection
                        f"SELECT {illegal} FROM (SELECT %s::text AS {model._state_field}) OLD,"  # noqa: S608
                        f" (SELECT %s::text AS {model._state_field}) NEW",
                        [old or None, new],
                    )
                    self.assertEqual(self.env.cr.fetchone()[0], not known)
                    if model._frozen_fields():
                        self.assertIn(illegal, self._trigger(model))
                tried += 1
        self.assertGreater(tried, 80)

    def test_each_is_guarded_by_the_database_too(self):
        for model in self._frozen_models():
            self.env.cr.execute(
                "SELECT tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
                [model._table, f"{model._table}_guard"],
            )
            with self.subTest(model=model._name):
                self.assertEqual(self.env.cr.fetchone(), ("O",))

    def test_what_the_verbs_decide_is_not_written(self):
        """Neither by a manager nor as superuser, neither at creation nor later."""
        vals = {
            "care.plan": {"client_id": self.astrid.id, "unit_id": self.north.id},
            "care.journal.entry": {"client_id": self.astrid.id, "unit_id": self.north.id},
        }
        for model in self._frozen_models():
            for name in (name for name, field in model._fields.items() if getattr(field, "by_verb", False)):
                for user in (self.north_manager, self.env.ref("base.user_root")):
                    with self.subTest(model=model._name, field=name, user=user.login):
                        self.assertIn(name, model._fields)
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            self._as(user, model).create({**vals.get(model._name, {}), name: False})
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            model.browse().with_user(user).write({name: False})

    def test_the_ways_round_the_guard_are_nobodys_to_call(self):
        for model in self._frozen_models():
            for name in ("_transition", "_write_decided", "_create_decided"):
                with self.subTest(model=model._name, method=name), self.assertRaises(AccessError):
                    get_public_method(model, name)

    def test_a_draft_is_free_and_a_signed_one_is_not(self):
        plan = self._plan()
        for record in (plan, plan.goal_ids, plan.line_ids):
            self.assertFalse(record._is_frozen())
        self._as(self.anna, plan.line_ids).write({"how": "Med musik"})
        self._propose(plan)
        for record in (plan, plan.goal_ids, plan.line_ids):
            self.assertTrue(record._is_frozen())
        with self.assertRaises(UserError) as refused:
            self._as(self.anna, plan.line_ids).write({"how": "Utan musik"})
        self.assertEqual(refused.exception.args[0], plan._frozen_message(), "it says what to do instead")
        self.env.invalidate_all()
        self.assertEqual(plan.line_ids.how, "Med musik")

    def test_a_batch_with_one_frozen_row_is_refused_whole(self):
        frozen, draft = self._active_plan(), self._plan(self.bo, self.south)
        with self.assertRaises(UserError):
            (draft.line_ids | frozen.line_ids).sudo().write({"how": "x"})
        with self.assertRaises(UserError):
            (draft.line_ids | frozen.line_ids).sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(draft.line_ids.how, "Gå lugnt")

    def test_no_row_is_added_by_a_default(self):
        """Told by the ORM, in words, before the database refuses."""
        plan = self._active_plan()
        for model in ("care.plan.goal", "care.plan.line"):
            parts = self._as(self.anna, self.env[model]).with_context(default_plan_id=plan.id)
            with self.subTest(model=model), self.assertRaises(UserError) as refused:
                parts.create({"name": "Simma"})
            self.assertEqual(refused.exception.args[0], plan._frozen_message())

    def test_an_empty_write_is_no_change(self):
        self.assertTrue(self._active_plan().write({}))
