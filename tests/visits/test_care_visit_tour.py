from odoo.tests import HttpCase, tagged

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareVisitTour(VisitCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_next_morning_on_a_phone(self):
        self._choice(self.staff)
        plan = self._plan()
        self._line(plan, "", name="Samtal", own_part="Hon dukar", responsible="chosen")
        self._line(plan, "", name="Dusch")
        self._active(plan)
        talk = self._visit(plan, planned_employee_id=self.staff.id, wished_employee_id=self.staff.id)
        shower = self._visit(plan, line_id=plan.line_ids[1].id, first_line_id=plan.line_ids[1].id)
        self.start_tour("/odoo/my-day", "care_visit_my_day", login="north_staff")
        self.env.invalidate_all()
        self.assertEqual((talk.state, talk.employee_id, talk.own_level), ("done", self.staff, "prompt"))
        self.assertTrue(talk.choice_kept)
        self.assertEqual((shower.state, shower.reason), ("not_done", "client_declined"))
        self.start_tour("/odoo/my-day", "care_visit_my_day_empty", login="south_staff")

    def test_d3_without_a_network(self):
        plan = self._plan()
        self._line(plan, "", name="Samtal")
        self._line(plan, "", name="Dusch")
        self._line(plan, "", name="Promenad")
        self._active(plan)
        talk = self._visit(plan)
        shower = self._visit(plan, line_id=plan.line_ids[1].id, first_line_id=plan.line_ids[1].id)
        walk = self._visit(plan, line_id=plan.line_ids[2].id, first_line_id=plan.line_ids[2].id)
        self.start_tour("/odoo/my-day", "care_visit_without_a_network", login="north_staff")
        self.env.invalidate_all()
        self.assertEqual((talk.state, talk.reported_by_id), ("done", self.north_staff))
        self.assertEqual(shower.state, "planned")
        self.assertEqual((walk.state, walk.reason), ("not_done", "no_answer"))
