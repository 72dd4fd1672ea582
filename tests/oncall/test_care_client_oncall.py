from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareClientOncall(OncallCase, TransactionCase):
    """A client's page tells each unit what the on-call team was told by it and has told it, and no other."""

    def _numbers(self, user):
        client = self._as(user, self.astrid)
        return client.night_card_count, client.check_visit_count, client.unread_handover_count

    def test_each_unit_counts_its_own(self):
        self._stay(self.astrid, self.south, -5)
        self._night_card(self.astrid, self.north)
        self._visit()
        cancelled = self._visit()
        self._as(self.north_staff, cancelled).action_cancel()
        event = self._event(client_id=self.astrid.id, action_taken="Samtal")
        handover = event._send_handover(self.north, "Samtal")
        self.assertEqual(self._numbers(self.north_staff), (1, 1, 1))
        self.assertEqual(self._numbers(self.south_staff), (0, 0, 0))
        self._as(self.north_staff, handover).action_read()
        self.assertEqual(self._numbers(self.north_staff), (1, 1, 0))

    def test_every_button_counts_what_the_reader_opens(self):
        self._stay(self.astrid, self.south, -5)
        self._stay(self.cilla, self.north, -5)
        for client, unit in ((self.astrid, self.north), (self.astrid, self.south), (self.cilla, self.north)):
            self._night_card(client, unit)
            where = {"client_id": client.id, "unit_id": unit.id}
            self.env["care.consent"].create({**where, "scope": "photo", "purpose": "x"})
        self._visit()
        self._event(client_id=self.astrid.id)._send_handover(self.north, "Samtal")
        for user, clients in (
            (self.north_staff, self.astrid | self.cilla),
            (self.north_manager, self.astrid | self.cilla),
            (self.south_staff, self.astrid),
        ):
            clients = self._as(user, clients)
            for name, (lines, domain) in clients._counted().items():
                model = clients.env[clients._fields[lines].comodel_name]
                for client in clients:
                    count = model.search_count(Domain("client_id", "=", client.id) & domain)
                    self.assertEqual(client[name], count, (user.login, client, name))

    def test_a_button_counts_anew_what_has_come(self):
        client = self._as(self.north_staff, self.astrid)
        self.assertEqual((client.consent_count, client.unread_handover_count), (0, 0))
        self.env["care.consent"].create(
            {"client_id": client.id, "unit_id": self.north.id, "scope": "photo", "purpose": "x"}
        )
        handover = self._event(client_id=client.id)._send_handover(self.north, "Samtal")
        self.assertEqual((client.consent_count, client.unread_handover_count), (1, 1))
        handover.with_user(self.north_staff).action_read()
        self.assertEqual(client.unread_handover_count, 0)

    def test_how_often_the_team_was_called_is_told_for_ninety_days_and_while_one_is_a_member(self):
        self._event(client_id=self.astrid.id)
        old = self._event(client_id=self.astrid.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_oncall_event SET received_at = %s WHERE id = %s",
            [self.now - timedelta(days=91), old.id],
        )
        self.assertEqual(self._as(self.north_staff, self.astrid).oncall_event_count, 1)
        self.north.member_ids.filtered(lambda member: member.user_id == self.north_staff).date_to = self._day(
            -1
        )
        self.assertEqual(self._as(self.north_staff, self.astrid).sudo().oncall_event_count, 0)

    def test_a_visit_is_ordered_from_the_client_s_page(self):
        action = self._as(self.north_staff, self.astrid).action_order_check_visit()
        context = action["context"]
        self.assertEqual(
            (action["res_model"], context["default_client_id"], context["default_unit_id"]),
            ("care.check.visit", self.astrid.id, self.north.id),
        )
        for user in (self.south_staff, self.oncall_staff, self.supporter):
            with self.assertRaises(AccessError):
                self._once_open(user, self.astrid).action_order_check_visit()

    def test_the_buttons_show_this_client_s_alone(self):
        self._stay(self.cilla, self.north, -5)
        for client in (self.astrid, self.cilla):
            self._night_card(client, self.north)
        client = self._as(self.north_staff, self.astrid)
        for verb in ("action_open_night_cards", "action_open_check_visits", "action_open_handovers"):
            action = getattr(client, verb)()
            found = self._as(self.north_staff, self.env[action["res_model"]]).search(action["domain"])
            self.assertFalse(found.client_id - self.astrid, verb)

    def test_the_number_is_found_however_it_is_written(self):
        for phone, digits in (
            ("+46 (0)70-174 06 05", "46701740605"),
            ("0046701740605", "46701740605"),
            ("ingen", False),
            (False, False),
        ):
            self.astrid.phone = phone
            self.assertEqual(self.astrid.phone_digits, digits, phone)
