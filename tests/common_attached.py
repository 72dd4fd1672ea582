"""A record of every model of ours that Odoo's messages and activities hang on, and somebody who opens it."""

from .common_emergency import EmergencyCase
from .common_file import FileCase
from .common_journal import JournalCase
from .common_oncall import OncallCase
from .relative_common import RelativeCase

TEXT = "Astrid Ek mår dåligt"


class AttachedCase(EmergencyCase, JournalCase, OncallCase, RelativeCase, FileCase):
    def setUp(self):
        super().setUp()
        self.disturbance = self.env["care.disturbance"].create(
            {"unit_id": self.oncall.id, "area_id": self.area.id, "address": "Björkvägen 1, lgh 1203"}
        )

    def _threads(self):
        """``[(record, user)]``: one for each model of ours with messages; another model asks for another line."""
        signed = self._signed()
        walk = self.env["care.safety.walk"].create({"unit_id": self.oncall.id, "area_id": self.area.id})
        request = self._as(self.privacy_officer, self.env["care.subject.request"]).create(
            {"client_key": self.astrid.reference, "identity": "Känd av personalen"}
        )
        found = [
            (self.stay_astrid, self.north_manager),
            (self.north, self.care_admin),
            (self.north.member_ids[:1], self.care_admin),
            (self.disturbance, self.oncall_staff),
            (self._visit(), self.north_manager),
            (self._event(client_id=self.astrid.id)._send_handover(self.north, "x"), self.north_manager),
            (request.sudo().part_ids.filtered(lambda part: part.unit_id == self.north), self.north_manager),
            (
                self.env["care.access.change"].search([("company_id", "=", self.company.id)], limit=1),
                self.privacy_officer,
            ),
            (self.env["care.access.review"]._draw(self.north, self.today.replace(day=1)), self.north_manager),
            (self._open_file(self.oncall_staff, self.astrid.reference), self.privacy_officer),
            (signed, self.north_staff),
            (self._chain(), self.privacy_officer),
            (self._referral(self._send()), self.supporter),
            (
                self.env["care.safety.walk.point"].create(
                    {"walk_id": walk.id, "place": "Cykelrum", "category": "light"}
                ),
                self.oncall_lead,
            ),
        ]
        models = {
            name
            for name in self.env.registry.descendants(["mail.thread"], "_inherit")
            if name.startswith("care.") and not self.env[name]._abstract
        }
        self.assertEqual({record._name for record, _user in found}, models)
        self.assertTrue(all(len(record) == 1 for record, _user in found), found)
        return [(record.with_env(self.env), user) for record, user in found]

    def _messages(self, record):
        return self.env["mail.message"].search([("model", "=", record._name), ("res_id", "in", record.ids)])

    def assertNothingSaid(self, besides=None):
        self.env.flush_all()
        for table, columns in (
            ("mail_message", ("body", "subject")),
            ("mail_activity", ("note", "summary", "feedback")),
            ("mail_scheduled_message", ("body",)),
        ):
            for column in columns:
                self.cr.execute(f"SELECT * FROM {table} WHERE {column} ILIKE %s", [f"%{TEXT}%"])
                found = [
                    row
                    for row in self.cr.dictfetchall()
                    if (row.get("model") or row.get("res_model") or "care.").startswith("care.")
                    and not (besides and row.get("model") == besides)
                ]
                self.assertFalse(found, (table, column))

    def _route(self, url, params):
        body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        return self.url_open(url, json=body).json()

    def _post(self, record, post):
        return self._route(
            "/mail/message/post",
            {"thread_model": record._name, "thread_id": record.id, "post_data": post},
        )
