from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common_access_log import AccessLogCase
from ..common_emergency import REASON, EmergencyCase


@tagged("post_install", "-at_install")
class TestCareAccessLogEmergency(EmergencyCase, AccessLogCase, TransactionCase):
    def test_the_opening_is_noted_with_its_reason(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        self._end_request()
        opened = self.assertLogged(
            self.oncall_staff, self.astrid, emergency_id=access.id, operation="read", model="care.client"
        )
        self.assertEqual(opened["reason"], REASON)

    def test_an_attempt_at_a_verb_is_noted_though_the_verb_would_find_nothing_anyway(self):
        access = self._open_file(self.oncall_staff, self.astrid.reference)
        client, accesses = self.astrid, access.browse()
        for user, record, verb, arguments in (
            (self.south_staff, client, "action_who_opened", ()),
            (self.south_manager, access, "action_review", ("motivated", "Rimligt")),
            (self.care_admin, accesses, "action_open", (self.astrid.reference, REASON)),
        ):
            with self.subTest(verb=verb):
                with (
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"),
                ):
                    getattr(self._as(user, record), verb)(*arguments)
                self.env.cr.prerollback.run()
                line = self.assertLogged(user, record and client, refused=True, model=record._name)
                self.assertEqual(line["res_id"] or False, record.id)

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
