from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_plan import CarePlanCase

REPORTS = ("social_care.care_plan_report_document", "social_care.care_plan_easy_report_document")


@tagged("post_install", "-at_install")
class TestCarePlanReport(CarePlanCase, TransactionCase):
    """What the plan looks like on paper, and who may print it."""

    def _print(self, user, report, plan):
        self.env.flush_all()
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(user)
        return reports._render_qweb_html(report, plan.ids)[0].decode()

    def test_the_print_holds_what_was_agreed(self):
        plan = self._active_plan(own_goals="Jag vill ha lugn och ro")
        for report in REPORTS:
            html = self._print(self.anna, report, plan)
            for text in (
                "Jag vill ha lugn och ro",
                "Baka bröd 0",
                "Handla mjöl 0",
                "Jag skriver listan",
                "Astrid Ek",
            ):
                self.assertIn(text, html)
        html = self._print(self.anna, REPORTS[0], plan)
        self.assertIn("data:image/png;base64", html)
        self.assertIn(plan.content_hash[:32], html)
        self.assertIn(f"{plan.reference}", html)

    def test_frozen_wording_is_printed_as_it_was(self):
        plan = self._active_plan()
        self.north.name = "Heter något annat"
        self.assertIn("Norr", self._print(self.anna, REPORTS[0], plan))

    def test_a_chosen_line_prints_the_person(self):
        plan = self._plan()
        line = plan.line_ids
        line.responsible = "chosen"
        self.assertNotIn(self.north_staff.name, line.who_text)
        self.env["care.staff.choice"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "task_type_id": line.task_type_id.id,
                "employee_id": self._employee(self.north_manager).id,
            }
        ).action_accept()
        self.env.invalidate_all()
        self.assertEqual(line.performer_id.name, self.north_manager.name)
        self._propose(plan)
        self.assertIn(self.north_manager.name, self._print(self.anna, REPORTS[0], plan))

    def test_a_heading_keeps_its_first_line(self):
        """A goal at the foot of one page with its lines on the next is read as a goal without any."""
        plan = self._plan(lines=2)
        for report in REPORTS:
            html = self._print(self.anna, report, plan)
            kept = html.split("page-break-inside: avoid")
            self.assertTrue(any("Baka bröd 0" in part for part in kept))
            self.assertEqual(html.count("Handla mjöl 0"), 1)
            self.assertEqual(html.count("Handla mjöl 1"), 1)

    def test_a_no_and_a_lacking_agreement_are_printed(self):
        plan = self._plan()
        self.assertIn("Draft. Not an agreement yet.", self._print_en(plan))
        self._propose(plan)
        self._sign(plan, "client", "declined", note="Inte på måndagar")
        self.assertIn("Inte på måndagar", self._print_en(plan))
        self._sign(plan, "contact_person")
        self._as(self.north_manager, plan).action_activate("Behövs nu")
        for report in REPORTS:
            html = self._print_en(plan, report)
            self.assertIn("Without the client", html)
            self.assertIn("Behövs nu", html)
        week = self._print_en(plan, "social_care.care_plan_week_report")
        self.assertIn("Without the client", week)

    def _print_en(self, plan, report=REPORTS[0]):
        plan.client_id.lang = "en_US"
        return self._print(self.anna, report, plan)

    def test_a_protected_persons_name_is_not_printed(self):
        plan = self._active_plan()
        self.astrid.protection_level = "marked"
        for report in REPORTS:
            html = self._print(self.anna, report, plan)
            self.assertNotIn("Astrid Ek", html)
            self.assertIn(self.astrid.reference, html)

    def test_nobody_else_prints(self):
        plan = self._active_plan()
        portal = self._user("portal_person", "base.group_portal")
        for user in (self.south_staff, self.oncall_lead, self.privacy_officer, self.care_admin, portal):
            for report in REPORTS:
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self._print(user, report, plan)
            with self.assertRaises(AccessError):
                self._as(user, plan.document_id).read(["raw"])
        self.assertTrue(self._as(self.anna, plan.document_id).read(["raw"])[0]["raw"])


@tagged("post_install", "-at_install")
class TestCarePlanReportAddress(CarePlanCase, HttpCase):
    """Any logged-in user can call a report by its address: the wall is the record's."""

    @mute_logger("odoo.http")
    def test_addresses_obey_the_walls(self):
        plan = self._active_plan()
        addresses = [f"/report/html/{report}/{plan.id}" for report in REPORTS]
        addresses.append(f"/web/content/{plan.document_id.id}")
        for login, expected in (("north_staff", True), ("south_staff", False), ("oncall_staff", False)):
            self.authenticate(login, login)
            for address in addresses:
                answer = self.url_open(address)
                with self.subTest(login=login, address=address):
                    self.assertEqual(answer.status_code == 200 and "Handla mjöl" in answer.text, expected)
