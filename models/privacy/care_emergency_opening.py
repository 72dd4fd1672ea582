import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import personal_number as pnr
from .care_emergency_attempt import MANY

MIN_REASON = 10  # characters
FREE_ATTEMPTS = 5  # within WINDOW; after that each further one costs twice the waiting
WINDOW = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=30)  # no rule: as below
IDENTIFIED_BY = ("reference", "protection_level")
# Numbers that nobody can count up to, as one can to a reference: they open a protected person's file, too.
UNGUESSED = ("current", "former", "reserve", "interim")


class CareEmergencyAccess(models.Model):
    """How a file is opened in an emergency.

    The answer is the same, and takes the same work, for a number that is nobody's, for a client of
    another company, for one from whom the asker is locked out and for a protected person's reference:
    references are a series, so of a protected person the whole personal number is asked. Whoever has none
    is opened by those who are named alone, the unit's managers and the contact person.

    Attempts that hit are slowed down like those that miss, or a series would open file after file.
    """

    _inherit = "care.emergency.access"

    @api.model
    def action_open(self, identifier, reason):
        """Open the file of the client with this number or reference, for the company's number of hours.

        :param str identifier: the whole personal number, in any way it is written, or the reference
        :param str reason: why, at least ten characters
        :return: the action that shows the file
        :raise AccessError: for others than staff with a membership that holds now
        :raise UserError: no such client, a lockout, too short a reason, or too many attempts
        """
        companies = self._check_may_open()
        reason = self._check_reason(reason)
        self._wait_for_my_other_attempts()
        with self._own_connection() as cr:
            self._check_patience(*self._attempts(cr))
            client_id, locked_out = self._find(identifier, companies)
            if not client_id or locked_out:
                self.env["care.emergency.attempt"]._record(cr, self.env.uid, companies.ids[0], client_id)
            access_id = not locked_out and self._found_open(cr, client_id)
        if not client_id or locked_out:
            raise UserError(self._no_client_message())
        if not access_id:
            self._open(client_id, reason)
        # not by the access, which another request may have made that this transaction cannot see
        return self.env["care.client"].browse(client_id)._action_open_in_emergency()

    @api.model
    def _check_may_open(self):
        """Staff who work somewhere now. Returns the companies where they do.

        The group says what, the membership says where: without one that holds, a left-over group
        would open every file of the company.
        """
        self.check_access("read")
        user = self.env.user
        groups = ("social_care.group_care_staff", "social_care.group_oncall_staff")
        # sudo: one's own memberships, whatever the group, which is asked below
        members_sudo = self.env["care.unit.member"].sudo()
        mine_sudo = members_sudo.search(members_sudo._domain_now() & members_sudo._domain_mine())
        companies = mine_sudo.company_id & self.env.companies
        if not any(user.has_group(group) for group in groups) or not companies:
            raise AccessError(
                self.env._(
                    "Emergency access is for staff with a membership in a unit. Ask your manager, or whoever"
                    " is on duty, to open the file."
                )
            )
        return companies.sudo(False)

    @api.model
    def _check_reason(self, reason):
        reason = " ".join((reason or "").split()) if isinstance(reason, str) else ""
        if len(reason) < MIN_REASON or len(set(reason.lower())) < MIN_REASON // 2:
            raise UserError(
                self.env._(
                    "Write why you open the file, in at least a few words. The reason will be reviewed."
                )
            )
        return reason

    @api.model
    def _wait_for_my_other_attempts(self):
        """One attempt at a time, or many at once would all count the same misses."""
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtext('care.emergency.access'), %s)", self.env.uid)
        )

    def _own_connection(self):
        """Where misses are kept: the error that answers them rolls this transaction back."""
        return self.env.registry.cursor()

    @api.model
    def _attempts(self, cr):
        """How often the user has tried in the window, with or without success, and when the last time was.

        Asked on the fresh connection, which sees what another request of the user's has done meanwhile.
        """
        since = fields.Datetime.now() - WINDOW
        cr.execute(
            SQL(
                "SELECT count(*), max(t.date) FROM (SELECT m.date FROM care_emergency_attempt m"
                " WHERE m.user_id = %s AND m.date > %s UNION ALL SELECT a.date_from FROM care_emergency_access a"
                " WHERE a.user_id = %s AND a.date_from > %s) t",
                self.env.uid,
                since,
                self.env.uid,
                since,
            )
        )
        return cr.fetchone()

    @api.model
    def _check_patience(self, count, last):
        if count < FREE_ATTEMPTS:
            return
        # no rule: against guessing, each attempt costs twice the waiting
        free_at = last + min(timedelta(minutes=2 ** min(count - FREE_ATTEMPTS, 10)), LONGEST_WAIT)
        if (left := free_at - fields.Datetime.now()) > timedelta(0):
            raise UserError(
                self.env._(
                    "Too many attempts in a short time. Wait %(minutes)s minutes and check the number, or call"
                    " the unit. The privacy officer sees the attempts.",
                    minutes=math.ceil(left.total_seconds() / 60),
                )
            )

    @api.model
    def _find(self, identifier, companies):
        """``(client_id, locked_out)``, with one query whoever the client is."""
        text = (identifier if isinstance(identifier, str) else "").strip()
        clients, numbers = self.env["care.client"], (pnr.stored(text) or "-",)
        wanted = SQL(
            "(c.id = ANY(ARRAY(SELECT f.client_id FROM (%s) f)) OR (COALESCE(c.protection_level, 'none') = 'none'"
            " AND (c.reference IN %s OR c.id = ANY(ARRAY(SELECT f.client_id FROM (%s) f)))))",
            clients._sql_numbered(numbers, UNGUESSED),
            (text, text.upper()),
            clients._sql_numbered(numbers),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT c.id, c.id IN (SELECT l.client_id FROM care_client_lockout l WHERE l.user_id = %s AND %s)"
                " FROM care_client c WHERE c.company_id IN %s AND %s"
                " ORDER BY c.company_id <> %s, c.reference NOT IN %s LIMIT 1",
                self.env.uid,
                clients._wall_now("care.client.lockout", "l"),
                tuple(companies.ids),
                wanted,
                self.env.company.id,
                (text, text.upper()),  # another's number may be written like a reference
                to_flush=[
                    *(clients._fields[name] for name in (*IDENTIFIED_BY, "company_id")),
                    *(self.env["care.client.lockout"]._fields[name] for name in ("client_id", "user_id")),
                ],
            )
        )
        return rows[0] if rows else (None, False)

    @api.model
    def _no_client_message(self):
        return self.env._(
            "No file can be opened with this number or reference. Check how it is written: the whole personal"
            " number with its last four digits, or the reference. A protected person's file opens with the whole"
            " personal number alone. The attempt is noted."
        )

    @api.model
    def _found_open(self, cr, client_id):
        """An access that is open already: pressing twice makes no second one. Asked on the fresh connection."""
        if not client_id:
            return None
        rows = self.with_env(self.env(cr=cr))._open_rows([client_id])
        return rows[-1][1] if rows else None

    @api.model
    def _open(self, client_id, reason):
        now = fields.Datetime.now()
        # sudo: the file opens by the access that is made below; until then only its company is read
        client_sudo = self.env["care.client"].sudo().browse(client_id)
        company = client_sudo.company_id
        # sudo: nobody has the right to make an access; action_open has checked who asks, and why
        access_sudo = self.sudo().create(
            {
                "client_id": client_id,
                "user_id": self.env.uid,
                "reason": reason,
                "date_from": now,
                "date_to": now + self.env["care.rule"]._period("emergency_access", company),
                "review_due": self._review_due(company, now),
            }
        )
        access_sudo._keep_reviewers_told()
        self._tell_of_many(company)
        client = client_sudo.sudo(False)
        self.env["care.access.log"]._note(client, "read", reason=reason, emergency_id=access_sudo.id)
        return access_sudo

    @api.model
    def _tell_of_many(self, company):
        """Tell the privacy officers of whoever opens many files in a day; each opening once."""
        self.env["care.access.change"].flush_model()
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM care_emergency_access a WHERE a.user_id = %s AND a.date_from > GREATEST(%s,"
                " (SELECT max(c.date) FROM care_access_change c WHERE c.kind = 'openings'"
                " AND c.subject_user_id = a.user_id))",
                self.env.uid,
                fields.Datetime.now() - timedelta(days=1),
                to_flush=[self._fields["user_id"], self._fields["date_from"]],
            )
        )
        if count >= MANY:
            self.env["care.access.change"]._note(
                [
                    {
                        "kind": "openings",
                        "name": self.env.user.care_name,
                        "subject_user_id": self.env.uid,
                        "company_id": company.id,
                        "after": self.env._("%s files opened by emergency access.", count),
                    }
                ]
            )

    @api.model
    def _review_due(self, company, now):
        there = company.with_context(tz=company.care_tz)
        today = fields.Datetime.context_timestamp(there, fields.Datetime.to_datetime(now)).date()
        return today + self.env["care.rule"]._period("access_review", company)
