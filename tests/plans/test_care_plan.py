from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCarePlan(CarePlanCase, TransactionCase):
    """The life of a plan: written, proposed, signed, frozen, revised."""

    def test_the_happy_way(self):
        plan = self._plan()
        self.assertEqual((plan.state, plan.version, plan.agreement), ("draft", 1, "pending"))
        self._propose(plan)
        self.assertEqual(plan.state, "proposed")
        self.assertEqual(len(plan.content_hash), 64)
        self.assertIn(plan.reference, plan.document_id.name)
        self._sign_both(plan)
        self.assertEqual((plan.state, plan.agreement), ("active", "agreed"))
        self.assertFalse(plan.without_agreement)
        client = self._as(self.north_staff, self.astrid)
        self.assertEqual(client.active_plan_id.id, plan.id)
        self.assertEqual(self._as(self.north_staff, self.stay_astrid).active_plan_id.id, plan.id)

    def test_what_is_missing_is_named_with_a_link(self):
        plan = self._plan()
        line = plan.line_ids[0]
        line.write({"responsible": False, "how": False, "monday": False})
        lonely = self.env["care.plan.goal"].create({"plan_id": plan.id, "name": "Se havet"})
        with self.assertRaises(UserError) as refused:
            self._propose(plan)
        for word in ("who", "when", "how", "Se havet"):
            self.assertIn(word, str(refused.exception))
        self.assertIn(f"/plan-lines/{line.id}", plan.missing)
        self.assertIn(f"/plan-goals/{lonely.id}", plan.missing)
        line.write({"responsible": "unit", "how": "Lugnt", "when_note": "Första veckan i månaden"})
        lonely.unlink()
        self.assertFalse(plan.missing)
        self._propose(plan)

    def test_the_form_opens_what_is_missing_and_proposes_when_nothing_is(self):
        """The form's button asks for the list; any other caller gets the error above."""
        plan = self._plan()
        plan.line_ids[0].how = False
        form = self._as(self.anna, plan).with_context(show_missing=True)
        action = form.action_propose()
        self.assertEqual(
            (action["res_model"], action["res_id"], action["target"]), ("care.plan", plan.id, "new")
        )
        self.assertEqual((plan.state, plan.document_id), ("draft", self.env["ir.attachment"]))
        self.assertIn(f'data-id="{plan.line_ids[0].id}"', plan.missing)
        with self.assertRaises(AccessError):
            self._as(self.south_staff, plan).with_context(show_missing=True).action_propose()
        plan.line_ids[0].how = "Steg för steg"
        self.assertIsNone(form.action_propose())
        self.assertEqual(plan.state, "proposed")

    def test_a_revised_plan_tells_the_version_that_it_replaces(self):
        plan = self._active_plan()
        following = self.env["care.plan"].browse(self._as(self.anna, plan).action_revise()["res_id"])
        following = self._as(self.anna, following)
        self.assertEqual((following.previous_version, following.version), (1, 2))
        self.assertEqual(following.action_open_previous()["res_id"], plan.id)

    def test_a_childs_plan_asks_for_the_childs_view(self):
        plan = self._plan(template_id=self.env.ref("social_care.plan_template_child").id)
        labels = [text for _row, text in plan._missing()]
        self.assertTrue(any("Own View" in text for text in labels), labels)

    def test_only_contact_person_or_manager_proposes(self):
        colleague = self._user("colleague", "social_care.group_care_staff")
        self._member(self.north, colleague)
        plan = self._plan()
        self._as(colleague, plan.line_ids).write({"how": "Steg för steg"})
        with self.assertRaises(AccessError):
            self._as(colleague, plan).action_propose()
        with self.assertRaises(AccessError):
            self._as(colleague, plan).sudo().action_propose()
        with self.assertRaises(AccessError):
            self._as(self.south_manager, plan).action_propose()
        self._as(self.north_manager, plan).action_propose()
        self.assertEqual(plan.state, "proposed")
        for verb in ("action_return", "action_end"):
            with self.assertRaises(AccessError):
                getattr(self._as(colleague, plan), verb)()

    def test_a_template_suggests_goals_and_lines(self):
        decision = self._decision(self.astrid, self.north, goal="Klara sin vardag")
        template = self.env.ref("social_care.plan_template_buss")
        plan = self.env["care.plan"].create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "template_id": template.id}
        )
        self.assertEqual(plan.decision_ids, decision)
        goal = plan.goal_ids.filtered(lambda goal: goal.source == "decision")
        self.assertEqual(goal.name, "Klara sin vardag")
        self.assertEqual(len(set(plan.goal_ids.mapped("heading")) - {False}), 4, "BUSS has four domains")
        self.assertTrue(plan.line_ids)
        self.assertTrue(plan.missing, "who and when are the client's to say")

    def test_what_is_frozen_is_what_the_database_holds(self):
        """Written and proposed in one go, each line is in the content once."""
        plan = self.env["care.plan"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "template_id": self.env.ref("social_care.plan_template_buss").id,
            }
        )
        self.assertEqual(len(plan.line_ids.ids), len(set(plan.line_ids.ids)))
        plan.line_ids.write({"responsible": "unit", "monday": True})
        plan.with_user(self.anna).action_propose()
        self.assertEqual(len(plan._shown_content()["lines"]), len(plan.line_ids))
        self.assertFalse(plan._faults())

    def test_a_decisions_goal_keeps_its_wording(self):
        decision = self._decision(self.astrid, self.north, goal="Klara sin vardag")
        goal = self.env["care.plan.goal"].create(
            {
                "plan_id": self._plan().id,
                "source": "decision",
                "decision_id": decision.id,
                "name": "Något annat",
            }
        )
        self.assertEqual(goal.name, "Klara sin vardag")
        with self.assertRaises(UserError):
            goal.name = "Något annat"
        with self.assertRaises(UserError):
            goal.write({"source": "own", "decision_id": False})
        goal.sequence = 3

    def test_a_skipped_question_is_not_a_zero(self):
        plan = self._plan()
        goal = plan.goal_ids[0]
        self.assertIs(goal.meaning, False)
        self.assertFalse(goal.means_little)
        goal.meaning_answer = "0"
        self.assertEqual(goal.meaning, 0)
        self.assertIsNot(goal.meaning, False)
        self.assertTrue(goal.means_little)
        goal.meaning = 5
        self.assertFalse(goal.means_little)
        self.assertEqual(goal.meaning_answer, "5")
        goal.meaning_answer = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIs(goal.meaning, False)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            goal.meaning = 11
            goal.flush_recordset()

    def test_no_state_but_by_the_verbs(self):
        plan = self._plan()
        for vals in ({"state": "active"}, {"content_hash": "x"}, {"agreement": "agreed"}, {"version": 9}):
            for record in (plan, plan.sudo(), self._as(self.north_manager, plan)):
                with self.assertRaises(UserError):
                    record.write(vals)
            with self.assertRaises(UserError):
                self.env["care.plan"].create({"client_id": self.bo.id, "unit_id": self.south.id, **vals})

    def test_every_step_that_the_table_does_not_know_is_refused(self):
        plan = self._active_plan()
        for state in set(plan._fields["state"].get_values(self.env)) - plan._transitions["active"]:
            with self.assertRaises(UserError):
                plan._transition(state)
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                if state != "active":
                    self.env.cr.execute("UPDATE care_plan SET state = %s WHERE id = %s", [state, plan.id])
                else:
                    raise IntegrityError
        for verb in ("action_propose", "action_return"):
            with self.assertRaises(UserError):
                getattr(self._as(self.anna, plan), verb)()

    def test_a_proposal_is_taken_back_and_signed_anew(self):
        plan = self._plan()
        self._propose(plan)
        shown = plan.content_hash
        self._sign(plan, "client")
        self._as(self.anna, plan).action_return()
        self.assertEqual((plan.state, plan.agreement), ("draft", "pending"))
        plan.line_ids[0].how = "På ett annat sätt"
        self._propose(plan)
        self.assertNotEqual(plan.content_hash, shown)
        with self.assertRaises(UserError) as refused:
            self._sign(plan, "client", content_hash=shown)
        self.assertIn("changed", str(refused.exception))
        self._sign_both(plan)
        self.assertEqual(plan.state, "active")
        self.assertEqual(len(plan.signature_ids), 3, "the first signature stays, under the first content")

    def test_review_at_most_six_months_ahead(self):
        plan = self._plan()
        self.assertEqual(plan.review_date, plan.date_from + relativedelta(months=6))
        with self.assertRaises(ValidationError):
            plan.review_date = plan.date_from + relativedelta(months=6, days=1)
        self.set_rule("plan_review", 12)
        plan.review_date = plan.date_from + relativedelta(months=12)

    def test_one_active_plan_for_each_client_and_unit(self):
        plan = self._active_plan()
        other = self._plan()
        self._propose(other)
        with self.assertRaises(UserError):
            self._sign_both(other)
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'care_plan__one_active'")
        self._stay(self.astrid, self.south, -5)
        self._contact_person(self.astrid, self.south, self.south_staff)
        south = self._active_plan(unit=self.south, contact=self.south_staff)
        self.assertEqual((plan.state, south.state), ("active", "active"))
        self.assertEqual(self._as(self.north_staff, self.astrid).active_plan_id.id, plan.id)
        self.assertEqual(self._as(self.south_staff, self.astrid).active_plan_id.id, south.id)

    def test_revise_keeps_the_lineage_and_replaces(self):
        plan = self._active_plan()
        action = self._as(self.anna, plan).action_revise()
        new = self.env["care.plan"].browse(action["res_id"])
        self.assertEqual((new.version, new.previous_id, new.state), (2, plan, "draft"))
        self.assertEqual(new.goal_ids.previous_id, plan.goal_ids)
        self.assertEqual(new.line_ids.previous_id, plan.line_ids)
        self.assertEqual(new.line_ids.goal_id, new.goal_ids)
        self.assertEqual(
            self._as(self.anna, plan).action_revise()["res_id"], new.id, "one revision at a time"
        )
        self.assertFalse(new._changes())
        new.line_ids[0].write({"how": "Med musik", "tuesday": True})
        new.write({"line_ids": [Command.create({"goal_id": new.goal_ids[0].id, "name": "Simma"})]})
        kinds = {(kind, what) for kind, what, *_rest in new._changes()}
        self.assertIn(("new", "Simma"), kinds)
        self.assertIn(("changed", plan.line_ids[0].name), kinds)
        self.assertIn("Med musik", new.changes)
        new.line_ids[-1].unlink()
        self._propose(new)
        self.assertEqual(plan.state, "active", "the old one holds until the new one does")
        self._sign_both(new)
        self.assertEqual((plan.state, new.state), ("replaced", "active"))
        self.assertEqual(plan.ended_on, self.today)

    def test_a_version_of_a_plan_from_a_template_repeats_no_suggestion(self):
        plan = self._plan(template_id=self.env.ref("social_care.plan_template_buss").id)
        plan.line_ids.write({"responsible": "unit", "monday": True})
        self._propose(plan)
        self._sign_both(plan)
        new = self.env["care.plan"].browse(self._as(self.anna, plan).action_revise()["res_id"])
        self.env.invalidate_all()
        self.assertEqual(new.template_id, plan.template_id)
        self.assertEqual(len(new.goal_ids), len(plan.goal_ids))
        self.assertEqual(len(new.line_ids), len(plan.line_ids))
        self.assertEqual({what for _kind, what, *_rest in new._changes()} - {"The plan"}, set())

    def test_what_changed_over_three_versions(self):
        """Each version is compared with the one before it; what the client has not been asked again is no change."""
        plan = self._plan(goals=2)
        plan.goal_ids[0].meaning = 9
        self._propose(plan)
        self._sign_both(plan)
        for how in ("Först", "Sedan"):
            new = self.env["care.plan"].browse(self._as(self.anna, plan).action_revise()["res_id"])
            new.line_ids[0].how = how
            self._propose(new)
            self._sign_both(new)
            plan = new
        self.assertEqual(plan.version, 3)
        rows = [row for row in plan._changes() if row[1] != "The plan"]
        self.assertEqual(rows, [("changed", plan.line_ids[0].name, "How", "Först", "Sedan")])
        self.assertIn("Först</del> → Sedan", plan.changes)

    def test_reviews_and_results(self):
        plan = self._active_plan()
        review = self._as(self.anna, self.env["care.plan.review"]).create({"plan_id": plan.id})
        self.assertEqual(review.result_ids.goal_id.ids, plan.goal_ids.ids)
        with self.assertRaises(UserError):
            review.action_done()
        review.next_review_date = self.today + timedelta(days=400)
        with self.assertRaises(ValidationError):
            review.action_done()
        review.next_review_date = self.today + timedelta(days=90)
        review.result_ids.write({"state": "achieved", "nearness": 9, "note": "Bakar själv"})
        review.action_done()
        self.assertEqual(plan.goal_ids.mapped("state"), ["achieved"])
        with self.assertRaisesRegex(UserError, "does not become"):
            review.action_done()
        with self.assertRaisesRegex(UserError, "Plan stays as it is"):
            review.write({"plan_id": self._plan(self.bo, self.south).id})
        self.assertEqual(plan.goal_ids.evaluation, "Bakar själv")
        self.assertEqual(plan.next_review_date, review.next_review_date)
        for record, vals in ((review, {"body": "x"}), (review.result_ids, {"nearness": 1})):
            with self.assertRaises(UserError):
                record.sudo().write(vals)
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaises(UserError):
            plan.goal_ids.sudo().write({"state": "open"})

    def test_an_everyday_note_is_tied_to_a_goal(self):
        plan = self._active_plan()
        note = self._as(self.anna, self.env["care.plan.review"]).create(
            {"plan_id": plan.id, "kind": "everyday", "goal_id": plan.goal_ids.id}
        )
        self.assertFalse(note.result_ids)
        with self.assertRaises(UserError):
            note.action_done()
        note.client_view = "Det gick bra med degen"
        note.action_done()
        self.assertEqual(note.state, "done")

    def test_verify_says_whether_it_is_what_was_signed(self):
        plan = self._active_plan()
        self.assertFalse(self._as(self.north_staff, plan)._faults())
        self.assertEqual(self._as(self.north_staff, plan).action_verify()["params"]["type"], "success")
        task_type = plan.line_ids.task_type_id
        task_type.name = "Heter något annat nu"
        self.assertFalse(plan._faults(), "a code list may be reworded")
        self._tamper("care_plan_line", "UPDATE care_plan_line SET how = 'x' WHERE plan_id = %s", plan.id)
        self.assertTrue(plan._faults())
        self.assertEqual(self._as(self.north_staff, plan).action_verify()["params"]["type"], "danger")

    def test_verify_finds_exchanged_document_hash_and_signature(self):
        for table, query in (
            ("care_plan", "UPDATE care_plan SET content = replace(content, 'Norr', 'Nord') WHERE id = %s"),
            ("care_plan", "UPDATE care_plan SET document_hash = 'x' WHERE id = %s"),
            ("care_signature", "UPDATE care_signature SET signer_name = 'x' WHERE plan_id = %s"),
        ):
            with self.env.cr.savepoint() as savepoint:
                plan = self._active_plan()
                self._tamper(table, query, plan.id)
                self.assertEqual(len(plan._faults()), 1, query)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_e6_a_document_whose_file_is_gone_is_missing_and_not_exchanged(self):
        plan = self._active_plan()
        with patch.object(type(self.env["ir.attachment"]), "_file_read", lambda *_args, **_kwargs: b""):
            [fault] = plan._faults()
        self.assertIn("is missing", fault)
        self.assertFalse(plan._faults())

    def test_reading_a_draft_or_another_unit_cannot_verify(self):
        plan = self._plan()
        with self.assertRaises(UserError):
            plan.action_verify()
        with self.assertRaises(AccessError):
            self._once_open(self.south_staff, plan).action_verify()
