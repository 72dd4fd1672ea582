from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.attached import by_app
from ..common_emergency import EmergencyCase
from ..common_file import FILE_MODELS, FileCase
from ..common_journal import JournalCase
from ..common_oncall import OncallCase

SERVER_LOGS = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
REPORTS = (
    "care_access_log_report", "care_contact_person_report", "care_plan_week_report", "care_plan_report_document",
    "care_check_visit_report_document", "care_journal_report",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestCareClientLockoutWays(EmergencyCase, OncallCase, JournalCase, FileCase, HttpCase):
    """A lockout against each right that another rule gives: it beats them all, from the next call on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls.env["care.client.card"].search([("client_id", "=", cls.astrid.id)])
        cls.night_card = cls._night_card(cls.astrid, cls.north)
        cls.visit = cls._visit(oncall_unit_id=cls.oncall.id)
        event = cls._event(client_id=cls.astrid.id, description="Orolig")
        cls.handover = cls.env["care.handover"].create(
            {
                "event_id": event.id,
                "unit_id": cls.north.id,
                "from_unit_id": cls.oncall.id,
                "client_id": cls.astrid.id,
                "body": "Orolig i natt",
            }
        )
        cls.sysadmin = cls._user("sysadmin", "base.group_system,social_care.group_care_manager")
        cls._member(cls.north, cls.sysadmin, "manager")

    def setUp(self):
        super().setUp()
        self.entry = self._signed(body="Hemligt i journalen")

    def _lock_out(self, user):
        return self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": user.id, "reason": "Granne"}
        )

    def assertShut(self, user, *records):
        """Open before the lockout, shut after it; open again when it has ended."""
        for record in records:
            self.assertTrue(self._sees(user, record), (user.login, record))
            self._as(user, record).check_access("read")
        lockout = self._lock_out(user)
        for record in records:
            self.assertFalse(self._sees(user, record), (user.login, record))
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._as(user, record).read()
            for operation in ("read", "write", "unlink"):
                self.assertFalse(
                    self._as(user, record).has_access(operation), (user.login, record, operation)
                )
        self._as(self.privacy_officer, lockout).write({"date_from": self._day(-2), "date_to": self._day(-1)})
        for record in records:
            self.assertTrue(self._sees(user, record), (user.login, record))

    def test_the_file_of_staff_managers_and_administrators(self):
        for user in (self.north_staff, self.north_manager, self.sysadmin):
            self.assertShut(user, *(self.files[self.astrid][model] for model in FILE_MODELS))

    def test_the_contact_person_of_a_protected_person(self):
        self.astrid.protection_level = "marked"
        self._contact_person(self.astrid, self.north, self.north_staff, role="deputy")
        self.assertShut(self.north_staff, self.astrid, self.stay_astrid)

    def test_the_crew_on_duty(self):
        self.assertShut(self.oncall_staff, self.card, self.night_card, self.visit)

    def test_journal_and_timeline(self):
        line = self.env["care.journal.timeline"].search(
            [("client_id", "=", self.astrid.id), ("source", "=", "entry")], limit=1
        )
        self.assertTrue(line)
        self.assertShut(self.north_manager, self.entry, line)

    def test_a_draft_of_ones_own(self):
        self.assertShut(self.north_staff, self._draft(body="Utkast"))

    def test_a_handover(self):
        self.assertShut(self.north_staff, self.handover)

    def test_an_emergency_access_that_is_open(self):
        access = self._open_file(self.south_staff, self.astrid.reference)
        self.assertShut(self.south_staff, access, self.astrid, self.entry)

    def test_opening_in_an_emergency(self):
        for user in (self.north_staff, self.north_manager, self.oncall_staff, self.sysadmin):
            self._lock_out(user)
            answer = self._refusal(user, self.astrid.reference)
            self.assertEqual(answer, self._refusal(user, "K9999999"), "as for nobody")
            self.assertFalse(self.env["care.emergency.access"].search([("user_id", "=", user.id)]))

    def test_reviews_and_who_opened_the_file(self):
        review = self.env["care.access.review"].create(
            {"unit_id": self.north.id, "month": self.today.replace(day=1), "due_date": self.today}
        )
        now = fields.Datetime.now()
        line = self.env["care.access.review.line"].create(
            {
                "review_id": review.id,
                "client_id": self.astrid.id,
                "user_id": self.south_staff.id,
                "first_at": now,
                "last_at": now,
            }
        )
        self.assertShut(self.north_manager, line)
        self._as(self.north_manager, self.astrid).action_who_opened()
        self._lock_out(self.north_manager)
        with self.assertRaises(AccessError):
            self._as(self.north_manager, self.astrid).action_who_opened()
        self.assertFalse(
            self._as(self.north_manager, self.env["care.access.log"]).search(
                [("client_id", "=", self.astrid.id)]
            )
        )

    def test_the_register_extract_and_what_was_given_out(self):
        request = self._as(self.privacy_officer, self.env["care.subject.request"]).create(
            {"client_key": self.astrid.reference, "identity": "Legitimation"}
        )
        part = self.env["care.subject.part"].search(
            [("request_id", "=", request.id), ("unit_id", "=", self.north.id)]
        )
        self.assertTrue(part)
        self.assertShut(self.north_manager, part)

    @mute_logger(*SERVER_LOGS)
    def test_report_urls(self):
        """Any logged-in user may call a report by its address."""
        plan = self.env["care.plan"].create({"client_id": self.astrid.id, "unit_id": self.north.id})
        journal = self._as(self.north_manager, self.env["care.journal.print"]).create(
            {"client_id": self.astrid.id, "unit_id": self.north.id}
        )
        opened = self._as(self.north_manager, self.env["care.access.log.print"]).create(
            {"client_id": self.astrid.id}
        )
        ids = {
            "care_access_log_report": opened.id,
            "care_contact_person_report": self.files[self.astrid]["care.contact.person"].id,
            "care_plan_week_report": plan.id,
            "care_plan_report_document": plan.id,
            "care_check_visit_report_document": self.visit.id,
            "care_journal_report": journal.id,
        }
        self.authenticate("north_manager", "north_manager")
        for name in REPORTS:
            self.assertEqual(self._report(name, ids[name]).status_code, 200, name)
        self._lock_out(self.north_manager)
        self.env.flush_all()
        for name in REPORTS:
            with self.subTest(report=name):
                answer = self._report(name, ids[name])
                self.assertNotEqual(answer.status_code, 200)
                for secret in ("Astrid", "Hemligt i journalen", self.astrid.reference):
                    self.assertNotIn(secret, answer.text)

    def _report(self, name, id_):
        return self.url_open(f"/report/html/social_care.{name}/{id_}")

    def test_an_attachment(self):
        with by_app():  # as an earlier version let it be stored
            file = self.env["ir.attachment"].create(
                {"name": "x.txt", "raw": b"Hemligt", "res_model": "care.stay", "res_id": self.stay_astrid.id}
            )
        self.authenticate("north_manager", "north_manager")
        self.assertIn("Hemligt", self.url_open(f"/web/content/{file.id}").text)
        self._lock_out(self.north_manager)
        self.env.flush_all()
        self.assertNotIn("Hemligt", self.url_open(f"/web/content/{file.id}").text)

    def test_whom_it_concerns_is_fixed(self):
        """Pointing it at another would be a way to end it without a trace."""
        lockout = self._as(self.privacy_officer, self._lock_out(self.north_staff))
        for values in ({"user_id": self.south_staff.id}, {"client_id": self.bo.id}):
            with self.assertRaises(UserError), self.cr.savepoint():
                lockout.write(values)
        lockout.write({"user_id": self.north_staff.id, "reason": "Granne, två trappor upp"})

    def test_it_follows_the_person_to_another_login(self):
        self._lock_out(self.north_staff)
        again = self._user("again", "social_care.group_care_staff")
        self._employee(self.north_staff).user_id = again
        followed = self.env["care.client.lockout"].search([("user_id", "=", again.id)])
        self.assertEqual((followed.client_id, followed.origin), (self.astrid, "decided"))
        self.assertTrue(followed.reason)
        member = self.env["care.unit.member"].search([("user_id", "=", again.id)])
        self._as(self.north_manager, member).action_confirm()
        self.assertFalse(self._sees(again, self.astrid))
        self.assertEqual(followed.date_from, self.today)
