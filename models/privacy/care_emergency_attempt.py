from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, create_index

from ...tools import frozen

MANY = 5  # attempts in a day that are told of, those that hit too


class CareEmergencyAttempt(models.Model):
    """An attempt at emergency access that found nobody, or somebody whom the asker is locked out of.

    Written on a connection of its own, for the error that answers the attempt rolls everything else
    back. A table of its own making without foreign keys, so that no open transaction holds it up.
    What was typed is not kept: it may be anybody's personal number.
    """

    _name = "care.emergency.attempt"
    _description = "Missed Emergency Access"
    _auto = False
    _order = "date desc, id desc"

    user_id = fields.Many2one("res.users", "Tried by", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime("Tried", readonly=True)
    client_reference = fields.Char(
        "Locked Out of",
        compute="_compute_client_reference",
        help="The client's reference, where the attempt met a lockout. Otherwise there was no such client.",
    )
    client_key = fields.Integer(readonly=True, groups=fields.NO_ACCESS)

    def init(self):
        """Also refuses changes: what was tried stays tried."""
        self.env.cr.execute(
            """
            CREATE TABLE IF NOT EXISTS care_emergency_attempt (
                id bigserial PRIMARY KEY, user_id integer NOT NULL, company_id integer NOT NULL,
                date timestamp NOT NULL, client_key integer
            );
            CREATE OR REPLACE FUNCTION care_emergency_attempt_guard() RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION 'care_emergency_attempt is not changed' USING ERRCODE = 'check_violation';
            END
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS care_emergency_attempt_guard ON care_emergency_attempt;
            CREATE TRIGGER care_emergency_attempt_guard BEFORE UPDATE OR DELETE ON care_emergency_attempt
               FOR EACH ROW EXECUTE FUNCTION care_emergency_attempt_guard()
            """
        )
        frozen.mark(self.env.cr, "care_emergency_attempt_guard()")
        create_index(
            self.env.cr, "care_emergency_attempt_user_idx", "care_emergency_attempt", ["user_id", "date"]
        )

    @api.depends("client_key")
    def _compute_client_reference(self):
        # sudo: nobody reads the key, from which it could be found out whom an attempt was about
        keys = {miss.id: miss.client_key for miss in self.sudo()}
        # sudo: the privacy officer opens no file; only the reference comes back
        clients_sudo = self.env["care.client"].sudo().browse(filter(None, keys.values())).exists()
        references = {client.id: client.reference for client in clients_sudo}
        for miss in self:
            miss.client_reference = references.get(keys[miss.id], False)

    @api.model
    def _record(self, cr, user_id, company_id, client_id):
        cr.execute(
            SQL(
                "INSERT INTO care_emergency_attempt (user_id, company_id, date, client_key) VALUES (%s, %s, %s, %s)",
                user_id,
                company_id,
                fields.Datetime.now(),
                client_id,
            )
        )

    @api.model
    def _cron_tell(self):
        self._tell()
        self.env["care.access.change"]._keep_officers_told()  # new officers too

    @api.model
    def _tell(self):
        """Tell the privacy officers of whoever misses often, or meets a lockout; each attempt once."""
        since = fields.Datetime.now() - timedelta(days=1)
        self.env["care.access.change"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT m.user_id, m.company_id, count(*), count(m.client_key) FROM care_emergency_attempt m"
                " JOIN res_users u ON u.id = m.user_id WHERE m.date > GREATEST(%s, (SELECT max(c.date)"
                " FROM care_access_change c WHERE c.kind = 'miss' AND c.subject_user_id = m.user_id))"
                " GROUP BY m.user_id, m.company_id HAVING count(*) >= %s OR count(m.client_key) > 0",
                since,
                MANY,
            )
        )
        # sudo: whoever tried is named to the officers, also when Odoo hides the login from the job's user
        users_sudo = self.env["res.users"].sudo()
        return self.env["care.access.change"]._note(
            [
                {
                    "kind": "miss",
                    "name": users_sudo.browse(user_id).care_name,
                    "subject_user_id": user_id,
                    "company_id": company_id,
                    "after": self.env._(
                        "%(count)s attempts at emergency access missed; %(locked)s met a lockout.",
                        count=count,
                        locked=locked,
                    ),
                }
                for user_id, company_id, count, locked in rows
            ]
        )
