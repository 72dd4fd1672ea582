from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# More lockouts than this are looked up by the database: to plan with each of them takes longer.
FEW = 100


class CareWalled(models.AbstractModel):
    """The wall around every record that concerns a client.

    visible = company AND not locked out AND not shielded (one global rule)
              AND opened by one of the ways that the user's groups know (group rules)

    The fields below exist only to be searched, by record rules above all, and are evaluated anew in every
    query, so that access opens and closes by itself.
    """

    _name = "care.walled"
    _description = "Behind the Unit's Wall"
    _inherit = ["care.wall"]
    _rec_names_search = ["client_id.reference"]  # as the display name below
    _wall = "file"
    _wall_client = "client_id"

    locked_out = fields.Boolean(store=False, search="_search_locked_out", exportable=False)
    shielded = fields.Boolean(store=False, search="_search_shielded", exportable=False)

    def _compute_display_name(self):
        """Odoo reads display names as superuser and stores them in activities: never a name."""
        # sudo: whoever opens the record need not open the client's own page; the reference alone is read
        clients_sudo = self.sudo()[self._wall_client]
        clients_sudo.fetch(["reference"])
        # sudo: as above; what a display name shows is the reference, and never a name
        for record, record_sudo in zip(self, self.sudo(), strict=True):
            shown = record.id or record._is_form_open()
            record.display_name = shown and record_sudo[self._wall_client].reference

    def _is_form_open(self):
        """A form's values are whatever the caller sends: without a look, one could ask for any client's."""
        return (self._origin or self[self._wall_client]._origin).has_access("read")

    # ------------------------------------------------------------------
    # What shuts a file, whatever opens it
    # ------------------------------------------------------------------

    @api.model
    def _wall_ways(self):
        return super()._wall_ways() | {"stay": self._wall_by_stay, "management": self._wall_by_management}

    def _search_locked_out(self, operator, value):
        return self._shut_domain(operator, value, lambda model, alias: model._wall_not_locked(alias))

    def _search_shielded(self, operator, value):
        """Records of protected persons, unless the current user is named for them."""
        return self._shut_domain(
            operator, value, lambda model, alias: model._wall_any(model._wall_named(alias))
        )

    @api.model
    def _shut_domain(self, operator, value, passes):
        """A field that is False where the SQL of ``passes`` is true.

        ``not in`` is answered too: of what Odoo would negate (IS NOT TRUE) PostgreSQL knows nothing.
        """
        if operator not in ("in", "not in"):
            return NotImplemented
        if len(value) != 1:
            return Domain.TRUE if bool(value) == (operator == "in") else Domain.FALSE
        if bool(next(iter(value))) == (operator == "in"):
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL("(%s) IS NOT TRUE", passes(model, alias))
            )
        return Domain.custom(to_sql=lambda model, alias, query: passes(model, alias))

    def _wall_not_locked(self, alias):
        locked, client = self._wall_held("locked"), self._wall_column(alias, self._wall_client)
        if not locked:
            return SQL("TRUE")
        if len(locked) <= FEW:
            return SQL("(%s IS NULL OR %s <> ALL(%s))", client, client, list(locked))
        return SQL(
            "NOT EXISTS (SELECT 1 FROM care_client_lockout l WHERE l.client_id = %s AND l.user_id = %s AND %s)",
            client,
            self.env.uid,
            self._wall_now("care.client.lockout", "l"),
        )

    def _wall_named(self, alias):
        """Conditions of what is open though others are kept from protected persons: for those named for them."""
        levels = self.env["care.client"]._fields["protection_level"]
        # told as a list: PostgreSQL expects that few persons are protected
        protected = tuple(level for level in levels.get_values(self.env) if level != "none")
        return [
            SQL("COALESCE(%s, 'none') NOT IN %s", self._wall_protection(alias), protected, to_flush=levels),
            self._wall_by_management(alias, ()),
            self._wall_pairs(alias, self._wall_held("named")),
        ]

    def _wall_protection(self, alias):
        """Looked up for the rows at hand. An EXISTS lets PostgreSQL read all protected persons first."""
        if self._wall_client == "id":
            return SQL.identifier(alias, "protection_level")
        client = self._wall_column(alias, self._wall_client)
        return SQL("(SELECT p.protection_level FROM care_client p WHERE p.id = %s)", client)

    @api.model
    def _boolean_domain(self, value, to_sql):
        if len(value) != 1:
            return Domain.TRUE if value else Domain.FALSE
        domain = Domain.custom(to_sql=to_sql)
        return domain if next(iter(value)) else ~domain

    def write(self, vals):
        for name in self._wall_fixed() & vals.keys() - {"id"}:
            if any(record[name].id != vals[name] for record in self):
                raise UserError(
                    self.env._("A record stays with its client and unit. Make a new one where it belongs.")
                )
        return super().write(vals)

    def _wall_fixed(self):
        """What is never changed after a record is made."""
        return {self._wall_client, self._wall_unit}
