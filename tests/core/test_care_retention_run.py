from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools import frozen
from ..common_plan import CarePlanCase


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

    def test_each_verb_in_its_state_alone(self):
        """By their sentences: another guard would refuse too, but later, or with an answer that helps nobody."""
        run = self._run(self._active_plan())
        mine = self._as(self.privacy_officer, run).with_context(lang="en_US")
        with self.assertRaisesRegex(UserError, "does not become “Approved”"):
            mine.action_approve()
        self.assertFalse(run.first_approver_id)
        with self.assertRaisesRegex(UserError, "by the buttons alone"):
            mine.write({"state": "proposed"})
        elsewhere = self.env["res.company"].create(
            {"name": "Omsorg Norr AB", "care_operator_type": "private"}
        )
        with self.assertRaisesRegex(UserError, "Company stays as it is"):
            run.sudo().write({"company_id": elsewhere.id})
        for verb in ("action_propose", "action_approve"):
            getattr(mine, verb)()
            with self.assertRaisesRegex(UserError, "does not become “Done”"):
                mine.action_execute()

    def test_nobody_else_sees_or_approves(self):
        run = self._run(self._active_plan())
        for user in (self.north_staff, self.north_manager, self.oncall_lead, self.care_admin, self.supporter):
            with self.assertRaises(AccessError):
                self._as(user, run).read(["reason"])
            with self.assertRaises(AccessError):
                self._as(user, run).action_approve()
            with self.assertRaises(AccessError):
                self._as(user, run.line_ids).read(["res_id"])

    def _other_company(self):
        """Another provider's officers, and a plan of theirs."""
        company = self.env["res.company"].create({"name": "Omsorg Väst AB"})
        officers = [
            self._user(
                f"west_officer_{number}",
                "social_care.group_privacy_officer",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for number in (1, 2)
        ]
        return company, officers

    def _draft(self, officer, *lines):
        return (
            self.env["care.retention.run"]
            .with_user(officer)
            .with_context(allowed_company_ids=officer.company_id.ids)
            .create(
                {"reason": "Prov", "source": "Prov", "line_ids": [Command.create(line) for line in lines]}
            )
        )

    def test_the_form_takes_a_reference_and_keeps_it(self):
        plan, other = self._active_plan(), self._active_plan(self.bo, self.south, contact=self._bos_contact())
        with Form(self._as(self.privacy_officer, self.env["care.retention.run"])) as form:
            form.reason, form.source = "Två år har gått", "SoL 17 kap."
            with form.line_ids.new() as line:
                line.model = "care.plan"
                line.reference = plan.reference
        run = form.record
        self.assertEqual(run.line_ids.mapped("res_id"), plan.ids)
        with Form(run) as form:
            self.assertEqual(form.line_ids.edit(0).reference, plan.reference)
            with form.line_ids.edit(0) as line:
                line.reference = other.reference
        self.assertEqual(run.line_ids.mapped("res_id"), other.ids)
        self.assertEqual(run.line_ids.reference, other.reference)

    def test_a_run_lists_nothing_of_another_company_by_any_door(self):
        plan = self._active_plan()
        _company, (officer, _second) = self._other_company()
        self.env.flush_all()
        self.env.invalidate_all()
        empty = self._draft(officer)
        lines = empty.line_ids
        answers = set()
        for values in (
            {"model": "care.plan", "res_id": plan.id},
            {"model": "care.plan", "res_id": 987654321},
            {"model": "care.plan"},
            {"model": "care.plan", "reference": plan.reference},
            {"model": "care.plan", "reference": "finns inte"},
            {"model": "care.client", "res_id": self.astrid.id},
            {"model": "res.partner", "res_id": officer.partner_id.id},
        ):
            for door in (
                lambda vals: self._draft(officer, vals),
                lambda vals: lines.create({"run_id": empty.id, **vals}),
                lambda vals: empty.write({"line_ids": [Command.create(vals)]}),
                lambda vals: lines.with_context(
                    default_run_id=empty.id, **{f"default_{name}": value for name, value in vals.items()}
                ).create({}),
            ):
                with self.subTest(values), self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                    door(values)
                answers.add(str(refused.exception))
        self.assertEqual(len(answers), 1, answers)
        for names, row in (
            (
                ["reason", "source", "line_ids/model", "line_ids/reference"],
                ["P", "P", "Plan", plan.reference],
            ),
            (["reason", "source", "line_ids/model", "line_ids/res_id"], ["P", "P", "Plan", str(plan.id)]),
        ):
            told = self._as(officer, empty).with_context(allowed_company_ids=officer.company_id.ids)
            self.assertFalse(told.load(names, [row])["ids"])
        shown = lines.onchange(
            {"model": "care.plan", "res_id": plan.id, "run_id": empty.id},
            ["model", "res_id"],
            {"reference": {}},
        )
        self.assertFalse(shown["value"].get("reference"), "an id in a form confirms nothing")
        self.assertFalse(lines.sudo().search([("run_id.company_id", "!=", self.company.id)]))

    def test_a_line_is_not_moved_onto_what_is_another_company_s(self):
        plan = self._active_plan()
        run = self._run(plan)
        company, (officer, _second) = self._other_company()
        theirs = self._draft(officer)
        line = run.line_ids
        for vals in (
            {"res_id": 987654321},
            {"reference": "finns inte"},
            {"model": "care.journal.entry"},
            {"run_id": theirs.id},
        ):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                line.sudo().write(vals)
        with self.assertRaises(UserError):
            run.sudo().write({"company_id": company.id})
        for query, *params in (
            ("UPDATE care_retention_line SET run_id = %s WHERE id = %s", theirs.id, line.id),
            ("UPDATE care_retention_run SET company_id = %s WHERE id = %s", company.id, run.id),
            (
                "INSERT INTO care_retention_line (run_id, model, res_id) VALUES (%s, 'care.plan', %s)",
                theirs.id,
                plan.id,
            ),
        ):
            with (
                self.subTest(query),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, params)

    def test_no_line_comes_into_a_list_that_is_proposed(self):
        """Neither from another run: two persons approved what they saw."""
        plan, other = self._active_plan(), self._plan(self.bo, self.south)
        approved, draft = self._run(plan), self._run(other)
        approved.action_propose()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            draft.line_ids.write({"run_id": approved.id})
        self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE care_retention_line SET run_id = %s WHERE run_id = %s", [approved.id, draft.id]
            )

    def test_a_run_of_another_company_opens_nothing(self):
        """Even when a line of it lists the row, as it could before lines were bound to their company."""
        plan = self._active_plan()
        _company, officers = self._other_company()
        run = self._draft(officers[0])
        self.env.flush_all()
        with frozen.thawed(self.env.cr, "care_retention_line"):
            self.env.cr.execute(
                "INSERT INTO care_retention_line (run_id, company_id, model, res_id)"
                " VALUES (%s, %s, 'care.plan', %s)",
                [run.id, run.company_id.id, plan.id],
            )
        self.env.invalidate_all()
        self.assertFalse(run.line_ids.reference)
        run.action_propose()
        for officer in officers:
            run.with_user(officer).action_approve()
        run.action_execute()
        self.env.invalidate_all()
        self.assertTrue(plan.exists())
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM care_plan WHERE id = %s", plan.ids)

    def test_whatever_is_listed_has_a_company_and_a_reference(self):
        lines = self.env["care.retention.line"]
        for model in lines._fields["model"].get_values(self.env):
            names = self.env[model]._fields
            self.assertTrue(names["company_id"].store and names["reference"]._description_searchable, model)

    def test_nothing_else_takes_a_row_by_a_bare_id(self):
        """Whoever may write a model and an id names a record that nobody has opened to him."""
        writable = {
            self.env[line.model_id.model]._name
            for line in self.env["ir.model.access"].search(
                [("perm_create", "=", True), ("group_id", "!=", False)]
            )
            if line.model_id.model.startswith("care.")
        }
        bare = {
            name
            for name in writable
            for field in self.env[name]._fields.values()
            if field.type in ("many2one_reference", "reference") and field.store and not field.readonly
        }
        self.assertEqual(bare, {"care.retention.line"})

    def test_an_empty_run_is_not_proposed(self):
        with self.assertRaises(UserError):
            self._run().action_propose()
