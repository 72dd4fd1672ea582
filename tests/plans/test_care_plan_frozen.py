from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools.frozen import thawed
from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCarePlanFrozen(CarePlanCase, TransactionCase):
    """What is proposed or signed is frozen: by the ORM under sudo and in batch, and by the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decision = cls.env["care.decision"].create(
            {
                "client_id": cls.astrid.id,
                "unit_id": cls.north.id,
                "legal_basis_id": cls.env.ref("social_care.legal_basis_sol_11_1").id,
                "authority_id": cls.env["res.partner"].create({"name": "Nämnden", "is_company": True}).id,
            }
        )
        cls.area = cls.env.ref("social_care.life_area_domestic")

    def _frozen_plan(self):
        plan = self._plan(decision_ids=[Command.set(self.decision.ids)])
        plan.goal_ids.life_area_ids = self.area
        self._propose(plan)
        self._sign_both(plan)
        self.env.flush_all()
        return plan

    def _refused_by_database(self, query, *params):
        with (
            self.assertRaises(IntegrityError, msg=query),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, params)

    def test_the_orm_refuses_every_change(self):
        plan = self._frozen_plan()
        draft = self._plan(self.bo, self.south)
        goal, line = plan.goal_ids, plan.line_ids
        signature = plan.signature_ids[0]
        for record, vals in (
            (plan, {"own_goals": "x"}),
            (plan, {"name": "x"}),
            (plan, {"decision_ids": [Command.clear()]}),
            (plan, {"line_ids": [Command.create({"name": "x", "goal_id": goal.id})]}),
            (plan, {"line_ids": [Command.update(line.id, {"how": "x"})]}),
            (plan, {"signature_ids": [Command.clear()]}),
            (plan | draft, {"influence": "x"}),
            (goal, {"name": "x"}),
            (goal, {"meaning": 3}),
            (goal, {"meaning_answer": "3"}),
            (goal, {"life_area_ids": [Command.clear()]}),
            (goal, {"line_ids": [Command.delete(line.id)]}),
            (line | draft.line_ids, {"how": "x"}),
            (line, {"plan_id": draft.id}),
            (line, {"monday": False}),
            (signature, {"note": "x"}),
            (signature, {"outcome": "declined"}),
        ):
            for env_record in (record, record.sudo(), self._as(self.north_manager, record)):
                with self.subTest(model=record._name, vals=vals), self.assertRaises(UserError):
                    env_record.write(vals)
        for record in (plan, plan | draft, goal, line, signature):
            with self.assertRaises(UserError):
                record.sudo().unlink()
        for model, vals, sentence in (
            ("care.plan.goal", {"name": "x"}, "What is proposed or signed is not changed"),
            ("care.plan.line", {"name": "x"}, "What is proposed or signed is not changed"),
            ("care.signature", {"role": "client"}, "A signature is made by signing the plan"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.env[model].sudo().create({"plan_id": plan.id, **vals})
        with self.assertRaisesRegex(UserError, "A signature is made by signing the plan"):
            signature.sudo().write({"outcome": "declined"})

    def test_the_database_refuses_every_change(self):
        plan = self._frozen_plan()
        draft = self._plan(self.bo, self.south)
        self.env.flush_all()
        goal, line = plan.goal_ids, plan.line_ids
        for query, *params in (
            ("UPDATE care_plan SET own_goals = 'x' WHERE id = %s", plan.id),
            ("UPDATE care_plan SET content = 'x' WHERE id = %s", plan.id),
            ("UPDATE care_plan SET content_hash = 'x' WHERE id = %s", plan.id),
            ("UPDATE care_plan SET document_id = NULL WHERE id = %s", plan.id),
            ("UPDATE care_plan SET state = 'draft' WHERE id = %s", plan.id),
            ("UPDATE care_plan SET state = 'proposed' WHERE id = %s", plan.id),
            ("UPDATE care_plan SET agreement = 'declined' WHERE id = %s", plan.id),
            ("UPDATE care_plan SET activation_reason = 'x' WHERE id = %s", plan.id),
            ("DELETE FROM care_plan WHERE id = %s", plan.id),
            ("UPDATE care_plan_goal SET name = 'x' WHERE id = %s", goal.id),
            ("UPDATE care_plan_goal SET meaning = 1 WHERE id = %s", goal.id),
            ("DELETE FROM care_plan_goal WHERE id = %s", goal.id),
            ("UPDATE care_plan_line SET how = 'x' WHERE plan_id = %s", plan.id),
            ("UPDATE care_plan_line SET plan_id = %s WHERE plan_id = %s", draft.id, plan.id),
            ("UPDATE care_plan_line SET plan_id = %s, goal_id = NULL WHERE plan_id = %s", plan.id, draft.id),
            ("DELETE FROM care_plan_line WHERE id = %s", line.id),
            ("INSERT INTO care_plan_line (plan_id, client_id, unit_id, name) VALUES (%s, %s, %s, 'x')",
             plan.id, plan.client_id.id, plan.unit_id.id),
            ("DELETE FROM care_plan_decision_rel WHERE plan_id = %s", plan.id),
            ("INSERT INTO care_plan_goal_area_rel (goal_id, area_id) VALUES (%s, %s)",
             goal.id, self.env.ref("social_care.life_area_safety").id),
            ("DELETE FROM care_plan_goal_area_rel WHERE goal_id = %s", goal.id),
            ("UPDATE care_signature SET outcome = 'declined' WHERE plan_id = %s", plan.id),
            ("UPDATE care_signature SET image = NULL WHERE plan_id = %s", plan.id),
            ("UPDATE care_signature SET seal = 'x' WHERE plan_id = %s", plan.id),
            ("DELETE FROM care_signature WHERE plan_id = %s", plan.id),
            ("UPDATE ir_attachment SET name = 'x' WHERE id = %s", plan.document_id.id),
            ("UPDATE ir_attachment SET checksum = 'x' WHERE id = %s", plan.document_id.id),
            ("UPDATE ir_attachment SET public = TRUE WHERE id = %s", plan.document_id.id),
            ("UPDATE ir_attachment SET res_model = 'res.partner' WHERE id = %s", plan.document_id.id),
            ("DELETE FROM ir_attachment WHERE id = %s", plan.document_id.id),
        ):  # fmt: skip
            self._refused_by_database(query, *params)

    def test_lawful_moves_pass(self):
        plan = self._frozen_plan()
        cr = self.env.cr
        cr.execute(
            "UPDATE care_plan SET write_date = now(), company_id = company_id WHERE id = %s", [plan.id]
        )
        cr.execute(
            "UPDATE care_plan_goal SET state = 'achieved', evaluation = 'x' WHERE plan_id = %s", [plan.id]
        )
        cr.execute("UPDATE care_plan SET state = 'ended', ended_on = now() WHERE id = %s", [plan.id])
        cr.execute("UPDATE ir_attachment SET write_date = now() WHERE id = %s", [plan.document_id.id])
        self._refused_by_database("UPDATE care_plan SET ended_on = NULL WHERE id = %s", plan.id)

    def test_a_part_stays_in_its_plan_before_anything_is_frozen_too(self):
        plan, other = self._plan(), self._plan(self.bo, self.south)
        for part in (plan.goal_ids, plan.line_ids):
            with self.subTest(model=part._name), self.assertRaisesRegex(UserError, "Plan stays as it is"):
                part.write({"plan_id": other.id})

    def test_documents_are_frozen_for_the_orm_too(self):
        plan = self._frozen_plan()
        document = plan.document_id
        for record in (document, document.sudo()):
            with self.assertRaises(UserError):
                record.write({"raw": b"x"})
            with self.assertRaises(UserError):
                record.unlink()
        self.env["ir.attachment"].create({"name": "x", "raw": b"x"}).unlink()

    def test_a_draft_is_nobodys_agreement(self):
        plan = self._plan()
        plan.unlink()
        self.assertFalse(plan.exists())
        plan = self._plan()
        self._propose(plan)
        self._sign(plan, "client")
        self._as(self.anna, plan).action_return()
        with self.assertRaisesRegex(UserError, "Somebody has signed this plan"):
            plan.sudo().unlink()
        self._refused_by_database("DELETE FROM care_plan WHERE id = %s", plan.id)

    def test_a_returned_proposal_that_nobody_signed_leaves_no_document(self):
        plan = self._plan()
        self._propose(plan)
        document = plan.document_id
        self._as(self.anna, plan).action_return()
        self.assertFalse(document.exists())
        self.assertFalse(plan.document_id)

    def test_a_migration_thaws_and_freezes_again(self):
        plan = self._frozen_plan()
        with thawed(self.env.cr, "care_plan_line"):
            self.env.cr.execute("UPDATE care_plan_line SET when_note = 'x' WHERE plan_id = %s", [plan.id])
        self._refused_by_database("UPDATE care_plan_line SET when_note = 'y' WHERE plan_id = %s", plan.id)

    def test_upgrade_with_frozen_rows(self):
        """What an upgrade does to each model: tables, triggers and stored fields again."""
        plan = self._frozen_plan()
        names = ["care.plan", "care.plan.goal", "care.plan.line", "care.signature", "care.plan.review"]
        for name in names:
            self.env[name].init()
        for name in ("care.plan", "care.plan.goal", "care.plan.line"):
            model = self.env[name]
            for fname in ("client_id", "unit_id", "company_id"):
                field = model._fields[fname]
                if field.compute:
                    self.env.add_to_compute(field, model.search([]))
        self.env.flush_all()
        self._refused_by_database("UPDATE care_plan SET own_goals = 'x' WHERE id = %s", plan.id)

    def test_uninstall_drops_every_function(self):
        from ...hooks import uninstall_hook

        plan = self._frozen_plan()
        self.env.cr.execute(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = current_schema() AND (proname LIKE 'care\\_%%' OR proname = 'ir_attachment_guard')"
        )
        self.assertIn(("care_plan_guard",), self.env.cr.fetchall())
        uninstall_hook(self.env)
        self.env.cr.execute(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'care\\_plan%%' OR proname LIKE '%%\\_guard'"
        )
        self.assertFalse(self.env.cr.fetchall())
        self.env.cr.execute("DELETE FROM care_plan WHERE id = %s", [plan.id])
