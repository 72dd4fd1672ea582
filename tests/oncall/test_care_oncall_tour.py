from datetime import timedelta

from odoo.tests import HttpCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallTour(OncallCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_whole_night_on_a_telephone(self):
        self.shift.action_close()
        shift = self._shift(self.oncall_staff, start=-0.5, state="planned")
        self._night_card(self.astrid, self.north)
        self._visit()
        stay = self._as(self.north_manager, self.env["care.stay"]).create(
            {"client_id": self.cilla.id, "unit_id": self.north.id, "date_from": self._day(0)}
        )
        first = self.env["care.check.visit"].search([("stay_id", "=", stay.id)])
        first.write({"window_start": self.now, "window_end": self.now + timedelta(hours=4)})
        self.start_tour("/odoo/my-shift", "care_oncall_night", login="oncall_staff")

        self.env.invalidate_all()
        self.assertEqual(first.state, "done")
        self.assertEqual(first.event_id.kind, "first_visit")
        call, disturbance = shift.event_ids.filtered(lambda event: event.kind != "first_visit").sorted("id")
        self.assertEqual(
            (call.client_id, call.reason, call.description), (self.astrid, "anxiety", "Kan inte sova")
        )
        self.assertEqual((disturbance.kind, disturbance.client_id.ids), ("disturbance", []))
        self.assertTrue(disturbance.departed_at and disturbance.arrived_at and disturbance.left_at)

        ordered = self.env["care.check.visit"].search([("client_id", "=", self.astrid.id)])
        self.assertEqual((ordered.state, ordered.outcome), ("not_done", "Hon sov, vi väckte inte"))

        walk = self.env["care.safety.walk"].create(
            {"area_id": self.area.id, "unit_id": self.oncall.id, "date": self._day(0)}
        )
        self.start_tour("/odoo/safety-walks?view_type=kanban", "care_oncall_walk", login="oncall_staff")
        self.env.invalidate_all()
        self.assertEqual((walk.state, walk.point_ids.place), ("closed", "Återvinningen"))

        self.start_tour("/odoo/my-shift", "care_oncall_close", login="oncall_lead")
        self.env.invalidate_all()
        self.assertEqual(shift.state, "closed")
        self.start_tour("/odoo/my-day", "care_oncall_morning", login="north_staff")
        self.env.invalidate_all()
        self.assertEqual(call.handover_ids.read_by_id, self.north_staff)
