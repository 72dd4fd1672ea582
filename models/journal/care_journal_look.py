from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Whoever comes back within the hour has not been away.
SAME_VISIT = timedelta(hours=1)


class CareJournalLook(models.Model):
    """When a user last looked at a client's journal: what has come since is new to that user."""

    _name = "care.journal.look"
    _description = "Last Look at a Journal"
    _inherit = ["care.walled"]
    _wall_unit = None
    _wall_on_double = True
    _log_access = False

    client_id = fields.Many2one("care.client", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="client_id.company_id", store=True, precompute=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    looked_at = fields.Datetime(required=True, readonly=True)
    since = fields.Datetime(readonly=True, help="The look before: what came after it is new.")

    _one = models.UniqueIndex("(user_id, client_id)", "This look is noted already.")

    @api.model
    def _look(self, client):
        """Note that the current user looks now."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_journal_look AS l (client_id, company_id, user_id, looked_at)"
                " SELECT c.id, c.company_id, %(user)s, %(now)s FROM care_client c WHERE c.id = %(client)s"
                " ON CONFLICT (user_id, client_id) DO UPDATE SET looked_at = %(now)s,"
                " since = CASE WHEN l.looked_at < %(away)s THEN l.looked_at ELSE l.since END",
                user=self.env.uid,
                client=client.id,
                now=now,
                away=now - SAME_VISIT,
            )
        )
        self.invalidate_model()
