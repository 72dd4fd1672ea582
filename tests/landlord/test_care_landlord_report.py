import base64
import hashlib
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .test_care_disturbance import DisturbanceCase
from .test_care_disturbance_frozen import RetentionCase


@tagged("post_install", "-at_install")
class TestCareLandlordReport(RetentionCase, DisturbanceCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.case = self._case(measures="Vi ringde på.")
        self.sent = self._report(self.oncall_lead)._kept()

    def test_what_was_sent_is_kept(self):
        sent = self.sent
        self.assertEqual(
            (sent.unit_id, sent.landlord_id, sent.sent_by_id, sent.case_ids, sent.case_count),
            (self.oncall, self.landlord, self.oncall_lead, self.case.with_env(sent.env), 1),
        )
        self.assertEqual(sent.csv_sha256, hashlib.sha256(base64.b64decode(sent.csv_file)).hexdigest())
        self.assertEqual(sent.content[0]["measures"], "Vi ringde på.")
        sent.action_pdf()
        self.assertEqual(sent.pdf_sha256, hashlib.sha256(base64.b64decode(sent.pdf_file)).hexdigest())
        first = sent.pdf_sha256
        sent.action_pdf()
        self.assertEqual(sent.pdf_sha256, first, "the same file again")

    def test_it_says_what_was_said_though_the_case_goes_on(self):
        self.case.measures = "Något annat"
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.oncall_lead)
            ._render_qweb_html("social_care.care_disturbance_report_document", self.sent.ids)
        )
        self.assertIn("Vi ringde på.", html.decode())
        self.assertNotIn("Något annat", html.decode())

    def test_pdf_and_csv_of_the_same_are_one_report(self):
        wizard = self._report(self.oncall_lead)
        for action in (wizard.action_csv(), wizard.action_print()):
            self.assertIn(f"care.landlord.report/{self.sent.id}/", action["url"])
        self.case.measures = "Nu är det lugnt"
        again = self._report(self.oncall_lead)._kept()
        self.assertNotEqual(again, self.sent)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.assertNotEqual(self._report(self.oncall_lead)._kept(), again, "sent once more")

    def test_nobody_changes_it(self):
        for user in (self.oncall_lead, self.oncall_staff, self.care_admin):
            with self.assertRaises(UserError):
                self._as(user, self.sent).write({"date_to": self._day(9)})
            with self.assertRaises(UserError):
                self._as(user, self.sent).unlink()
            with self.assertRaises(UserError):
                self._as(user, self.env["care.landlord.report"]).create({"unit_id": self.oncall.id})
        for record in (self.sent.sudo(), self.sent.with_user(self.env.ref("base.user_root"))):
            with self.assertRaises(UserError):
                record.write({"sent_at": fields.Datetime.now()})
            with self.assertRaises(UserError):
                record.unlink()

    def test_the_database_keeps_it(self):
        self.sent.action_pdf()
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "care.landlord.report"),
                    ("res_id", "=", self.sent.id),
                    ("res_field", "!=", False),
                ]
            )
        )
        self.assertEqual(len(files), 2)
        own = (self.sent.id,)
        self._assert_refused(
            *(
                (f"UPDATE care_landlord_report SET {name} = NULL WHERE id = %s", own)  # noqa: S608
                for name in (field.name for field in self.sent._frozen_fields() if field.column_type)
            ),
            ("UPDATE care_landlord_report SET pdf_sha256 = 'x' WHERE id = %s", own),
            ("DELETE FROM care_landlord_report WHERE id = %s", own),
            ("DELETE FROM care_landlord_report_case WHERE report_id = %s", own),
            *(("UPDATE ir_attachment SET checksum = 'x' WHERE id = %s", (file.id,)) for file in files),
            *(("DELETE FROM ir_attachment WHERE id = %s", (file.id,)) for file in files),
        )

    def test_who_reads_it(self):
        self.sent.action_pdf()  # it is made, and who asks is handed the file
        self.assertTrue(self._as(self.oncall_lead, self.sent).read(["content"]))
        other = self._unit("Andra jouren", kind="on_call")
        stranger = self._user("other_lead", "social_care.group_oncall_lead")
        self._member(other, stranger)
        for user in (stranger, self.oncall_staff, self.north_manager, self.care_admin, self.supporter):
            with self.assertRaises(AccessError):
                self._as(user, self.sent).read(["content"])
            for verb in ("action_pdf", "action_csv"):
                with self.assertRaises(AccessError):
                    getattr(self._once_open(user, self.sent), verb)()
        with self.assertRaises(AccessError):
            self._report(stranger, unit_id=self.oncall.id)._kept()

    def test_an_approved_run_deletes_report_and_case(self):
        self.sent.action_pdf()
        self.case.action_close()
        self._approved_run(self.case).action_execute()
        self.env.invalidate_all()
        self.assertFalse(self.case.exists())
        self.assertTrue(self.sent.exists())
        self.assertFalse(self.sent.case_ids)

    def test_an_approved_run_deletes_the_report_with_its_files(self):
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "care.landlord.report"),
                    ("res_id", "=", self.sent.id),
                    ("res_field", "!=", False),
                ]
            )
        )
        self.assertTrue(files)
        run = self._approved_run(self.sent)
        self.assertEqual(run.line_ids.reference, self.sent.reference)
        run.action_execute()
        self.env.invalidate_all()
        self.assertFalse(self.sent.exists() or files.exists())
        self.assertTrue(self.case.exists())
