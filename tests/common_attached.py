"""A record of every model of ours that Odoo's messages and activities hang on, and somebody who opens it."""

from .common_emergency import EmergencyCase
from .common_file import FileCase
from .common_journal import JournalCase
from .common_oncall import OncallCase
from .common_relative import RelativeCase

TEXT = "Astrid Ek mår dåligt"
TODO = "mail.mail_activity_data_todo"


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

    def _activity(self, record, user, **vals):
        return self._as(user, self.env["mail.activity"]).create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "activity_type_id": self.env.ref(TODO).id,
                "user_id": user.id,
                **vals,
            }
        )

    def _messages(self, record):
        return self.env["mail.message"].search([("model", "=", record._name), ("res_id", "in", record.ids)])

    def assertNothingSaid(self, besides=False):
        self.env.flush_all()
        for model, place, names in (
            ("mail.message", "model", ("body", "subject")),
            ("mail.activity", "res_model", ("note", "summary", "feedback")),
            ("mail.scheduled.message", "model", ("body",)),
        ):
            for name in names:
                domain = [(name, "ilike", TEXT), (place, "=like", "care.%"), (place, "!=", besides)]
                found = self.env[model].with_context(active_test=False).search(domain)
                self.assertFalse(found, (model, name))

    def _route(self, url, params):
        body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        return self.url_open(url, json=body).json()

    def _post(self, record, post):
        return self._route(
            "/mail/message/post",
            {"thread_model": record._name, "thread_id": record.id, "post_data": post},
        )
