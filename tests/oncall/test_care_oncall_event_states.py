from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEventStates(OncallCase, TransactionCase):
    """The buttons of an event."""

    def test_clocks(self):
        with freeze_time(self.now):
            event = self._new()
        with freeze_time(self.now + timedelta(minutes=4)):
            self._as(self.oncall_staff, event).action_depart()
        self.assertEqual(event.kind, "callout")
        with freeze_time(self.now + timedelta(minutes=16)):
            self._as(self.oncall_staff, event).action_arrive()
            with self.assertRaises(UserError):
                self._as(self.oncall_staff, event).action_arrive()
        self.assertEqual(event.response_minutes, 16)
        with freeze_time(self.now + timedelta(minutes=60)):
            self._as(self.oncall_staff, event).action_leave()
        self.assertEqual(event.left_at, self.now + timedelta(minutes=60))

    def test_every_edge_of_the_states(self):
        verbs = {"done": "action_done", "handed_on": "action_hand_on", "open": "action_reopen"}
        for state, targets in self.env["care.oncall.event"]._transitions.items():
            for target, verb in verbs.items():
                event = self._event()
                event._write_decided({"state": state})
                with self.subTest(state=state, target=target):
                    if target in targets:
                        getattr(event, verb)()
                        self.assertEqual(event.state, target)
                    elif state != "done" or target != "done":  # one's own tap once more
                        with self.assertRaises(UserError):
                            getattr(event, verb)()
        with self.assertRaises(UserError):
            self._event().write({"state": "done"})

    def test_opened_by_mistake(self):
        event = self._new()
        self._as(self.oncall_staff, event).action_discard()
        self.assertFalse(event.exists())
        begun = self._event(description="Något")
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, begun).action_discard()
