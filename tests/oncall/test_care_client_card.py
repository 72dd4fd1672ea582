from odoo.tests import Form, TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareClientCard(OncallCase, TransactionCase):
    """The card as the crew finds it; whose cards these are stands in test_care_oncall_access."""

    def test_the_crew_chooses_by_name_and_flat(self):
        cards = self._as(self.oncall_staff, self.env["care.client.card"])
        for text in ("astrid", "Ek Astrid", "1203", "Björkvägen", self.astrid.reference, "0701740605"):
            self.assertEqual(
                [label for _id, label in cards.name_search(text)],
                [f"Astrid Ek · {self.astrid.reference} · Björkvägen 1, 1203"],
            )
        self.assertFalse(cards.name_search("Bo Al"))
        event = self._new()
        with Form(self._as(self.oncall_staff, event)) as form:
            form.card_id = cards.search([])
        self.assertEqual(event.client_id, self.astrid)
        self.assertEqual(event.client_unit_id, self.north)
