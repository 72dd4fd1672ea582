from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_relative import RelativeCase


@tagged("post_install", "-at_install")
class TestRelativeNote(RelativeCase, TransactionCase):
    """A signed note is frozen, for the ORM and for plain SQL; an approved run of two persons deletes the case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_officer = cls._user("second_officer", "social_care.group_privacy_officer")
        cls.case = cls.env["care.relative.case"].create({"unit_id": cls.relatives.id, "name": "Gun Ek"})

    def setUp(self):
        super().setUp()
        self.note = self._note("Orolig för kvällarna")

    def _note(self, body, **values):
        note = self._supporter("care.relative.note").create({"case_id": self.case.id, "body": body, **values})
        note.action_sign()
        note.flush_recordset()
        return note

    def _refused(self, query, *params):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(query, params)

    def test_plain_sql_changes_nothing(self):
        for column, value in (
            ("body", "'x'"),
            ("author_id", "1"),
            ("event_at", "now() - interval '1 day'"),
            ("signed_at", "NULL"),
            ("case_id", "NULL"),
        ):
            self._refused(f"UPDATE care_relative_note SET {column} = {value} WHERE id = %s", self.note.id)  # noqa: S608
        self._refused("DELETE FROM care_relative_note WHERE id = %s", self.note.id)
        self._refused("DELETE FROM care_relative_case WHERE id = %s", self.case.id)
        self.env.cr.execute(
            "UPDATE care_relative_note SET write_date = now() WHERE id = %s", [self.note.id]
        )  # what is no content passes

    def test_the_orm_refuses_the_superuser_too(self):
        for act in (
            lambda: self.note.sudo().write({"body": "x"}),
            lambda: self.note.sudo().unlink(),
            lambda: self.case.sudo().unlink(),
            lambda: self._as(self.supporter, self.note).unlink(),
        ):
            with self.assertRaises(UserError):
                act()
        draft = self._as(self.supporter, self.env["care.relative.note"]).create(
            {"case_id": self.case.id, "body": "utkast"}
        )
        draft.write({"body": "bättre"})
        draft.unlink()

    def _run(self, *cases, **values):
        return self._as(self.privacy_officer, self.env["care.retention.run"]).create(
            {
                "reason": "Gallring",
                "source": "SoL 17 kap.",
                "line_ids": [
                    Command.create(
                        {
                            "model": "care.relative.case",
                            **({"reference": case.reference} if case else {}),
                            **values,
                        }
                    )
                    for case in cases
                ],
            }
        )

    def test_two_persons_delete_a_closed_case_and_its_numbers_stay(self):
        self._note("Jag menade mornarna", replaces_id=self.note.id)
        contact = self.env["care.relative.contact"].create(
            {"unit_id": self.relatives.id, "case_id": self.case.id, "note": "Gun ringde", "minutes": 20}
        )
        self._as(self.supporter, self.case).action_close("better")
        run = self._run(self.case)
        run.action_propose()
        for user in (self.privacy_officer, self.second_officer):
            self._as(user, run).action_approve()
        self._as(self.second_officer, run).action_execute()
        self.env.invalidate_all()
        self.assertFalse(self.case.exists())
        self.env.cr.execute("SELECT count(*) FROM care_relative_note WHERE case_id = %s", [self.case.id])
        self.assertFalse(self.env.cr.fetchone()[0])
        self.assertEqual((contact.minutes, contact.note, contact.case_id.id), (20, False, False))

    def test_open_and_unknown_cases_give_the_officer_the_same_answer(self):
        with self.assertRaises(UserError) as open_:
            self._run(self.case)
        with self.assertRaises(UserError) as by_id:
            self._run(self.env["care.relative.case"], res_id=self.case.id)
        with self.assertRaises(UserError) as no_id:
            self._run(self.env["care.relative.case"], res_id=987654321)
        with self.assertRaises(UserError) as missing:
            self._run(self.env["care.relative.case"], reference="A-XXXXXX")
        answers = {str(found.exception) for found in (open_, by_id, no_id, missing)}
        self.assertEqual(len(answers), 1, answers)

    def test_no_run_ties_a_relative_to_a_client_s_file(self):
        self._as(self.supporter, self.case).action_close("better")
        run = self._run(self.case)
        plan = self.env["care.plan"].create({"client_id": self.astrid.id, "unit_id": self.north.id})
        with self.assertRaises(UserError):
            self._as(self.privacy_officer, self.env["care.retention.line"]).create(
                {"run_id": run.id, "model": "care.plan", "res_id": plan.id}
            )

    def test_the_relative_s_own_extract_is_made_by_supporters_alone(self):
        self.env["care.relative.contact"].create(
            {"unit_id": self.relatives.id, "case_id": self.case.id, "note": "Ringde om avlösning"}
        )
        name = "social_care.care_relative_extract_report"
        reports = self._as(self.supporter, self.env["ir.actions.report"])
        html = reports._render_qweb_html(name, self.case.ids)[0].decode()
        for text in ("Gun Ek", "Orolig för kvällarna", "Ringde om avlösning"):
            self.assertIn(text, html)
        for user in self.outsiders:
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                self._as(user, self.env["ir.actions.report"])._render_qweb_html(name, self.case.ids)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                case = self._once_open(user, self.case)
                case.env[f"report.{name}"]._get_report_values(case.ids)

    def test_what_a_stricter_mode_erased_stays_on_record(self):
        self.env["care.mode.decision"].create(
            {
                "unit_id": self.relatives.id,
                "number": "SN 7",
                "date": self.today,
                "mode": "none",
                "date_from": self.today,
            }
        )
        self._note("Jag menade mornarna", replaces_id=self.note.id)
        self._as(self.supporter, self.env["care.unit.mode.change"]).create(
            {"unit_id": self.relatives.id, "mode": "none", "confirmed": True}
        ).action_change()
        self.env.invalidate_all()
        self.assertFalse(self.note.exists())
        erasure = self._supporter("care.relative.erasure").search([("unit_id", "=", self.relatives.id)])
        self.assertEqual(
            (erasure.from_mode, erasure.to_mode, erasure.decision, erasure.user_id),
            ("named", "none", "SN 7", self.supporter),
        )
        self.assertTrue(erasure.done_at)
        self.assertNotIn("Gun", erasure.erased)
        for act in (
            lambda: erasure.sudo().write({"erased": "x"}),
            lambda: erasure.sudo().unlink(),
        ):
            with self.assertRaisesRegex(UserError, "stays on record"):
                act()
        self._refused("DELETE FROM care_relative_erasure WHERE id = %s", erasure.id)
        self._refused("UPDATE care_relative_erasure SET done_at = NULL WHERE id = %s", erasure.id)
        for user in (self.privacy_officer, self.care_admin, self.north_manager, self.other_supporter):
            with self.assertRaises(AccessError):
                self._as(user, erasure).read(["erased"])
        with self.assertRaises(AccessError):
            self._supporter("care.relative.erasure").create(
                {"unit_id": self.relatives.id, "from_mode": "named", "to_mode": "none"}
            )

    def test_a_correction_is_about_a_signed_note_of_the_same_case(self):
        other = self.case.copy({"name": "Per Ek"})
        notes = self._supporter("care.relative.note")
        draft = notes.create({"case_id": self.case.id, "body": "Utkast"})
        for case, replaced in ((other, self.note), (self.case, draft)):
            with self.assertRaisesRegex(UserError, "of the same case"), self.cr.savepoint():
                notes.create({"case_id": case.id, "body": "Rättat", "replaces_id": replaced.id})
        action = self.note.action_correct()
        correction = notes.with_context(**action["context"]).create({"body": "Rättat"})
        self.assertEqual(correction.replaces_id, self.note)
