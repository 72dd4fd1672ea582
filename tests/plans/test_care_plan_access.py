from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase

PLAN_MODELS = [
    "care.plan",
    "care.plan.goal",
    "care.plan.line",
    "care.plan.review",
    "care.plan.review.result",
    "care.signature",
]


@tagged("post_install", "-at_install")
class TestCarePlanAccess(CareCase, TransactionCase):
    """Staff of the unit read and write plans of their clients; nobody else sees any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = {}
        for client, unit in ((cls.astrid, cls.north), (cls.bo, cls.south)):
            cls.plans[unit] = cls._filled_plan(client, unit)

    @classmethod
    def _filled_plan(cls, client, unit):
        """A plan with one row of every model, made as superuser."""
        plan = cls.env["care.plan"].create({"client_id": client.id, "unit_id": unit.id})
        goal = cls.env["care.plan.goal"].create({"plan_id": plan.id, "name": "Baka bröd"})
        cls.env["care.plan.line"].create({"plan_id": plan.id, "goal_id": goal.id, "name": "Handla mjöl"})
        cls.env["care.plan.review"].create({"plan_id": plan.id})
        cls.env["care.signature"]._record(
            {
                "plan_id": plan.id,
                "role": "client",
                "outcome": "agreed",
                "method": "drawn",
                "signer_name": "x",
                "content_hash": "x",
            }
        )
        return plan

    def _seen(self, user, model):
        return self._as(user, self.env[model]).search([])

    def test_staff_and_managers_see_their_units_plans(self):
        for user, unit in (
            (self.north_staff, self.north),
            (self.north_manager, self.north),
            (self.south_staff, self.south),
        ):
            for model in PLAN_MODELS:
                records = self._seen(user, model)
                self.assertEqual(records.unit_id.ids, unit.ids, (user.login, model))
                self.assertTrue(records.read([]))
                other = self.env[model].search([("unit_id", "!=", unit.id)])
                with self.assertRaises(AccessError):
                    self._as(user, other).read(["unit_id"])

    def test_nobody_else_sees_a_plan(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        for user in (self.oncall_staff, self.oncall_lead):
            for model in PLAN_MODELS:
                self.assertFalse(self._seen(user, model))
        for user in (self.privacy_officer, self.care_admin, self.supporter, admin):
            for model in PLAN_MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self._seen(user, model)
                with self.assertRaises(AccessError):
                    self._as(user, self.env[model].search([], limit=1)).read(["display_name"])
