from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareNightCard(OncallCase, TransactionCase):
    def _shown(self, card):
        """What the crew reads on the client's card."""
        found = self._as(self.oncall_staff, self.env["care.client.card"]).search(
            [("client_id", "=", card.client_id.id)]
        )
        return found.what_helps

    def test_it_is_shown_when_the_client_has_said_yes(self):
        card = self._as(self.north_staff, self.env["care.night.card"]).create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "what_helps": "Tala lugnt"}
        )
        self.assertEqual(card.state, "draft")
        self.assertFalse(self._shown(card))
        self._as(self.north_staff, card).action_approve()
        self.assertEqual((card.state, card.approved_by), ("valid", "client"))
        self.assertTrue(card.approved_at)
        self.assertEqual(self._shown(card), "Tala lugnt")
        with self.assertRaises(UserError):
            self._as(self.north_staff, card).action_approve()

    def test_changed_words_need_a_new_yes(self):
        card = self._night_card(self.astrid, self.north)
        card.write({"what_helps": card.what_helps})
        self.assertTrue(card.approved_by, "nothing was changed")
        card.what_worsens = "Starkt ljus"
        self.assertFalse(card.approved_by or card.approved_at)
        self.assertFalse(self._shown(card))

    def test_it_ends_at_the_midnight_after_its_last_day(self):
        card = self._night_card(self.astrid, self.north, valid_to=self._day(3))
        for moment, state in (
            (card.closes_at - timedelta(minutes=1), "valid"),
            (card.closes_at + timedelta(seconds=1), "expired"),
        ):
            with freeze_time(moment):
                card.invalidate_recordset()
                self.assertEqual(card.state, state)
                for other in ("draft", "valid", "expired"):
                    found = card.search([("id", "=", card.id), ("state", "=", other)])
                    self.assertEqual(bool(found), other == state)

    def test_one_card_per_client_and_unit(self):
        card = self._night_card(self.astrid, self.north)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self._night_card(self.astrid, self.north)
        card.active = False
        self.assertFalse(self._shown(card))
        self._night_card(self.astrid, self.north)

    def test_the_unit_follows_from_the_client(self):
        with Form(self._as(self.north_staff, self.env["care.night.card"])) as form:
            form.client_id = self._as(self.north_staff, self.astrid)
            form.what_helps = "Te"
            self.assertEqual(form.unit_id.id, self.north.id)

    def test_the_team_writes_none_and_another_unit_reads_none(self):
        card = self._night_card(self.astrid, self.north)
        for user in (self.oncall_staff, self.oncall_lead, self.south_staff, self.south_manager):
            with self.assertRaises(AccessError):
                self._as(user, card).write({"what_helps": "x"})
        with self.assertRaises(AccessError):
            self._as(self.south_staff, card).read(["what_helps"])
