from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareConsent(CareCase, TransactionCase):
    def _consent(self, start=-10, end=None, user=None, **vals):
        consents = self._as(user, self.env["care.consent"]) if user else self.env["care.consent"]
        return consents.create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "scope": "relatives",
                "purpose": "Prata med syster om ekonomin",
                "date_from": self._day(start),
                "date_to": end is not None and self._day(end),
                **vals,
            }
        )

    def test_the_state_follows_the_days(self):
        for start, end, state in [
            (-10, None, "valid"),
            (0, 0, "valid"),
            (1, None, "planned"),
            (-10, -1, "expired"),
        ]:
            consent = self._consent(start, end)
            self.assertEqual(consent.state, state)
            for value in ("planned", "valid", "expired", "withdrawn"):
                found = consent.search([("id", "=", consent.id), ("state", "=", value)])
                self.assertEqual(bool(found), value == state, (start, end, value))

    def test_withdrawn_at_once_by_those_who_work_in_the_file(self):
        consent = self._consent(user=self.north_staff)
        with self.assertRaises(AccessError):
            self._as(self.south_staff, consent).action_withdraw()
        self._as(self.north_staff, consent).action_withdraw()
        self.assertEqual((consent.state, consent.withdrawn_by_id), ("withdrawn", self.north_staff))
        self.assertIn(consent, consent.search([("state", "=", "withdrawn")]))
        with self.assertRaises(UserError):
            consent.action_withdraw()
        with self.assertRaises(AccessError):
            self._once_open(self.south_staff, consent).action_withdraw()
        with self.assertRaises(AccessError):
            self._as(self.north_staff, consent).unlink()

    def test_it_ends_at_the_companys_midnight(self):
        consent = self._consent()
        consent.write({"date_from": "2026-03-01", "date_to": "2026-03-29"})
        for moment, state in [("2026-03-29 21:59:59", "valid"), ("2026-03-29 22:00:00", "expired")]:
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(consent.with_context(tz="Etc/GMT+12").state, state)

    def test_the_giver_is_in_the_clients_network_in_this_unit(self):
        contacts = self.env["care.client.contact"]
        common = {"name": "Lisa", "client_id": self.astrid.id, "unit_id": self.north.id}
        self._consent(giver_id=contacts.create(common).id, given_by="representative")
        for wrong in ({"client_id": self.bo.id}, {"unit_id": self.south.id}):
            with self.assertRaises(ValidationError):
                self._consent(giver_id=contacts.create({**common, **wrong}).id)
