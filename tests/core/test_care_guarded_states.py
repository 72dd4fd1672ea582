from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCareGuardedStates(CarePlanCase, TransactionCase):
    """The one way to another state; test_care_guarded_frozen tries every edge of every table."""

    def test_whoever_may_not_write_learns_nothing_of_the_state(self):
        plan = self._active_plan()
        for user in (self.south_staff, self.oncall_staff, self.privacy_officer):
            for state in ("draft", "ended"):
                with self.subTest(user=user.login, state=state), self.assertRaises(AccessError):
                    self._as(user, plan)._transition(state)
        self.assertEqual(plan.state, "active")

    def test_the_hook_is_told_of_each_step_once_and_after_it(self):
        plan, told = self._plan(), []

        def after(records, before):
            self.env.cr.execute("SELECT state FROM care_plan WHERE id = %s", records.ids)
            told.append((before, *self.env.cr.fetchone()))

        with patch.object(type(self.env["care.guarded"]), "_after_transition", after):
            self._propose(plan)
        self.assertEqual(told, [({plan: "draft"}, "proposed")])

    def test_a_step_that_is_refused_writes_nothing_for_anybody(self):
        """One of a batch that cannot take it stops the others."""
        plans = self._active_plan() | self._plan(self.bo, self.south)
        with self.assertRaisesRegex(UserError, "“Draft” does not become “Ended”"):
            plans.sudo().with_context(lang="en_US")._transition("ended", end_reason="x")
        self.env.invalidate_all()
        self.assertEqual(plans.mapped("state"), ["active", "draft"])
        self.assertFalse(any(plans.mapped("end_reason")))
