"""Emergency access in tests: the misses are kept on another connection, here the test's own."""

from odoo.exceptions import UserError

REASON = "Ropar på hjälp, svarar inte på tilltal"


class EmergencyCase:
    """Mixin beside CareCase."""

    def setUp(self):
        super().setUp()
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()

    def _open_file(self, user, key, reason=REASON):
        """The access that the user gets, for that user."""
        accesses = self._as(user, self.env["care.emergency.access"])
        accesses.action_open(key, reason)
        return accesses.search([("user_id", "=", user.id)], limit=1)

    def _refusal(self, user, key, reason=REASON):
        """What is answered. Not ``assertRaises``, whose savepoint would take the note of the miss along."""
        try:
            self._as(user, self.env["care.emergency.access"]).action_open(key, reason)
        except UserError as error:
            return str(error)
        self.fail(f"{user.login} opened {key}")

    def _misses(self, user):
        return self.env["care.emergency.attempt"].search([("user_id", "=", user.id)])
