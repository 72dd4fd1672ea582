from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEvent(OncallCase, TransactionCase):
    def test_a_new_event_is_saved_before_anything_is_typed(self):
        event = self._new()
        self.assertEqual(event.state, "open")
        self.assertTrue(event.reference and event.received_at)
        self.assertEqual(event.employee_ids, self._employee(self.oncall_staff))
        self.assertIn(event, self._as(self.oncall_staff, self.shift).open_event_ids)

    def test_wrong_values_are_refused(self):
        event = self._event()
        with self.assertRaises(ValidationError):
            event.received_at = self.now + timedelta(hours=1)
        for vals in (
            {"departed_at": self.now, "arrived_at": self.now - timedelta(minutes=1)},
            {"arrived_at": self.now, "left_at": self.now - timedelta(minutes=1)},
            {"calm_before": 11},
            {"calm_after": -1},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                event.write(vals)

    def test_what_happened_last_month_is_not_tonights(self):
        event = self._as(
            self.oncall_staff, self._event(received_at=self.shift.date_start - timedelta(hours=2))
        )
        month_ago = self.now - timedelta(days=30)
        for name in ("received_at", "departed_at"):
            with self.assertRaisesRegex(ValidationError, "lies outside the shift"):
                event.write({name: month_ago})
        with self.assertRaises(ValidationError):
            self._event(received_at=month_ago)
        with self.assertRaisesRegex(ValidationError, "Received: .* cannot be right"):
            event.received_at = "0206-11-01 10:00:00"

    def test_what_happens_now_is_written_in_whichever_shift_is_open(self):
        days = {"date_start": self.now - timedelta(hours=40), "date_end": self.now - timedelta(hours=20)}
        self.shift._write_decided(days)
        self.assertTrue(self._event(received_at=self.now - timedelta(hours=1)))
        with self.assertRaises(ValidationError):
            self._event(received_at=self.now - timedelta(hours=10))

    def test_calm_that_was_not_asked_is_not_zero(self):
        self.assertIs(self._event().calm_before, False)
        event = self._event(calm_before=0, calm_after=6)
        self.assertEqual((event.calm_before, event.calm_gain), (0, 6))

    def test_queries_do_not_grow_with_the_log(self):
        specification = {
            name: {} for name in ("reference", "kind", "reason", "client_name", "received_at", "state")
        }

        def queries():
            log = self._as(self.oncall_staff, self.env["care.oncall.event"])
            before = self.cr.sql_log_count
            log.web_search_read([], specification, limit=80)
            return self.cr.sql_log_count - before

        self._event(client_id=self.astrid.id)
        few = min(queries() for _try in range(3))
        for _number in range(30):
            self._event(client_id=self.astrid.id)
        self.assertLessEqual(min(queries() for _try in range(2)), few)
