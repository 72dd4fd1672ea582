from odoo.tests import Form, TransactionCase, tagged

from ...tools.phone_number import digits
from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEventCaller(OncallCase, TransactionCase):
    """Who calls: by the digits of the number, among the cards that the shift may see."""

    def test_a_number_is_found_however_it_is_written(self):
        for written in (
            "070-174 06 05", "0701740605", "+46 70 174 06 05", "+46 (0)70-174 06 05", "0046701740605", "46701740605",
            "tel:+46-70-1740605", " 070 174 06 05 ",
        ):  # fmt: skip
            self.assertEqual(digits(written), "46701740605", written)
            event = self._new()
            with Form(self._as(self.oncall_staff, event)) as form:
                form.caller_phone = written
            self.assertEqual(event.client_id, self.astrid, written)
            self.assertEqual(event.dwelling_id, self.dwelling)
            self.assertEqual(event.caller_kind, "client")
        for nothing in ("", None, False, "okänt"):
            self.assertFalse(digits(nothing))

    def test_a_number_finds_nobody_whom_the_shift_may_not_see(self):
        self.bo.phone = "070-174 06 99"
        self.astrid.protection_level = "marked"
        for number in ("070-174 06 99", "070-174 06 05"):
            event = self._new()
            with Form(self._as(self.oncall_staff, event)) as form:
                form.caller_phone = number
            self.assertFalse(event.client_id)
            self.assertFalse(self._as(self.oncall_staff, event).found_card_ids)
            self.assertFalse(self._as(self.oncall_staff, self.env["care.client.card"]).name_search(number))

    def test_a_number_finds_earlier_events(self):
        first = self._event(caller_phone="08-123 456 78", caller_name="Granne", area_id=self.area.id)
        event = self._new()
        with Form(self._as(self.oncall_staff, event)) as form:
            form.caller_phone = "+46812345678"
        self.assertEqual(event.caller_name, "Granne")
        self.assertEqual(event.area_id, self.area)
        self.assertEqual(self._as(self.oncall_staff, event).earlier_event_ids, first)
        found = self._as(self.oncall_staff, event.browse()).search([("display_name", "ilike", "0812345678")])
        self.assertEqual(found, first | event)
