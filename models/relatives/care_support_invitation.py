import logging
from email.utils import formataddr
from smtplib import SMTPException

from odoo import fields, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.misc import format_date

_logger = logging.getLogger(__name__)

# What Odoo raises when an address or the mail server will not do.
NOT_SENT = (OSError, MailDeliveryException, AssertionError)


class NamelessSession:
    """An SMTP session whose refusals name nobody: Odoo logs what the server answers, and it answers with the address."""

    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, *args, **kwargs):
        try:
            return self._session.send_message(*args, **kwargs)
        except (SMTPException, ValueError):
            raise SMTPException("not accepted") from None


class CareSupportParticipant(models.Model):
    """The invitation to a group, which others in the household may open."""

    _inherit = "care.support.participant"

    def _invitation(self):
        """What others in the household may read: when, where and whom to call. Not what for."""
        self.ensure_one()
        session = self.group_id._first_session()
        if not session:
            raise UserError(self.env._("Plan the first meeting; the invitation tells when it is."))
        zone = session.company_id.care_tz or "Europe/Stockholm"
        start = fields.Datetime.context_timestamp(session.with_context(tz=zone), session.date_start)
        unit = self.unit_id
        return {
            "sender": unit.invitation_sender or unit.company_id.name,
            "subject": self.env._("Invitation"),
            "date": format_date(self.env, start.date(), date_format="EEEE d MMMM yyyy"),
            "time": start.strftime("%H.%M"),
            "place": session.place or "",
            "phone": unit.phone or "",
        }

    def _invite(self):
        """Send the invitations straight to the mail server: no copy stays in the database.

        :return: those it was sent to, and those it could not be sent to
        """
        sent = self.browse()
        if not self:
            return sent, self
        # sudo: supporters read no mail server's settings; messages go out by them, and none comes back
        servers_sudo = self.env["ir.mail_server"].sudo()
        sender = self._invitation_from(servers_sudo)
        try:
            session = servers_sudo._connect__(smtp_from=sender)
        except OSError:
            _logger.warning("Invitations could not be sent: the mail server does not answer")
            return sent, self
        for person in self:
            if person._invite_by_email(servers_sudo, NamelessSession(session), sender):
                sent |= person
        if session:
            session.close()
        sent._write_decided({"invited_on": fields.Date.context_today(self)})
        return sent, self - sent

    def _invitation_from(self, servers_sudo):
        """From whom an invitation comes: the neutral sender, at the company's address."""
        company = self.company_id[:1]
        address = email_normalize(company.email or "") or servers_sudo._get_default_from_address()
        if not address:
            raise UserError(self.env._("The company has no e-mail address to send from. Write it first."))
        return formataddr((self.unit_id[:1].invitation_sender or company.name, address))

    def _invite_by_email(self, servers_sudo, session, sender):
        self.ensure_one()
        address = email_normalize(self.email or "")
        if not address:
            return False
        invitation = self._invitation()
        try:
            message = servers_sudo._build_email__(
                sender,
                [address],
                invitation["subject"],
                self._invitation_text(invitation),
            )
            return bool(servers_sudo.send_email(message, smtp_session=session))
        except NOT_SENT:
            # Neither the address nor what the server says about it reaches the log.
            _logger.warning("An invitation could not be sent (participant %s)", self.id)
            return False

    def _invitation_text(self, invitation):
        where = (
            self.env._("You are welcome on %(date)s at %(time)s, %(place)s.", **invitation)
            if invitation["place"]
            else self.env._("You are welcome on %(date)s at %(time)s.", **invitation)
        )
        call = invitation["phone"] and self.env._("If you cannot come, call %(phone)s.", **invitation)
        lines = (self.env._("Hello,"), where, call, invitation["sender"])
        return "\n\n".join(line for line in lines if line)

    def _written_numbers(self):
        return ", ".join(self.mapped("display_name"))
