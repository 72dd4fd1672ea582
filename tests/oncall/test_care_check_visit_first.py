from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareCheckVisitFirst(OncallCase, TransactionCase):
    def _first_visits(self, client):
        return self.env["care.check.visit"].search(
            [("client_id", "=", client.id), ("reason", "=", "first_visit")]
        )

    def test_a_new_stay_orders_the_first_visit_once(self):
        self._stay(self.cilla, self.south)
        self.assertFalse(self._first_visits(self.cilla), "Söder has no on-call team")
        stay = self._as(self.north_manager, self.env["care.stay"]).create(
            {"client_id": self.cilla.id, "unit_id": self.north.id, "date_from": self._day(3)}
        )
        visit = self._first_visits(self.cilla)
        self.assertEqual((len(visit), visit.stay_id, visit.oncall_unit_id), (1, stay, self.oncall))
        self.assertEqual(visit.window_start.date(), self._day(3))
        stay.date_from = self._day(5)
        self.assertEqual(self._first_visits(self.cilla), visit)
        self.assertEqual(visit.window_start.date(), self._day(5))
        self._as(self.north_manager, stay).action_start()
        stay.date_to = self._day(90)
        self.assertEqual(self._first_visits(self.cilla), visit)
        self.assertGreater(visit.window_end, self.now)
        visit.action_acknowledge()
        stay.date_from = self._day(-1)
        self.assertEqual(self._first_visits(self.cilla), visit, "not twice")

    def test_a_stay_that_never_begins_needs_no_visit(self):
        stay = self._stay(self.cilla, self.north, 3)
        visit = self._first_visits(self.cilla)
        stay.unlink()
        self.assertEqual(visit.state, "cancelled")

    def test_a_file_moved_from_elsewhere_orders_nothing(self):
        self.assertFalse(self._first_visits(self.astrid))
        self.assertFalse(self._first_visits(self.dan))

    def test_a_stay_written_in_late_is_visited_tonight(self):
        for days in (1, 5, self.rule("first_visit")):
            client = self._client("Sen", f"Inflyttad {days}")
            self._stay(client, self.north, -days)
            visit = self._first_visits(client)
            self.assertEqual(len(visit), 1, days)
            self.assertGreater(visit.window_end, self.now, "there is time left to go there")
            self.assertLess((visit.window_start - self.now).days, 2)

    def test_one_moved_in_long_ago_or_out_again_is_not_visited(self):
        old, gone = self._client("Gammal", "Akt"), self._client("Redan", "Utflyttad")
        self._stay(old, self.north, -self.rule("first_visit") - 1)
        self._stay(gone, self.north, -5, -1)
        self.assertFalse(self._first_visits(old) | self._first_visits(gone))

    def test_a_visit_that_waits_is_not_forgotten_when_the_end_is_set(self):
        stay = self._stay(self.cilla, self.north, -self.rule("first_visit"))
        visit = self._first_visits(self.cilla)
        self.env.cr.execute("UPDATE care_stay SET date_from = date_from - 5 WHERE id = %s", (stay.id,))
        self.env.invalidate_all()
        stay.date_to = self._day(60)
        self.assertEqual(visit.state, "ordered")
        stay.date_to = self._day(-1)
        self.assertEqual(visit.state, "cancelled")
