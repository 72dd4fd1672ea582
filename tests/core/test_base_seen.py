from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ...tools import rpc_call
from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestBaseSeen(CarePlanCase, TransactionCase):
    """FIELD D2: two write one draft from pages opened at different times."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan(own_goals="Bo kvar")
        cls.goal = cls.plan.goal_ids
        cls.colleague = cls._user("colleague", "social_care.group_care_staff")
        cls._member(cls.north, cls.colleague)

    def _save(self, user, vals, seen, record=None):
        record = self._as(user, self.plan if record is None else record)
        return record.with_context(care_seen=seen).web_save(vals, {})

    def test_d2_the_second_is_shown_what_the_first_has_written(self):
        self._save(self.anna, {"own_goals": "Bo i lugn och ro"}, {"own_goals": "Bo kvar"})
        self.anna.sudo().employee_ids.name = "Anna Holm"
        with self.assertRaises(UserError) as refused:
            self._save(self.colleague, {"own_goals": "Flytta"}, {"own_goals": "Bo kvar"})
        for words in ("Anna Holm", "Bo i lugn och ro", "Flytta"):
            self.assertIn(words, str(refused.exception))
        self.assertEqual(
            refused.exception.context,
            {"care_changed": [{"path": ("own_goals",), "now": "Bo i lugn och ro"}]},
        )
        self._save(self.colleague, {"own_goals": "Flytta"}, {"own_goals": "Bo i lugn och ro"})
        self.assertEqual(self.plan.own_goals, "Flytta")

    def test_a_time_is_told_by_the_readers_clock(self):
        unit = self._unit("Jour", kind="on_call")
        shift = self.env["care.oncall.shift"].create(
            {"unit_id": unit.id, "date_start": "2030-07-01 15:00:00", "date_end": "2030-07-01 23:00:00"}
        )
        shift.date_end = "2030-07-01 21:30:00"
        with self.assertRaises(UserError) as refused:
            seen = {"date_end": "2030-07-01 23:00:00"}
            self._save(self.env.user, {"date_end": "2030-07-01 22:00:00"}, seen, shift.sudo(False))
        self.assertIn("23:30", str(refused.exception))
        self.assertNotIn("21:30", str(refused.exception))
        self.assertEqual(refused.exception.context["care_changed"][0]["now"], "2030-07-01 21:30:00")

    def test_other_fields_and_the_same_words_stand_in_nobodys_way(self):
        self._save(self.anna, {"own_goals": "Flytta"}, {"own_goals": "Bo kvar"})
        self._save(self.colleague, {"own_goals": "Flytta"}, {"own_goals": "Bo kvar"})
        self._save(self.colleague, {"influence": "Allt"}, {"influence": False})
        self._as(self.colleague, self.plan).web_save({"own_goals": "Som förr"}, {})  # sends nothing along
        self.assertEqual((self.plan.own_goals, self.plan.influence), ("Som förr", "Allt"))

    def test_each_line_is_compared_by_itself(self):
        goals = (self.goal + self.goal.copy()).ids
        was = self.goal.name

        def save(user, goal, name):
            vals = {"goal_ids": [[1, goal, {"name": name}], [0, 0, {"name": "Nytt mål"}]]}
            self._save(user, vals, {"goal_ids": {str(goal): {"name": was}}})

        save(self.anna, goals[0], "Ett")
        with self.assertRaises(UserError) as refused:
            save(self.colleague, goals[0], "Två")
        path = refused.exception.context["care_changed"][0]["path"]
        self.assertEqual(path, ("goal_ids", goals[0], "name"))
        save(self.colleague, goals[1], "Två")
        self.assertLessEqual({"Ett", "Två"}, set(self.plan.goal_ids.mapped("name")))

    def test_it_tells_nobody_what_is_closed(self):
        with self.assertRaises(AccessError):
            self._save(self.south_staff, {"own_goals": "x"}, {"own_goals": "Bo kvar"})
        bo = self._plan(self.bo, self.south).goal_ids
        with self.assertRaises(AccessError):
            vals = {"goal_ids": [[1, bo.id, {"name": "x"}]]}
            self._save(self.anna, vals, {"goal_ids": {str(bo.id): {"name": "y"}}})

    def test_it_costs_one_query_however_many_fields(self):
        vals = {"own_goals": "Flytta", "influence": "Allt", "cooperation": "Anhöriga"}

        def queries(seen):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._save(self.anna, vals, seen)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries({}), queries(vals)  # once for what Odoo looks up for all
        self.assertLessEqual(queries(vals) - queries({}), 1)

    def test_lists_of_words_and_records_that_nobody_guards_are_compared_too(self):
        template = self.env.ref("social_care.plan_template_general")
        was = template.name
        self._save(self.care_admin, {"name": "Ett"}, {"name": was}, template)
        with self.assertRaises(UserError):
            self._save(self.care_admin, {"name": "Två"}, {"name": was}, template)

    def test_a_save_of_another_app_is_not_ours(self):
        """What lies over Odoo's own method opens no superuser's door to it."""
        for model, ours in (("res.partner", False), ("care.plan", True)):
            with patch.object(rpc_call, "rpc_call", return_value=(model, "web_save")):
                self.assertEqual(rpc_call.is_ours(self.registry), ours)
