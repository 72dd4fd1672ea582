from datetime import timedelta

from odoo.tests import Form, TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallWrittenTwice(OncallCase, TransactionCase):
    def test_c5_the_same_call_written_twice_names_the_other(self):
        first = self._event(client_id=self.astrid.id)
        second = self._as(self.oncall_staff, self._event(caller_phone="070-174 06 05"))
        self.assertFalse(second.hint, "nobody knows yet who calls")
        form = Form(second, "social_care.care_oncall_event_view_form")
        form.card_id = self.env["care.client.card"].search([("client_id", "=", self.astrid.id)])
        self.assertIn(first.reference, form.hint)
        form.save()
        self.assertIn(first.reference, second.hint)
        first.received_at = self.now - timedelta(minutes=40)
        self.assertFalse(self._as(self.oncall_staff, second).hint, "another call, later")

    def test_the_same_number_and_another_shift(self):
        old = self._shift(self.oncall_lead, start=-2)
        self._event(shift_id=old.id, caller_phone="0701740677")
        first = self._event(caller_phone="070-174 06 77")
        self.assertFalse(self._as(self.oncall_staff, first).hint)
        second = self._event(caller_phone="+46 70 174 06 77")
        self.assertIn(first.reference, self._as(self.oncall_staff, second).hint)

    def test_a_handover_sent_twice_names_the_first(self):
        event = self._event(client_id=self.astrid.id, description="Orolig")
        wizards = self._as(self.oncall_staff, self.env["care.handover.send"])
        self.assertFalse(Form(wizards.with_context(default_event_id=event.id)).hint)
        sent = event._send_handover(self.north, "Ring")
        self._as(self.oncall_staff, wizards)
        self.assertIn(sent.reference, Form(wizards.with_context(default_event_id=event.id)).hint)
