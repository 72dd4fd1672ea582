from datetime import datetime, time
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common_plan import CarePlanCase

OF_THE_CLIENT = (
    "care.plan", "care.plan.goal", "care.plan.line", "care.plan.review", "care.signature", "care.staff.choice",
    "care.contact.person", "care.visit",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestCarePlanChainTour(CarePlanCase, HttpCase):
    """From the template to the revised plan, each step by the one whose step it is, on the screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.astrid.lang = "en_US"
        cls.env["care.contact.person"].search([("client_id", "=", cls.astrid.id)]).date_from = cls._day(-20)
        cls.north_colleague = cls._user("north_colleague", "social_care.group_care_staff")
        cls._member(cls.north, cls.north_colleague)
        cls.env["care.task.type"].create({"name": "Fiske", "code": "fishing"})

    def _at(self, days, hour):
        return freeze_time(datetime.combine(self._day(days), time(hour)), tick=True)

    def _on_a_phone(self):
        return patch.multiple(type(self), browser_size="390x844", touch_enabled=True)

    def test_the_whole_chain(self):
        with self._at(-1, 13):
            self._write_and_wish()
            self._agree()
        self._next_morning()
        with self._at(30, 13):
            self._a_month_later()
        self._nobody_else_has_seen_any_of_it()

    def _write_and_wish(self):
        """The contact person writes with the client, who wishes for two; the manager decides."""
        self.start_tour("/odoo/clients", "care_plan_write", login="north_staff")
        self.env.invalidate_all()
        self.plan = self.env["care.plan"].search([("client_id", "=", self.astrid.id)])
        self._fill_in_the_rest()
        self.start_tour("/odoo/choices", "care_staff_choice_wish", login="north_staff")
        self.start_tour("/odoo/choices", "care_staff_choice_decide", login="north_manager")
        self.env.invalidate_all()
        choices = self.env["care.staff.choice"].search([("client_id", "=", self.astrid.id)])
        self.assertEqual(choices.mapped("state"), ["accepted", "declined"])
        self.assertEqual(
            self._line("Morning routine").performer_id,
            self._employee(self.north_colleague),
            "the draft has the name",
        )

    def _line(self, name):
        return self.plan.line_ids.filtered(lambda line: line.name == name)

    def _fill_in_the_rest(self):
        """The other rows like the first; two of them have visits tomorrow."""
        tomorrow = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[
            self.today.weekday()
        ]
        rest = self.plan.line_ids.filtered(lambda line: not line.responsible)
        self._as(self.anna, rest).write(
            {"responsible": "client", "when_note": "När jag vill", "how": "I lugn och ro"}
        )
        fishing = self.env["care.task.type"].search([("code", "=", "fishing")])
        self._as(self.anna, self._line("Morning routine")).write(
            {"responsible": "chosen", "task_type_id": fishing.id, tomorrow: True, "day_part": "morning"}
        )
        self._as(self.anna, self._line("Rent and mail")).write(
            {"responsible": "contact_person", tomorrow: True, "day_part": "afternoon"}
        )
        self.env.invalidate_all()
        self.assertFalse(self.plan.missing)

    def _agree(self):
        self.start_tour(f"/odoo/plans/{self.plan.id}", "care_plan_sign", login="north_staff")
        self.env.invalidate_all()
        self.assertEqual((self.plan.state, self.plan.agreement), ("active", "agreed"))
        url = f"/report/html/social_care.care_plan_report_document/{self.plan.id}"
        self.authenticate("north_staff", "north_staff")
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        for text in (
            "Jag vill bo kvar hemma",
            "Morning routine",
            "data:image/png;base64",
            self.plan.reference,
        ):
            self.assertIn(text, page.text)
        self.authenticate("south_staff", "south_staff")
        with mute_logger("odoo.http"):
            self.assertNotIn("Morning routine", self.url_open(url).text)

    def _next_morning(self):
        visits = self.env["care.visit"].search([("plan_id", "=", self.plan.id), ("date", "=", self.today)])
        self.assertEqual(sorted(visits.mapped("line_id.name")), ["Morning routine", "Rent and mail"])
        with self._on_a_phone():
            self.start_tour("/odoo/my-day", "care_plan_chain_morning", login="north_colleague")
        self.env.invalidate_all()
        by_name = {visit.line_id.name: visit for visit in visits}
        self.assertEqual(by_name["Morning routine"].state, "done")
        self.assertTrue(by_name["Morning routine"].choice_kept, "whom the client chose came")
        self.assertEqual(
            (by_name["Rent and mail"].state, by_name["Rent and mail"].reason), ("not_done", "client_declined")
        )

    def _a_month_later(self):
        self.start_tour(f"/odoo/plans/{self.plan.id}", "care_plan_chain_revise", login="north_staff")
        self.env.invalidate_all()
        following = self.env["care.plan"].search([("previous_id", "=", self.plan.id)])
        self.assertEqual((self.plan.state, following.state, following.version), ("replaced", "active", 2))
        changed = [
            (kind, what, now)
            for kind, what, _field, _before, now in following._changes()
            if what != "The plan"
        ]
        self.assertIn(("changed", "Morning routine", "Börja med kaffe"), changed)
        self.assertFalse(following._faults() or self.plan._faults())
        earlier = self.env["care.visit"].search([("plan_id", "=", self.plan.id)])
        self.assertEqual(
            set(earlier.filtered(lambda v: v.date == self.today).mapped("state")), {"done", "not_done"}
        )
        self.assertLess(max(earlier.mapped("date")), self._day(30), "what lay ahead follows the new version")
        self.assertTrue(self.env["care.visit"].search_count([("plan_id", "=", following.id)]))

    def _nobody_else_has_seen_any_of_it(self):
        for user in (
            self.south_staff, self.south_manager, self.oncall_staff, self.oncall_lead, self.supporter,
            self.privacy_officer, self.care_admin,
        ):  # fmt: skip
            for model in OF_THE_CLIENT:
                rows = self.env[model].search([("client_id", "=", self.astrid.id)])
                with self.subTest(user=user.login, model=model):
                    self.assertTrue(rows or model == "care.plan.review")
                    try:
                        self.assertFalse(self._as(user, rows).search([("client_id", "=", self.astrid.id)]))
                    except AccessError:
                        continue
