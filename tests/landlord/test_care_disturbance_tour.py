from odoo.tests import HttpCase, tagged

from .test_care_disturbance import DisturbanceCase


@tagged("post_install", "-at_install")
class TestCareDisturbanceTour(DisturbanceCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_disturbance_on_the_phone(self):
        before = self._case("Björkvägen 1, lgh 1203")
        self.start_tour("/odoo/disturbances?view_type=kanban", "care_disturbance_tour", login="oncall_staff")
        case = self.env["care.disturbance"].search([("area_id", "=", self.area.id), ("id", "!=", before.id)])
        self.assertEqual((case.ladder_step, case.verified), ("conversation", "heard"))
        self.assertEqual(case.same_address_ids, before)

    def test_the_csv_is_downloaded_by_its_lead_alone(self):
        self._case(measures="Åsa")
        report = self._report(self.oncall_lead)
        url = report.action_csv()["url"]
        self.env.flush_all()
        self.authenticate("oncall_lead", "oncall_lead")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("Åsa", answer.content.decode("utf-8-sig"))
        for login in ("oncall_staff", "north_manager"):
            self.authenticate(login, login)
            self.assertNotIn("Åsa", self.url_open(url).content.decode("utf-8", "replace"), login)
