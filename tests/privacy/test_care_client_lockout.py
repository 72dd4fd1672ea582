from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareClientLockout(CareCase, TransactionCase):
    def _lock(self, key, user, by=None):
        lockouts = self._as(by or self.privacy_officer, self.env["care.client.lockout"])
        return lockouts.create({"client_key": key, "user_id": user.id, "reason": "Släkt"})

    def test_named_by_reference_or_number_and_seen_by_reference_alone(self):
        for key in (self.astrid.reference, "19400604-9987", "400604-9987"):
            lockout = self._lock(key, self.north_staff)
            self.assertEqual(lockout.sudo().client_id, self.astrid)
            row = self._as(self.privacy_officer, lockout).read()[0]
            self.assertEqual(row["client_id"], (self.astrid.id, self.astrid.reference))
            for secret in ("Astrid", "Ek", "9987"):
                self.assertNotIn(secret, str(row))

    def test_an_unknown_key_is_refused(self):
        other = self.env["res.company"].create({"name": "Annan AB"})
        far = self._client("Fjärran", "Person", company_id=other.id)
        for key in ("K99999", "19400604-9980", "", " ", "%", far.reference + "x"):
            with self.assertRaises(UserError):
                self._lock(key or "?", self.north_staff)

    def test_only_privacy_officers_decide(self):
        for user in (self.north_manager, self.north_staff, self.care_admin, self.oncall_lead, self.supporter):
            with self.assertRaises(AccessError):
                self._lock(self.astrid.reference, self.south_staff, by=user)
            # nor whether a personal number is a client's
            with self.assertRaises(AccessError):
                self._lock("19400604-9980", self.south_staff, by=user)
        lockout = self._lock(self.astrid.reference, self.oncall_staff)
        self.assertIn(
            lockout.id, self._as(self.north_manager, self.env["care.client.lockout"]).search([]).ids
        )
        for user in (self.privacy_officer, self.north_manager):
            with self.assertRaises(AccessError):
                self._as(user, lockout).unlink()
        with self.assertRaises(AccessError):
            self._as(self.north_manager, lockout).write({"date_to": self._day(0)})
        self._as(self.privacy_officer, lockout).write({"date_to": self._day(0)})

    def test_who_is_locked_out_does_not_see_it(self):
        lockout = self._lock(self.astrid.reference, self.north_manager)
        self.assertNotIn(
            lockout.id, self._as(self.north_manager, self.env["care.client.lockout"]).search([]).ids
        )

    def test_the_officer_reaches_no_client_through_it(self):
        self._lock(self.astrid.reference, self.oncall_staff)
        lockouts = self._as(self.privacy_officer, self.env["care.client.lockout"])
        for domain in ([("client_id.lastname", "=", "Ek")], [("client_id.personal_number", "like", "1940")]):
            with self.assertRaises(AccessError):
                lockouts.search(domain)
        with self.assertRaises(AccessError):
            lockouts.formatted_read_group([], ["client_id.lastname"], [])
        with self.assertRaises(AccessError):
            lockouts.web_search_read([], {"client_id": {"fields": {"lastname": {}}}})
