from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common_plan import CarePlanCase

# Told otherwise, or not the parties' to decide: the number, the version, the order on the page, whose goal it is.
NOT_COMPARED = {"reference", "version", "proposed_at", "sequence", "source"}


@tagged("post_install", "-at_install")
class TestCarePlanChanges(CarePlanCase, TransactionCase):
    """What a version changes is told line by line, and nothing that is agreed changes unseen."""

    def _revised(self, **kwargs):
        plan = self._active_plan(**kwargs)
        new = self.env["care.plan"].browse(self._as(self.anna, plan).action_revise()["res_id"])
        self.env.invalidate_all()
        return plan, new

    def _rows(self, plan):
        """But for the plan's own dates, which a version begins with."""
        dates = {plan._fields[name]._description_string(self.env) for name in ("date_from", "review_date")}
        return [row for row in plan._changes() if row[2] not in dates]

    def test_an_untouched_version_tells_nothing(self):
        plan, new = self._revised(goals=2, lines=2)
        self.assertEqual(self._rows(new), [])
        self.assertFalse(plan.changes, "a first version replaces nothing")

    def test_each_thing_that_is_agreed_is_compared(self):
        _plan, new = self._revised()
        new.line_ids.responsible = "other"  # it may be anyone
        first = self._rows(new)
        other = {
            "selection": lambda field, record: next(
                key for key, _label in field.selection if key not in (False, record[field.name])
            ),
            "integer": lambda _field, _record: 7,
            "float": lambda _field, _record: 3.5,
            "boolean": lambda field, record: not record[field.name],
            "date": lambda _field, _record: self._day(40),
        }
        for record in (new, new.goal_ids, new.line_ids):
            for field in record._signed_fields():
                name = field.name
                if field.relational or name in NOT_COMPARED:
                    continue
                before = self._rows(new) if field.type != "date" else []
                old = record[name]
                value = other.get(field.type, lambda _field, _record: "Något annat")(field, record)
                with self.subTest(model=record._name, field=name):
                    record[name] = value
                    rows = self._rows(new) if field.type != "date" else new._changes()
                    self.assertTrue(set(rows) - set(before))
                record[name] = old
        self.assertEqual(self._rows(new), first)

    def test_relations_that_are_agreed_are_compared(self):
        _plan, new = self._revised(goals=2)
        first, second = new.goal_ids
        line = new.line_ids[0]
        area = self.env.ref("social_care.life_area_domestic")
        decision = self._decision(self.astrid, self.north)
        task_type = self.env.ref("social_care.task_type_cooking")
        new.decision_ids = decision
        first.life_area_ids = area | self.env.ref("social_care.life_area_safety")
        line.task_type_id = task_type
        line.goal_id = second
        rows = {(what, field): now for _kind, what, field, _before, now in self._rows(new)}
        self.assertEqual(rows["The plan", "Decisions"], decision.display_name)
        self.assertIn(area.name, rows[first.name, "Life Areas"])
        self.assertEqual(rows[line.name, "Task Type"], task_type.name)
        self.assertEqual(rows[line.name, "For the Goal"], second.name)

    def test_a_goal_worded_anew_does_not_move_its_lines(self):
        plan, new = self._revised(lines=2)
        new.goal_ids.name = "Baka bröd till systern"
        self.assertEqual(
            self._rows(new),
            [("changed", "Baka bröd till systern", "Goal", plan.goal_ids.name, "Baka bröd till systern")],
        )

    def test_what_is_new_and_what_is_gone(self):
        _plan, new = self._revised(goals=2)
        gone_goal, gone_line = new.goal_ids[1], new.line_ids[1]
        gone = {("gone", gone_goal.name), ("gone", gone_line.name)}
        gone_line.unlink()
        gone_goal.unlink()
        self.env["care.plan.goal"].create(
            {"plan_id": new.id, "name": "Simma", "line_ids": [Command.create({"name": "Åka till badet"})]}
        )
        kinds = {row[:2] for row in self._rows(new)}
        self.assertEqual(kinds, gone | {("new", "Simma"), ("new", "Åka till badet")})

    def test_two_lines_of_one_name_are_two(self):
        _plan, new = self._revised(goals=2)
        for line, how in zip(new.line_ids, ("Med musik", "I lugn och ro"), strict=True):
            line.write({"name": "Städa", "how": how})
        self.assertEqual(new.changes.count("<b>Städa</b>"), 2)

    def test_the_clients_words_are_shown_as_text(self):
        _plan, new = self._revised()
        new.goal_ids.name = "<img src=x onerror=alert(1)> & lugn"
        self.assertNotIn("<img", new.changes)
        self.assertIn("&amp; lugn", new.changes)

    def test_another_unit_reads_no_change(self):
        _plan, new = self._revised()
        new.line_ids.how = "Med musik"
        self.assertIn("Med musik", self._as(self.north_staff, new).read(["changes"])[0]["changes"])
        for user in (self.south_staff, self.south_manager, self.privacy_officer, self.care_admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, new).read(["changes"])
