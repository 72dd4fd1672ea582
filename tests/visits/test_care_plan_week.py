from odoo.tests import TransactionCase, tagged

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCarePlanWeek(VisitCase, TransactionCase):
    """What happens when, and who comes; the same on the screen and on paper."""

    def setUp(self):
        super().setUp()
        self.plan = self._plan()
        self._line(self.plan, "14", name="Frukost", time_from=7.5)
        self._line(self.plan, "1", name="Tvätt", time_from=0, day_part="evening", responsible="client")
        self._line(self.plan, "", name="Tandläkare", when_note="Vid behov")
        self._line(self.plan, "1", name="Promenad", time_from=16, responsible="chosen")
        self._choice(self.colleague)

    def test_the_week_in_the_order_of_the_day(self):
        week = self._as(self.north_staff, self.plan)._week()
        self.assertEqual([line["what"] for line in week[0]["lines"]], ["Frukost", "Promenad", "Tvätt"])
        self.assertEqual([line["what"] for line in week[3]["lines"]], ["Frukost"])
        self.assertEqual(week[0]["lines"][0]["time"], "07:30")
        self.assertEqual(week[0]["lines"][1]["who"], self.colleague.name)
        self.assertEqual([line["what"] for line in self.plan._week_otherwise()], ["Tandläkare"])

    def test_on_the_screen_and_on_paper(self):
        plan = self._as(self.north_staff, self.plan)
        report = self._as(self.north_staff, self.env["ir.actions.report"])
        paper = report._render_qweb_html("social_care.care_plan_week_report", plan.ids)[0].decode()
        for text in ("Frukost", "Promenad", "Tandläkare", self.colleague.name):
            self.assertIn(text, plan.week_html)
            self.assertIn(text, paper)
        self.assertIn("Astrid", paper)

    def test_a_protected_persons_print_shows_the_reference(self):
        self.astrid.protection_level = "marked"
        paper = (
            self._as(self.north_manager, self.env["ir.actions.report"])
            ._render_qweb_html("social_care.care_plan_week_report", self.plan.ids)[0]
            .decode()
        )
        self.assertNotIn("Astrid", paper)
        self.assertIn(self.astrid.reference, paper)

    def test_the_print_speaks_the_clients_language(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        line = self.env["ir.model.fields"]._get("care.plan.line", "monday")
        line.with_context(lang="sv_SE").field_description = "Måndag"
        self.astrid.lang = "sv_SE"
        self.env.flush_all()
        self.env.registry.clear_cache()
        paper = (
            self._as(self.north_staff, self.env["ir.actions.report"])
            ._render_qweb_html("social_care.care_plan_week_report", self.plan.ids)[0]
            .decode()
        )
        self.assertIn("Måndag", paper)

    def test_the_week_asks_the_same_number_of_times_for_forty_lines(self):
        def queries(plan):
            record = self._as(self.north_staff, plan)
            record.has_access("read")
            before = self.env.cr.sql_log_count
            record.week_html  # noqa: B018
            return self.env.cr.sql_log_count - before

        few = self.plan
        many = self._plan()
        for number in range(40):
            self._line(many, "135", name=f"Rad {number}", responsible="chosen")
        queries(few)
        self.assertLessEqual(queries(many), queries(few))
