"""A written plan, and the people who sign it."""

from .common import CareCase

# A one-pixel PNG stands for a drawn signature.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class CarePlanCase(CareCase):
    """Mixin over CareCase: Anna is Astrid's contact person at Norr."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.north_staff
        cls._contact_person(cls.astrid, cls.north, cls.anna)

    @classmethod
    def _plan(cls, client=None, unit=None, goals=1, lines=1, **vals):
        """A complete draft."""
        client, unit = client or cls.astrid, unit or cls.north
        plan = cls.env["care.plan"].create({"client_id": client.id, "unit_id": unit.id, **vals})
        if vals.get("template_id"):
            return plan
        goals = cls.env["care.plan.goal"].create(
            [
                {"plan_id": plan.id, "name": f"Baka bröd {number}", "sequence": number}
                for number in range(goals)
            ]
        )
        cls.env["care.plan.line"].create(
            [
                {
                    "plan_id": plan.id,
                    "goal_id": goal.id,
                    "name": f"Handla mjöl {number}",
                    "task_type_id": cls.env.ref("social_care.task_type_errands").id,
                    "own_part": "Jag skriver listan",
                    "staff_part": "Följer med till affären",
                    "responsible": "contact_person",
                    "monday": True,
                    "day_part": "morning",
                    "time_from": 9.5,
                    "duration": 0.75,
                    "how": "Gå lugnt",
                }
                for goal in goals
                for number in range(lines)
            ]
        )
        return plan

    def _propose(self, plan, user=None):
        self._as(user or self.anna, plan).action_propose()
        self.env.invalidate_all()

    def _sign(self, plan, role, outcome="agreed", method="drawn", user=None, **kwargs):
        kwargs = {"content_hash": plan.content_hash, "image": PIXEL, **kwargs}
        signature = self._as(user or self.anna, plan).action_sign(role, outcome, method, **kwargs)
        self.env.invalidate_all()
        return signature.with_env(self.env)

    def _sign_both(self, plan, user=None):
        self._sign(plan, "client", user=user)
        self._sign(plan, "contact_person", user=user)

    def _active_plan(self, client=None, unit=None, contact=None, **kwargs):
        plan = self._plan(client, unit, **kwargs)
        self._propose(plan, contact)
        self._sign_both(plan, contact)
        self.assertEqual(plan.state, "active")
        return plan

    def _decision(self, client, unit, **vals):
        return self.env["care.decision"].create(
            {
                "client_id": client.id,
                "unit_id": unit.id,
                "legal_basis_id": self.env.ref("social_care.legal_basis_sol_11_1").id,
                "authority_id": self.env["res.partner"].create({"name": "Nämnden", "is_company": True}).id,
                **vals,
            }
        )

    def _tamper(self, table, query, record_id):
        """What someone with the database password could do."""
        from ..tools.frozen import thawed

        self.env.flush_all()
        with thawed(self.env.cr, table):
            self.env.cr.execute(query, [record_id])
        self.env.invalidate_all()
