from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CareEmergencyAccess(models.Model):
    """A client's file, opened for a short time by someone whom no stay and no shift lets in.

    ``action_open`` alone makes it, with the server's times. It ends by itself; it is always looked at
    afterwards; and it opens nothing to whoever is locked out of the client.
    """

    _name = "care.emergency.access"
    _description = "Emergency Access"
    _inherit = ["care.activity.mixin", "care.walled"]
    _order = "date_from desc, id desc"
    _made_by_verb = True
    _frozen_from = "id"
    _retained_with = "client_id"
    _wall_unit = None
    _wall_on_double = True
    # What a review may say, and what may be said after it. An investigation ends in one of the others.
    _state_field = "judgement"
    _transitions = {
        "": {"investigate", "motivated", "not_motivated"},
        "investigate": {"motivated", "not_motivated"},
    }

    client_id = fields.Many2one(
        "care.client",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        copy=False,
        frozen=True,
    )
    # For those who open no client, as the display name is.
    client_reference = fields.Char("Reference", related="client_id.reference")
    company_id = fields.Many2one(related="client_id.company_id", store=True, precompute=True, frozen=False)
    user_id = fields.Many2one(
        "res.users", "Opened by", required=True, readonly=True, ondelete="restrict", frozen=True
    )
    reason = fields.Text(required=True, readonly=True, frozen=True)
    date_from = fields.Datetime(
        "Opened", required=True, readonly=True, default=fields.Datetime.now, frozen=True
    )
    date_to = fields.Datetime("Until", required=True, readonly=True, frozen=False)
    date_limit = fields.Datetime("Given Until", required=True, readonly=True, frozen=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    # The review
    review_due = fields.Date("To Be Reviewed by", required=True, readonly=True, frozen=True)
    judgement = fields.Selection(
        [
            ("investigate", "To be investigated"),
            ("motivated", "Motivated"),
            ("not_motivated", "Not motivated"),
        ],
        readonly=True,
        copy=False,
        frozen="motivated",
    )
    review_comment = fields.Text(readonly=True, copy=False, frozen="motivated")
    reviewed_by_id = fields.Many2one(
        "res.users", "Reviewed by", readonly=True, copy=False, ondelete="restrict", frozen="motivated"
    )
    reviewed_at = fields.Datetime("Reviewed", readonly=True, copy=False, frozen="motivated")

    _times = models.Constraint(
        "CHECK (date_to >= date_from AND date_limit >= date_to AND date_limit <= date_from + interval '24 hours')",
        "An emergency access lasts for some hours, at most for a day.",
    )
    _by_another = models.Constraint(
        "CHECK (reviewed_by_id IS NULL OR reviewed_by_id <> user_id)",
        "Nobody reviews their own emergency access.",
    )
    _reviewed = models.Constraint(
        "CHECK (judgement IS NULL OR (reviewed_by_id IS NOT NULL AND reviewed_at IS NOT NULL"
        " AND review_comment IS NOT NULL))",
        "A judgement has a person, a time and a comment.",
    )
    _frozen = models.Constraint(
        "CHECK (TRUE)", "An emergency access is not changed: it is closed early, or reviewed."
    )
    _open_idx = models.Index("(user_id, date_to, client_id)")
    _waiting_idx = models.Index(
        "(company_id, review_due) WHERE judgement IS NULL OR judgement = 'investigate'"
    )

    @api.model
    def _guard_conditions(self):
        conditions = super()._guard_conditions()
        return conditions | {"update": f"{conditions['update']} OR NEW.date_to > OLD.date_to"}

    @api.depends("date_to")
    def _compute_is_open(self):
        now = fields.Datetime.now()
        for access in self:
            access.is_open = bool(access.date_to and access.date_from <= now < access.date_to)

    # ------------------------------------------------------------------
    # Whom it opens what to
    # ------------------------------------------------------------------

    @api.model
    def _sql_open(self, alias):
        """The current user's accesses that are open at this moment, by the server's clock."""
        table, now = SQL.identifier(alias), fields.Datetime.now()
        return SQL(
            "%s.user_id = %s AND %s.date_from <= %s AND %s.date_to > %s",
            table,
            self.env.uid,
            table,
            now,
            table,
            now,
            to_flush=[self._fields[name] for name in ("user_id", "client_id", "date_from", "date_to")],
        )

    @api.model
    def _open_for(self, client_ids):
        """The current user's open access to each of the clients: ``{client_id: access_id}``, in one query."""
        return {client_id: id_ for client_id, id_, _end in self._open_rows(client_ids)}

    @api.model
    def _open_rows(self, client_ids):
        ids = [id_ for id_ in client_ids if id_]
        if not ids:
            return []
        return self.env.execute_query(
            SQL(
                "SELECT e.client_id, e.id, e.date_to FROM care_emergency_access e"
                " WHERE %s AND e.client_id IN %s ORDER BY e.date_to",
                self._sql_open("e"),
                tuple(ids),
            )
        )

    # ------------------------------------------------------------------
    # Nobody writes it
    # ------------------------------------------------------------------

    @api.model
    def _guard_message(self, operation):
        return {
            "create": self.env._("Open a file with the button, a number and a reason."),
            "write": self.env._("An emergency access is not changed: it is closed early, or reviewed."),
            "unlink": self.env._("An emergency access stays as long as the client's file."),
        }[operation]

    @api.model_create_multi
    def create(self, vals_list):
        """Superuser code alone: ``action_open``, and the story that the demo tells."""
        return super().create([{"date_limit": vals.get("date_to"), **vals} for vals in vals_list])

    def action_close(self):
        """Shut the file before its time. Whoever opened it does so."""
        for access in self:
            access.check_access("read")
            if access.user_id != self.env.user:
                raise UserError(
                    self.env._("Only the one who opened the file closes it early. It ends by itself.")
                )
            if access.is_open:
                # sudo: nobody writes an access but its verbs; it is the user's own, as asked above
                access.sudo()._write_decided({"date_to": fields.Datetime.now()})
                self._forget_opened()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_file(self):
        """Back into the file, while it is open."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user or not self.is_open:
            raise UserError(self.env._("The time is over. Open the file anew, with a number and a reason."))
        return self.client_id._action_open_in_emergency()
