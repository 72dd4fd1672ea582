from odoo.tests import TransactionCase, tagged

from .common_access_log import AccessLogCase
from .common_emergency import REASON, EmergencyCase


@tagged("post_install", "-at_install")
class TestCareAccessLogEmergency(EmergencyCase, AccessLogCase, TransactionCase):
    def test_reading_under_it_is_marked(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        self._end_request()
        opened = self.assertLogged(self.oncall_staff, self.astrid, emergency_id=access.id, operation="read")
        self.assertEqual(opened["reason"], REASON)
        for user, client, marked in (
            (self.oncall_staff, self.bo, False),
            (self.north_staff, self.astrid, False),
            (self.oncall_staff, self.astrid, True),
        ):
            self._forget()
            self._write_lines(user, client)
            self.cr.execute(
                "SELECT emergency_id FROM care_access_log WHERE user_id = %s AND client_id = %s"
                " AND reason IS NULL AND id > %s ORDER BY id DESC LIMIT 1",
                [user.id, client.id, self._since],
            )
            self.assertEqual(self.cr.fetchone()[0], access.id if marked else None)
