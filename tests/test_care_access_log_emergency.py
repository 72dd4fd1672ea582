from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from .common_access_log import AccessLogCase
from .common_emergency import REASON, EmergencyCase


@tagged("post_install", "-at_install")
class TestCareAccessLogEmergency(EmergencyCase, AccessLogCase, TransactionCase):
    def test_the_opening_is_noted_with_its_reason(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        self._end_request()
        opened = self.assertLogged(
            self.oncall_staff, self.astrid, emergency_id=access.id, operation="read", model="care.client"
        )
        self.assertEqual(opened["reason"], REASON)

    def test_reading_under_it_is_marked_while_it_is_open(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        now = fields.Datetime.now()
        for user, client, moment, mark in (
            (self.oncall_staff, self.astrid, now, access.id),
            (self.oncall_staff, self.astrid, access.date_to - timedelta(seconds=1), access.id),
            (self.oncall_staff, self.astrid, access.date_to, None),
            (self.oncall_staff, self.astrid, access.date_from - timedelta(seconds=1), None),
            (self.oncall_staff, self.bo, now, None),
            (self.oncall_lead, self.astrid, now, None),
        ):
            line = SQL(
                "(VALUES (%s, %s, %s::timestamp)) AS line(user_id, client_id, date)",
                user.id,
                client.id,
                moment,
            )
            found = self.env.execute_query(
                SQL("SELECT %s FROM %s", self.env["care.access.log"]._emergency_sql(), line)
            )
            self.assertEqual(found[0][0], mark, (user.login, client.lastname, moment))
