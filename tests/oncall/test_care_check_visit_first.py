from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
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

    def test_c3_the_evening_begins_with_the_admission_and_is_not_late_at_once(self):
        """At 18:24 what is left of 17 to 21; with less than an hour left the next evening. UTC is an hour behind."""
        for number, (moment, start, end) in enumerate(
            (
                ("2026-12-01 10:00:00", "2026-12-01 16:00:00", "2026-12-01 20:00:00"),
                ("2026-12-01 17:24:00", "2026-12-01 17:24:00", "2026-12-01 20:00:00"),
                ("2026-12-01 19:00:00", "2026-12-01 19:00:00", "2026-12-01 20:00:00"),
                ("2026-12-01 19:01:00", "2026-12-02 16:00:00", "2026-12-02 20:00:00"),
                ("2026-12-01 22:30:00", "2026-12-02 16:00:00", "2026-12-02 20:00:00"),
            )
        ):
            with self.subTest(moment), freeze_time(moment):
                client = self._client("Inflyttad", f"Nr {number}")
                stay = self.env["care.stay"].create(
                    {"client_id": client.id, "unit_id": self.north.id, "date_from": date(2026, 12, 1)}
                )
                visit = self._first_visits(client)
                start = fields.Datetime.to_datetime(start)
                self.assertEqual(
                    (visit.window_start, visit.window_end), (start, fields.Datetime.to_datetime(end))
                )
                self.assertFalse(visit.is_late)
                self.assertNotIn(visit, visit.search([("is_late", "=", True)]))
                stay.date_from = date(2026, 12, 1)
                self.assertEqual(visit.window_start, start, "the same day is no move")

    def test_late_is_what_nobody_has_read_in_half_an_hour(self):
        visit = self._visit(window_start=self.now - timedelta(hours=1))
        for minutes, late in ((0, False), (29, False), (31, True)):
            with freeze_time(self.now + timedelta(minutes=minutes)):
                visit.invalidate_recordset(["is_late"])
                self.assertEqual(visit.is_late, late, minutes)
                self.assertEqual(visit in visit.search([("is_late", "=", True)]), late, minutes)
        short = self._visit(window_start=self.now, window_end=self.now + timedelta(minutes=10))
        self.assertEqual(short.acknowledge_by, short.window_end)
        self._as(self.oncall_staff, visit).action_acknowledge()
        with freeze_time(self.now + timedelta(hours=2)):
            self.assertFalse(visit.is_late)
