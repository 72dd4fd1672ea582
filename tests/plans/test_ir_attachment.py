import base64
import json

from psycopg2.errors import CheckViolation

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.attached import by_app
from ..common_attached import TEXT, AttachedCase


@tagged("post_install", "-at_install")
class TestIrAttachment(AttachedCase, HttpCase):
    def _on(self, record, **vals):
        return {"name": "x.txt", "raw": TEXT.encode(), "res_model": record._name, "res_id": record.id, **vals}

    def _note_with_file(self):
        """An internal note of the team, with a file as the screen uploads it."""
        self.authenticate("oncall_staff", "oncall_staff")
        answer = self._upload(self.disturbance, is_pending="true")
        post = {
            "body": "Se bilden",
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_note",
            "attachment_ids": [answer["data"]["attachment_id"]],
            "attachment_tokens": [self._token(answer)],
        }
        self.assertNotIn("error", self._post(self.disturbance, post))
        return self._messages(self.disturbance).attachment_ids

    def _token(self, answer):
        return answer["data"]["store_data"]["ir.attachment"][0]["ownership_token"]

    def _upload(self, record, **data):
        answer = self.url_open(
            "/mail/attachment/upload",
            data={
                "thread_model": record._name,
                "thread_id": record.id,
                "csrf_token": http.Request.csrf_token(self),
                **data,
            },
            files={"ufile": ("x.txt", TEXT.encode())},
        )
        return json.loads(answer.text) if answer.status_code == 200 else {"error": answer.status_code}

    def test_no_file_where_no_screen_shows_it(self):
        files = self.env["ir.attachment"]
        shown = self.astrid, self.stay_astrid, self.files[self.astrid]["care.consent"]
        threads = [record for record, _user in self._threads() if record != self.disturbance]
        for record in (*shown, *threads):
            with self.subTest(model=record._name):
                for attempt in (
                    lambda r=record: files.create(self._on(r)),
                    lambda r=record: files.sudo().create(self._on(r, type="url", url="https://example.com")),
                    lambda r=record: files.create(self._on(r, res_field="display_name")),
                    lambda r=record: files.create({"name": "x"}).write(
                        {"res_model": r._name, "res_id": r.id}
                    ),
                    lambda r=record: files.create_unique(
                        [self._on(r, datas=base64.b64encode(TEXT.encode()), mimetype="text/plain", raw=False)]
                    ),
                ):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        attempt()
        self.assertFalse(
            files.search([("res_model", "in", ["care.client", "care.stay"]), ("name", "=", "x.txt")])
        )
        with self.assertRaises(UserError):
            self._as(self.north_manager, files).create(self._on(self.astrid))
        with self.assertRaises(UserError), self.cr.savepoint():  # what a field holds comes by the field
            self._as(self.oncall_lead, files).with_user(self.env.ref("base.user_admin")).create(
                self._on(self.disturbance, res_field="photo")
            )

    def test_uploads(self):
        self.authenticate("north_manager", "north_manager")
        with mute_logger("odoo.http"):
            self.assertIn("error", self._upload(self.stay_astrid))
        self.authenticate("oncall_staff", "oncall_staff")
        self.assertNotIn("error", self._upload(self.disturbance))

    def test_nor_by_a_message_or_an_activity(self):
        activity = self.stay_astrid.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.north_staff.id
        )
        told = self._messages(self.stay_astrid)
        self.assertTrue(told)
        for carrier in (activity, told[0]):
            with self.subTest(carrier=carrier._name), self.assertRaises(UserError):
                self.env["ir.attachment"].create(self._on(carrier))

    def test_never_public_and_by_no_link(self):
        files = self._note_with_file()
        self.assertEqual((files.res_model, files.res_id), ("care.disturbance", self.disturbance.id))
        mine = self._as(self.oncall_staff, files)
        for attempt in (
            lambda: mine.write({"public": True}),
            lambda: files.sudo().write({"public": True}),
            lambda: files.sudo().generate_access_token(),
            lambda: files.write({"access_token": "x"}),
            lambda: mine.write({"res_model": False, "res_id": False, "public": True}),
            lambda: files.sudo().write({"res_model": "res.partner", "res_id": 1}),
            lambda: self.env["ir.attachment"].create(self._on(self.disturbance, public=True)),
            lambda: (
                self.env["ir.attachment"].with_context(default_public=True).create(self._on(self.disturbance))
            ),
            lambda: (
                self.env["ir.attachment"]
                .create({"name": "x", "public": True})
                .write({"res_model": "care.disturbance", "res_id": self.disturbance.id})
            ),
            lambda: self.env["ir.attachment"].create(
                self._on(self._messages(self.disturbance)[0], public=True)
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.env.flush_all()
        for query in (
            "UPDATE ir_attachment SET public = TRUE WHERE id = %s",
            "UPDATE ir_attachment SET access_token = 'x' WHERE id = %s",
        ):
            with self.assertRaises(CheckViolation), self.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.cr.execute(query, [files.id])

    def test_no_link_opens_it_without_a_login(self):
        files = self._note_with_file()
        scoped = files._get_raw_access_token()
        owner = files._get_ownership_token()
        urls = [
            f"/web/content/{files.id}?access_token={scoped}",
            f"/web/content/ir.attachment/{files.id}/raw?access_token={scoped}",
            f"/web/image/{files.id}?access_token={scoped}",
            f"/mail/attachment/pdf_first_page/{files.id}?access_token={owner}",
        ]
        self.assertIn(TEXT, self.url_open(urls[0]).text, "whoever opens the case reads it")
        for login in (None, "north_manager"):
            self.authenticate(login, login)
            for url in urls:
                with self.subTest(url=url, login=login), mute_logger("odoo.http"):
                    answer = self.url_open(url)
                    self.assertNotIn(TEXT, answer.text)
                    if "/web/image" not in url:  # which answers with a picture of nothing
                        self.assertNotEqual(answer.status_code, 200)
            with mute_logger("odoo.http"):
                self.assertIn(
                    "error",
                    self._route(
                        "/mail/attachment/delete", {"attachment_id": files.id, "access_token": owner}
                    ),
                )
        self.assertTrue(files.exists())
        other = self.env["ir.attachment"].create({"name": "y.txt", "raw": b"Meny"})
        self.authenticate(None, None)
        url = f"/web/content/{other.id}?access_token={other._get_raw_access_token()}"
        self.assertIn("Meny", self.url_open(url).text, "Odoo's own links work as before")

    def test_what_the_app_keeps(self):
        with by_app():
            file = self.env["ir.attachment"].create(self._on(self.stay_astrid))
        self.authenticate("north_manager", "north_manager")
        self.assertIn(TEXT, self.url_open(f"/web/content/{file.id}").text)
        file.unlink()
