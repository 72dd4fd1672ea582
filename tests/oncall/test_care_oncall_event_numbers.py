from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEventNumbers(OncallCase, TransactionCase):
    """What the nights are counted by, never by person."""

    def test_the_hour_is_the_companys(self):
        with freeze_time("2026-10-25 02:30:00"):
            self.shift._write_decided(
                {"date_start": "2026-10-24 20:00:00", "date_end": "2026-10-25 06:00:00"}
            )
            before = self._event(received_at="2026-10-25 00:30:00")
            after = self._event(received_at="2026-10-25 01:30:00")
        self.assertEqual((before.hour, after.hour), ("02", "02"), "the hour that comes twice")

    def test_calls_per_client_are_counted_in_the_owning_unit(self):
        for _number in range(3):
            self._event(client_id=self.astrid.id)
        self.assertEqual(self._as(self.north_staff, self.astrid).oncall_event_count, 3)
        self._stay(self.astrid, self.south, -5)
        self.assertEqual(self._as(self.south_staff, self.astrid).oncall_event_count, 0)

    def test_the_nights_are_counted_by_hour_kind_and_response(self):
        self._event(kind="callout", received_at=self.now - timedelta(minutes=30), arrived_at=self.now)
        self._event(kind="callout", received_at=self.now - timedelta(minutes=10), arrived_at=self.now)
        self._event(kind="callout")
        log = self._as(self.oncall_staff, self.env["care.oncall.event"])
        groups = log.formatted_read_group([], ["kind"], ["__count", "response_minutes:avg"])
        self.assertEqual([(group["__count"], group["response_minutes:avg"]) for group in groups], [(3, 20)])
        by_hour = log.formatted_read_group([], ["hour", "kind"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in by_hour), 3)
