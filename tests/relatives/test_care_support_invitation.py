import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused
from unittest.mock import patch

from odoo import fields
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_relative import RelativeCase


class Session:
    """A mail server that takes what it is given, but for the addresses it refuses."""

    from_filter = smtp_from = False

    def __init__(self, refused=()):
        self.refused, self.messages, self.closed = refused, [], False

    def send_message(self, message, sender, recipients):
        if not all(address.isascii() for address in recipients):
            raise SMTPNotSupportedError(f"no SMTPUTF8 for {recipients}")
        if set(recipients) & set(self.refused):
            raise SMTPRecipientsRefused(dict.fromkeys(recipients, (550, b"no such user")))
        self.messages.append(message)

    def close(self):
        self.closed = True


@tagged("post_install", "-at_install")
class TestSupportInvitation(RelativeCase, TransactionCase):
    """An invitation tells when, where and whom to call: not what for, in the mail, the database or the log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "Trygg Test <info@trygg.example>"
        cls.relatives.write({"invitation_sender": "Maria på Storgatan 14", "phone": "010-174 14 00"})
        cls.group = cls.env["care.support.group"].create(
            {"unit_id": cls.relatives.id, "name": "Partner till någon med demens", "places": 4}
        )
        cls.session = cls.env["care.support.session"].create(
            {
                "group_id": cls.group.id,
                "date_start": fields.Datetime.now() + timedelta(days=7),
                "place": "Storgatan 14",
            }
        )

    def _invited(self, name="Gun Ek", **values):
        person = self._supporter("care.support.participant").create(
            {"group_id": self.group.id, "name": name, **values}
        )
        person.action_give_place()
        return person

    @contextmanager
    def _mail_server(self, *refused):
        session = Session(refused)
        with (
            patch.object(IrMail_Server, "_connect__", lambda *args, **kwargs: session),
            patch.object(IrMail_Server, "_disable_send", lambda server: False),
        ):
            yield session

    def _invite(self):
        return self._as(self.supporter, self.group).action_invite()["params"]

    def _text(self, message):
        lines = [f"{key}: {value}" for key, value in message.items()] + [message.get_body().get_content()]
        return str(make_header(decode_header("\n".join(lines))))

    def test_it_reveals_nothing_and_leaves_no_copy(self):
        person = self._invited(email="gun.ek@exempel.example")
        before = {model: self.env[model].sudo().search_count([]) for model in ("mail.mail", "mail.message")}
        with self._mail_server() as server:
            self._invite()
        self.assertEqual((len(server.messages), server.closed), (1, True))
        text = self._text(server.messages[0])
        for told in ("Storgatan 14", "010-174 14 00", "info@trygg.example"):
            self.assertIn(told, text)
        for word in ("Gun E", "demens", "Partner", "nhörig", "elative", "stöd", "X-Odoo-Objects", "care."):
            self.assertNotIn(word, text)
        for model, count in before.items():
            self.assertEqual(self.env[model].sudo().search_count([]), count, "no copy in the database")
        self.assertEqual(person.invited_on, self.today)

    def test_the_day_is_written_out_and_the_hour_is_the_company_s(self):
        self.session.date_start = datetime(2030, 7, 3, 16, 0)
        person = self._invited(email="gun.ek@exempel.example")
        invitation = person._invitation()
        self.assertRegex(invitation["date"].lower(), "^(wednesday|onsdag) 3 (july|juli) 2030$")
        self.assertEqual(invitation["time"], "18.00")
        self.session.place = self.relatives.phone = False
        paragraphs = person._invitation_text(person._invitation()).split("\n\n")
        self.assertEqual(len(paragraphs), 3, "a greeting, when, and who; no number to call")
        self.assertTrue(paragraphs[1].endswith(" 18.00."), paragraphs[1])
        self.assertEqual(paragraphs[2], "Maria på Storgatan 14")

    def test_nobody_is_invited_twice(self):
        person = self._invited(email="gun.ek@exempel.example")
        with self._mail_server() as server:
            self._invite()
            self._invited("Åke Sund", email="ake.sund@exempel.example")
            self._invite()
            self.assertEqual(
                [message["To"] for message in server.messages],
                ["gun.ek@exempel.example", "ake.sund@exempel.example"],
            )
            self._as(self.supporter, person).action_wait()
            self._as(self.supporter, person).action_give_place()
            self.assertFalse(person.invited_on, "a new place is a new invitation")
            self._invite()
        self.assertEqual(len(server.messages), 3)

    def test_a_refused_address_reaches_neither_the_log_nor_the_screen(self):
        """Odoo logs what the mail server answers, and it answers with the address."""
        refused = self._invited(email="gun.ek@exempel.example")
        wrong = self._invited("Nils Ö", email="nils.ö@exempel.example")
        sent = self._invited("Åke Sund", email="ake.sund@exempel.example")
        letter = self._invited("Eva Ström")
        with (
            self._mail_server("gun.ek@exempel.example") as server,
            self.assertLogs(level=logging.DEBUG) as log,
        ):
            params = self._invite()
        self.assertEqual(len(server.messages), 1)
        for word in ("gun.ek", "nils", "ake.sund", "Gun Ek"):
            self.assertNotIn(word, "".join(line for line in log.output if "sql_db" not in line))
            self.assertNotIn(word, params["message"])
        self.assertEqual(params["type"], "warning")
        self.assertIn(f"print a letter: {letter.display_name}.", params["message"])
        self.assertIn(f"{refused.display_name}, {wrong.display_name}.", params["message"])
        self.assertEqual(
            [(refused | wrong | letter).mapped("invited_on"), sent.invited_on], [[False] * 3, self.today]
        )

    def test_a_mail_server_that_does_not_answer(self):
        person = self._invited(email="gun.ek@exempel.example")

        def refuse(*args, **kwargs):
            raise ConnectionRefusedError

        with patch.object(IrMail_Server, "_connect__", refuse), self.assertLogs(level="WARNING") as log:
            params = self._invite()
        self.assertNotIn("gun.ek", "".join(log.output))
        self.assertEqual((params["type"], person.invited_on), ("warning", False))

    def test_it_asks_for_a_sender_and_a_meeting(self):
        self._invited(email="gun.ek@exempel.example")
        self.session.unlink()
        with self._mail_server(), self.assertRaises(UserError):
            self._invite()
