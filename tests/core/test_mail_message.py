"""What may hang on a record of ours, through Odoo's own doors: messages, followers, incoming e-mail."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools.attached import by_app
from ..common_attached import TEXT, AttachedCase

LETTER = """From: Granne <granne@example.com>
To: catchall@example.com
Subject: Astrid Ek
Message-Id: <granne-1@example.com>
{headers}
Astrid Ek är dålig.
"""


@tagged("post_install", "-at_install")
class TestMailMessage(AttachedCase, HttpCase):
    def test_nothing_is_posted_on_any_record(self):
        outsider = self.env["res.partner"].create({"name": "Granne", "email": "granne@example.com"})
        posts = {
            "comment": {"body": TEXT, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
            "note": {"body": TEXT, "message_type": "comment", "subtype_xmlid": "mail.mt_note"},
            "e-mail": {"body": TEXT, "partner_ids": outsider.ids, "subtype_xmlid": "mail.mt_comment"},
        }
        for record, user in self._threads():
            self.authenticate(user.login, user.login)
            for what, post in posts.items():
                with self.subTest(model=record._name, what=what), mute_logger("odoo.http"):
                    answer = self._post(record, post)
                    allowed = record._has_chatter and what == "note"
                    self.assertEqual("error" not in answer, allowed, answer)
            with self.subTest(model=record._name, what="superuser, every kind"):
                for kind in ("comment", "email", "notification", "auto_comment", "sms"):
                    if kind in dict(self.env["mail.message"]._fields["message_type"].selection):
                        with self.assertRaises(UserError):
                            record.sudo().message_post(
                                body=TEXT, message_type=kind, subtype_xmlid="mail.mt_comment"
                            )
                with self.assertRaises(UserError):
                    record.sudo().message_notify(body=TEXT, partner_ids=outsider.ids)
        self.assertNothingSaid(besides="care.disturbance")
        self.assertFalse(self.env["mail.mail"].search([("email_to", "ilike", "granne")]))
        self.assertFalse(self.env["mail.mail"].search([("recipient_ids", "in", outsider.ids)]))

    def test_whoever_has_a_chatter_shows_it(self):
        shown = set(
            self.env["ir.ui.view"]
            .search([("model", "=like", "care.%"), ("type", "=", "form"), ("arch_db", "like", "<chatter")])
            .mapped("model")
        )
        having = {name for name in self.env.registry if name.startswith("care.") and self._has_chatter(name)}
        self.assertEqual(having, shown)
        self.assertEqual(having, {"care.disturbance"})

    def _has_chatter(self, name):
        return getattr(self.env[name], "_has_chatter", False)

    def test_messages_are_not_made_or_rewritten_behind_the_record(self):
        stay = self.stay_astrid
        note = self._as(self.oncall_staff, self.disturbance).message_post(body="Ringde igen")
        messages = self.env["mail.message"]
        here = {"model": stay._name, "res_id": stay.id}
        for what, do in {
            "message": lambda: messages.create({**here, "body": TEXT}),
            "on a record without activities": lambda: messages.create(
                {"model": "care.client", "res_id": self.astrid.id, "body": TEXT}
            ),
            "by default": lambda: messages.with_context(default_model=stay._name).create({"body": TEXT}),
            "as if by the app": lambda: messages.with_context(care_attached_by_app=True).create(dict(here)),
            "e-mail": lambda: self.env["mail.mail"].create({**here, "body_html": TEXT}),
            "moved here": lambda: messages.create({"body": TEXT}).write(here),
            "moved away": lambda: note.sudo().write({"model": "res.partner", "res_id": 1}),
            "moved away with its thread": lambda: self.disturbance.sudo().message_change_thread(
                self.env.user.partner_id
            ),
            "sent later": lambda: note.sudo().write({"partner_ids": self.env.user.partner_id.ids}),
            "made public later": lambda: note.sudo().write(
                {"subtype_id": self.env.ref("mail.mt_comment").id}
            ),
            "scheduled": lambda: self.env["mail.scheduled.message"].create(
                {
                    **here,
                    "body": TEXT,
                    "author_id": self.env.user.partner_id.id,
                    "scheduled_date": "2100-01-01 00:00:00",
                }
            ),
        }.items():
            with self.subTest(what), self.assertRaises(UserError), self.cr.savepoint():
                do()
        self._as(self.oncall_staff, note).write({"body": "Ringde två gånger"})
        self.assertIn("två gånger", note.sudo().body)
        self.assertNothingSaid()

    def test_what_the_app_has_sent_is_not_rewritten(self):
        self.stay_astrid.activity_schedule("mail.mail_activity_data_todo", user_id=self.north_staff.id)
        told = self._messages(self.stay_astrid)
        self.assertEqual(told.message_type, "user_notification", "the reference and a link are sent")
        self.assertIn(self.astrid.reference, told.body)
        self.authenticate("north_manager", "north_manager")
        with mute_logger("odoo.http"):
            for route, params in (
                ("/mail/message/update_content", {"message_id": told.id, "update_data": {"body": TEXT}}),
                ("/mail/message/reaction", {"message_id": told.id, "content": TEXT, "action": "add"}),
            ):
                with self.subTest(route):
                    self.assertIn("error", self._route(route, params))
        for vals in ({"body": TEXT}, {"subject": TEXT}, {"attachment_ids": [Command.create({"name": TEXT})]}):
            with self.subTest(vals=list(vals)), self.assertRaises(UserError), self.cr.savepoint():
                told.sudo().write(vals)
        with self.assertRaises(UserError):
            told.sudo()._message_reaction(TEXT, "add", self.env.user.partner_id, self.env["mail.guest"])
        self.assertFalse(told.sudo().reaction_ids)

    def test_composer_and_templates(self):
        stay = self.stay_astrid
        for mode in ("comment", "mass_mail"):
            with self.subTest(mode), self.assertRaises(UserError), self.cr.savepoint():
                composer = self._as(self.north_manager, self.env["mail.compose.message"]).create(
                    {
                        "composition_mode": mode,
                        "model": stay._name,
                        "res_ids": stay.ids,
                        "body": TEXT,
                        "partner_ids": self.env.user.partner_id.ids,
                    }
                )
                composer.action_send_mail()
        with self.assertRaises(UserError):
            self.env["mail.template"].create(
                {"name": "x", "model_id": self.env["ir.model"]._get_id(stay._name), "body_html": TEXT}
            )
        template = self.env["mail.template"].create({"name": "x", "body_html": TEXT})
        with self.assertRaises(UserError):
            template.model_id = self.env["ir.model"]._get_id("care.client")
        composer = self._as(self.oncall_staff, self.env["mail.compose.message"]).create(
            {
                "model": "care.disturbance",
                "res_ids": self.disturbance.ids,
                "body": "Utförlig anteckning",
                "subtype_id": self.env.ref("mail.mt_note").id,
            }
        )
        composer.action_send_mail()
        self.assertIn("Utförlig", "".join(self._messages(self.disturbance).mapped("body")))

    def test_nobody_follows_any_record(self):
        partner = self.north_manager.partner_id
        ours = [("res_model", "=like", "care.%")]
        before = self.env["mail.followers"].search(ours)
        for record, user in self._threads():
            self.authenticate(user.login, user.login)
            with self.subTest(model=record._name), mute_logger("odoo.http"):
                self._route(
                    "/mail/thread/subscribe",
                    {"res_model": record._name, "res_id": record.id, "partner_ids": partner.ids},
                )
                record.sudo().message_subscribe(partner.ids)
                record.sudo()._message_subscribe(partner.ids)
                with by_app():
                    record.activity_schedule("mail.mail_activity_data_todo", user_id=user.id)
                follower = {"res_model": record._name, "res_id": record.id, "partner_id": partner.id}
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    self.env["mail.followers"].sudo().create(follower)
                elsewhere = self.env["mail.followers"].create(
                    {**follower, "res_model": "res.partner", "res_id": partner.id}
                )
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    elsewhere.write({"res_model": record._name, "res_id": record.id})
                elsewhere.unlink()
        self.env.flush_all()
        self.assertEqual(self.env["mail.followers"].search(ours), before)
        partner.message_subscribe(self.north_staff.partner_id.ids)
        self.assertIn(self.north_staff.partner_id, partner.message_partner_ids, "others are followed")

    def test_an_incoming_letter_goes_back_and_leaves_nothing(self):
        gateway = self.env["mail.thread"].with_user(self.env.ref("base.user_root"))
        for number, (record, _user) in enumerate(self._threads()):
            with by_app():
                told = record.sudo().message_notify(partner_ids=self.north_staff.partner_id.ids)
            headers = f"In-Reply-To: {told.message_id}\nReferences: {told.message_id}\n"
            letter = LETTER.format(headers=headers).replace("granne-1", f"granne-{number}")
            before = self._messages(record)
            with self.subTest(model=record._name, by="answer"):
                self.assertFalse(gateway.message_process(None, letter))
                self.assertEqual(self._messages(record), before)
            with (
                self.subTest(model=record._name, by="address"),
                mute_logger("odoo.addons.mail.models.mail_thread"),
            ):
                letter = LETTER.format(headers="").replace("granne-1", f"granne-x{number}")
                with self.assertRaises(ValueError):
                    gateway.message_process(record._name, letter, thread_id=record.id)
                self.assertEqual(self._messages(record), before)
                with self.assertRaises(UserError):
                    record.sudo().message_update({"body": TEXT})
                with self.assertRaises(UserError):
                    record.sudo().message_new({"subject": TEXT})
        bounced = self.env["mail.mail"].search([("email_to", "ilike", "granne@example.com")])
        self.assertFalse(
            [mail for mail in bounced if "Astrid" in f"{mail.subject}{mail.body_html}{mail.body}"]
        )
        self.assertNothingSaid()
