from odoo import api, fields, models
from odoo.exceptions import UserError

from .care_access_change import PROPOSAL


class CareAccessChange(models.Model):
    """That somebody may be close to a client follows from what colleagues write in the file: it shuts nobody out.

    It is proposed to the privacy officers, who lock out or not. Nobody else reads it, least of all the
    person whom it is about, and it is proposed once.
    """

    _inherit = "care.access.change"

    is_proposal = fields.Boolean(compute="_compute_is_proposal")

    @api.depends("kind", "seen_at")
    def _compute_is_proposal(self):
        for change in self:
            change.is_proposal = change.kind == PROPOSAL and not change.seen_at

    def action_lock_out(self):
        """The officer confirms: the lockout holds from today, and the officer has made it."""
        for change in self._to_decide():
            client_sudo = change._proposed_client()
            if not client_sudo:
                raise UserError(self.env._("The client is not there any more. Do not lock out."))
            self.env["care.client.lockout"]._lock_out(client_sudo, change.subject_user_id, change.after)
            change._mark_seen(self.env._("Locked out"))
        self._keep_officers_told()

    def action_leave_open(self):
        """The officer has looked, and nothing is shut. It is not proposed again."""
        for change in self._to_decide():
            change._mark_seen(self.env._("Not locked out"))
        self._keep_officers_told()

    def _to_decide(self):
        self.check_access("read")
        self.lock_for_update()
        proposals = self.filtered("is_proposal")
        proposals._check_not_of_oneself()
        return proposals

    def _proposed_client(self):
        # sudo: the privacy officer opens no file; the client is found by the reference, and not shown
        return (
            self.env["care.client"]
            .sudo()
            .search([("reference", "=", self.name), ("company_id", "=", self.company_id.id)])
        )


class CareClientLockout(models.Model):
    _inherit = "care.client.lockout"

    @api.model
    def _propose(self, rows):
        """Tell the privacy officers of users who seem to be close to a client, by the client's reference.

        :param list rows: dicts of ``reference``, ``company_id`` (the client's) and ``user_id``
        """
        return self.env["care.access.change"]._note(
            [
                {
                    "kind": PROPOSAL,
                    "name": row["reference"],
                    "subject_user_id": row["user_id"],
                    "company_id": row["company_id"],
                    "after": self._reason("related"),
                }
                for row in rows
            ]
        )

    @api.model
    def _lock_out(self, client_sudo, user, reason):
        """Shut out whom an officer has confirmed, unless it has happened meanwhile. The caller has checked who."""
        # sudo: the officer names a client whose file is closed to all officers
        lockouts_sudo = self.sudo()
        domain = [("client_id", "=", client_sudo.id), ("user_id", "=", user.id)]
        if lockouts_sudo.search_count([*domain, ("origin", "!=", "decided")], limit=1):
            return self.browse()
        return lockouts_sudo.create(
            {
                "client_id": client_sudo.id,
                "user_id": user.id,
                "origin": "related",
                "reason": reason,
                "date_from": self._today(),
                "date_to": False,  # whatever default its cause may have stored
            }
        )
