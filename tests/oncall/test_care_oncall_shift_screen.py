from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallShiftScreen(OncallCase, TransactionCase):
    """What waits, what is new, and how the night has been."""

    def test_what_is_new_since_last_here(self):
        with freeze_time(self.now - timedelta(days=3)):
            self._night_card(self.bo, self.south)
        self._as(self.oncall_lead, self.shift).action_close()
        with freeze_time(self.now + timedelta(hours=1)):
            card = self._night_card(self.astrid, self.north)
        card.changed_at = self.now + timedelta(hours=1)
        with freeze_time(self.now + timedelta(hours=2)):
            shift = self._shift(self.oncall_staff, start=1)
            seen = self._as(self.oncall_staff, shift)
            self.assertEqual(seen.last_here_at, self.shift.closed_at)
            self.assertEqual(seen.changed_card_ids.client_id.ids, self.astrid.ids)
            self.assertFalse(self._as(self.oncall_lead, shift).changed_card_ids)

    def test_what_an_earlier_crew_left_open_is_on_the_next_ones_screen(self):
        """Nobody has closed their shift yet, and the lead is not at work."""
        event = self._event(description="Väntar på låssmeden")
        following = self._shift(self.oncall_lead, start=0)
        self.assertIn(event, self._as(self.oncall_lead, following).open_event_ids)
        event.action_done()
        self.assertFalse(self._as(self.oncall_lead, following).open_event_ids)

    def test_the_numbers(self):
        self._event(kind="phone_support", calm_before=2, calm_after=6)
        self._event(kind="callout", received_at=self.now - timedelta(minutes=20), arrived_at=self.now)
        shift = self._as(self.oncall_staff, self.shift)
        self.assertEqual(
            (
                shift.event_count,
                shift.phone_count,
                shift.callout_count,
                shift.response_minutes,
                shift.calm_gain,
            ),
            (2, 1, 1, 20, 4),
        )
