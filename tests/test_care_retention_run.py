from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .care_plan_common import CarePlanCase


@tagged("post_install", "-at_install")
class TestCareRetentionRun(CarePlanCase, TransactionCase):
    """Frozen rows are deleted by an approved list of two persons, and by nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_officer = cls._user("second_officer", "social_care.group_privacy_officer")

    def _run(self, *plans):
        return self._as(self.privacy_officer, self.env["care.retention.run"]).create(
            {
                "reason": "Två år har gått",
                "source": "SoL 17 kap.",
                "line_ids": [Command.create({"model": "care.plan", "res_id": plan.id}) for plan in plans],
            }
        )

    def test_two_persons_open_the_deletion(self):
        plan, other = self._active_plan(), self._plan(self.bo, self.south)
        other_goal = other.goal_ids
        run = self._run(plan)
        self.assertEqual(run.line_ids.reference, plan.reference)
        run.action_propose()
        with self.assertRaises(UserError):
            self._as(self.privacy_officer, run).action_execute()
        self._as(self.privacy_officer, run).action_approve()
        self.assertEqual(run.state, "proposed")
        with self.assertRaises(AccessError):
            self._as(self.privacy_officer, run).action_approve()
        with self.assertRaises(UserError):
            plan.sudo().unlink()
        self._as(self.second_officer, run).action_approve()
        self.assertEqual(run.state, "approved")
        ids = plan.id
        document = plan.document_id
        self._as(self.privacy_officer, run).action_execute()
        self.env.invalidate_all()
        self.assertFalse(plan.exists())
        self.assertFalse(document.exists())
        for table in ("care_plan_goal", "care_plan_line", "care_signature", "care_plan_review"):
            self.env.cr.execute(f"SELECT count(*) FROM {table} WHERE plan_id = %s", [ids])  # noqa: S608
            self.assertFalse(self.env.cr.fetchone()[0], table)
        self.assertEqual(run.state, "done")
        self.assertTrue(other_goal.exists())

    def test_nobody_is_two_persons_by_a_default(self):
        """An approval comes from approving, not from the caller's context or a stored default."""
        runs = self._as(self.privacy_officer, self.env["care.retention.run"])
        born = {
            "default_state": "approved",
            "default_first_approver_id": self.second_officer.id,
            "default_first_approved_at": "2026-01-01 00:00:00",
        }
        self.env["ir.default"].set("care.retention.run", "second_approver_id", self.second_officer.id)
        run = runs.with_context(**born).create(
            {
                "reason": "Prov",
                "source": "Prov",
                "line_ids": [Command.create({"model": "care.plan", "res_id": self._active_plan().id})],
            }
        )
        self.assertEqual(run.state, "draft")
        self.assertFalse(run.first_approver_id | run.second_approver_id)
        run.with_context(**born).action_propose()
        run.with_context(**born).action_approve()
        self.assertEqual(run.state, "proposed")

    def test_an_approved_list_is_fixed(self):
        plan = self._active_plan()
        other = self._active_plan(self.bo, self.south, contact=self._bos_contact())
        run = self._run(plan)
        run.action_propose()
        vals = {"run_id": run.id, "model": "care.plan", "res_id": other.id}
        for user in (self.privacy_officer, self.second_officer):
            with self.assertRaises(UserError):
                self._as(user, self.env["care.retention.line"]).create(vals)
            self._as(user, run).action_approve()
        with self.assertRaises(UserError):
            self.env["care.retention.line"].sudo().create(vals)
        with self.assertRaises(UserError):
            run.line_ids.sudo().write({"res_id": other.id})
        with self.assertRaises(UserError):
            run.sudo().unlink()
        for query, *params in (
            ("UPDATE care_retention_line SET res_id = %s WHERE run_id = %s", other.id, run.id),
            (
                "INSERT INTO care_retention_line (run_id, model, res_id) VALUES (%s, 'care.plan', %s)",
                run.id,
                other.id,
            ),
            ("UPDATE care_retention_run SET second_approver_id = first_approver_id WHERE id = %s", run.id),
            ("UPDATE care_retention_run SET state = 'draft' WHERE id = %s", run.id),
            ("DELETE FROM care_plan WHERE id = %s", other.id),
        ):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(query, params)

    def _bos_contact(self):
        self._contact_person(self.bo, self.south, self.south_staff)
        return self.south_staff

    def test_one_person_with_two_logins_is_one_person(self):
        run = self._run(self._active_plan())
        run.action_propose()
        self._employee(self.privacy_officer)
        self._employee(self.second_officer)
        self._as(self.privacy_officer, run).action_approve()
        with self.assertRaises(UserError):
            run.sudo().write({"second_approver_id": self.second_officer.id, "state": "approved"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE care_retention_run SET state = 'approved' WHERE id = %s", [run.id])
        self._as(self.second_officer, run).action_approve()
        self.assertEqual(run.state, "approved")

    def test_nobody_else_sees_or_approves(self):
        run = self._run(self._active_plan())
        for user in (self.north_staff, self.north_manager, self.oncall_lead, self.care_admin, self.supporter):
            with self.assertRaises(AccessError):
                self._as(user, run).read(["reason"])
            with self.assertRaises(AccessError):
                self._as(user, run).action_approve()
            with self.assertRaises(AccessError):
                self._as(user, run.line_ids).read(["res_id"])

    def test_an_empty_run_is_not_proposed(self):
        with self.assertRaises(UserError):
            self._run().action_propose()
