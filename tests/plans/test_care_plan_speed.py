from odoo.tests import TransactionCase, tagged

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCarePlanSpeed(CarePlanCase, TransactionCase):
    """Opening a plan costs the same number of queries whatever it holds."""

    def _open(self, plan):
        """What the form asks for, as the contact person, on a cold cache."""
        view = (
            self.env["care.plan"]
            .with_user(self.anna)
            .get_view(self.env.ref("social_care.care_plan_view_form").id, "form")
        )
        models = view["models"]
        parts = {
            "goal_ids": (
                "care.plan.goal",
                ["heading", "name", "state", "means_little", "source", "line_summary"],
            ),
            "line_ids": (
                "care.plan.line",
                ["name", "goal_name", "who_text", "when_text", "own_part", "staff_part"],
            ),
            "signature_ids": ("care.signature", ["role", "outcome", "signer_name", "waits_for_me"]),
            "review_ids": ("care.plan.review", ["date", "kind", "state"]),
        }
        spec = {name: {} for name in models["care.plan"] if name not in parts}
        spec |= {name: {"fields": {field: {} for field in names}} for name, (_model, names) in parts.items()}
        record = self._as(self.anna, plan)
        before = self.env.cr.sql_log_count
        values = record.web_read(spec)[0]
        return self.env.cr.sql_log_count - before, values

    def test_ten_goals_and_forty_lines_cost_like_one(self):
        small = self._plan(goals=1, lines=1)
        large = self._plan(goals=10, lines=4)
        self._open(small)
        few, _values = self._open(small)
        many, values = self._open(large)
        self.assertEqual((len(values["goal_ids"]), len(values["line_ids"])), (10, 40))
        self.assertLessEqual(many, few)
        self.assertLess(many, 60)

    def test_the_list_costs_the_same(self):
        def count(plans):
            records = self._as(self.anna, plans)
            before = self.env.cr.sql_log_count
            records.web_read(
                {name: {} for name in ("listed_name", "unit_id", "state", "agreement", "may_propose")}
            )
            return self.env.cr.sql_log_count - before

        plan = self._plan()
        count(plan)
        few = count(plan)
        plans = self.env["care.plan"].concat(*(self._plan() for _number in range(15)))
        self.assertLessEqual(count(plans), few)
