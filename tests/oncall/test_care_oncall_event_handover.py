from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEventHandover(OncallCase, TransactionCase):
    """What of an event goes to the unit: the chosen parts and nothing else."""

    def test_the_chosen_parts_and_no_other(self):
        event = self._event(
            client_id=self.astrid.id,
            description="Ville inte leva",
            action_taken="Samtal, sov sedan",
            calm_before=2,
            calm_after=7,
        )
        wizard = self._as(self.oncall_staff, self.env["care.handover.send"]).create(
            {"event_id": event.id, "with_description": False, "with_time": False, "note": "Ring henne i dag"}
        )
        self.assertEqual(wizard.unit_id, self.north)
        self.assertEqual(wizard.body, "Ring henne i dag\nPhone support, Anxiety\nDone: Samtal, sov sedan")
        wizard.action_send()
        handover = event.handover_ids
        self.assertEqual(
            (handover.unit_id, handover.client_id, handover.state), (self.north, self.astrid, "sent")
        )
        self.assertEqual(self._as(self.north_staff, handover).client_name, "Ek, Astrid")
        self._as(self.north_staff, handover).action_read()
        self.assertEqual(self._as(self.oncall_staff, handover).read_by_id, self.north_staff)
        with self.assertRaises(UserError):
            self._as(self.north_manager, handover).action_read()

    def test_a_file_that_has_become_a_double_meanwhile(self):
        """The night is handed over, to the file that remains."""
        double = self._client("Astrid", "Ek")
        self._stay(double, self.north, -5)
        event = self._event(client_id=double.id, description="Ropade")
        self._as(self.north_manager, double).action_join(self.astrid.id)
        wizard = self._as(self.oncall_staff, self.env["care.handover.send"]).create({"event_id": event.id})
        wizard.action_send()
        self.assertEqual(event.handover_ids.client_id, self.astrid)
        self.assertTrue(self._as(self.north_staff, self.env["care.handover"]).search_count([]))

    def test_only_the_clients_own_unit_is_told(self):
        event = self._event(client_id=self.astrid.id)
        wizard = self._as(self.oncall_staff, self.env["care.handover.send"]).create(
            {"event_id": event.id, "unit_id": self.south.id, "note": "x"}
        )
        with self.assertRaises(UserError):
            wizard.action_send()
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, self._event()).action_hand_over()
