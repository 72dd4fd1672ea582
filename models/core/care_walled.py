from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CareWalled(models.AbstractModel):
    """The wall around every record that concerns a client.

    visible = company AND not locked out AND not shielded (global rules)
              AND opened by one of the ways that the user's groups know (group rules)

    The fields below exist only to be searched, by record rules above all. Each becomes one SQL
    condition that is evaluated anew in every query, so that access opens and closes by itself, and
    that names the reader alone, so that two group rules merge into one subquery an index serves.
    """

    _name = "care.walled"
    _description = "Behind the Unit's Wall"
    _inherit = ["care.closed"]
    _rec_names_search = ["client_id.reference"]  # as the display name below

    # Where the wall finds the client and the unit of a record; care.client is its own client.
    _wall_client = "client_id"
    _wall_unit = "unit_id"

    opened_by = fields.Char(store=False, search="_search_opened_by", exportable=False)
    locked_out = fields.Boolean(store=False, search="_search_locked_out", exportable=False)
    shielded = fields.Boolean(store=False, search="_search_shielded", exportable=False)

    def _compute_display_name(self):
        """Odoo reads display names as superuser and stores them in activities: never a name."""
        clients_sudo = self.sudo()[self._wall_client]
        clients_sudo.fetch(["reference"])
        for record, record_sudo in zip(self, self.sudo(), strict=True):
            shown = record.id or record._is_form_open()
            record.display_name = shown and record_sudo[self._wall_client].reference

    def _is_form_open(self):
        """A form's values are whatever the caller sends: without a look, one could ask for any client's."""
        return (self._origin or self[self._wall_client]._origin).has_access("read")

    # ------------------------------------------------------------------
    # Ways through the wall
    # ------------------------------------------------------------------

    def _search_opened_by(self, operator, value):
        """Records that one of the named ways opens to the current user, now."""
        if operator != "in":
            return NotImplemented
        known = self._wall_ways()
        ways = [known[way] for way in value if way in known]
        if not ways:
            return Domain.FALSE
        return Domain.custom(to_sql=lambda model, alias, query: model._wall_in(alias, ways))

    def _search_locked_out(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            return SQL(
                "EXISTS (SELECT 1 FROM care_client_lockout l WHERE l.client_id = %s AND l.user_id = %s AND %s)",
                model._wall_column(alias, model._wall_client),
                model.env.uid,
                model._wall_now("care.client.lockout", "l"),
            )

        return self._boolean_domain(value, to_sql)

    def _search_shielded(self, operator, value):
        """Records of protected persons, unless the current user is named for them."""
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            client = model.env["care.client"]
            return SQL(
                "(COALESCE(%s, 'none') <> 'none' AND (%s) IS NOT TRUE)",
                model._wall_protection(alias),
                model._wall_in(alias, model._wall_named()),
                to_flush=client._fields["protection_level"],
            )

        return self._boolean_domain(value, to_sql)

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

    @api.model
    def _wall_ways(self):
        """Each way through the wall: its name, and SQL that yields ``(client_id, unit_id)`` pairs.

        The names are what ``opened_by`` is compared with in record rules. A new way (emergency
        access) adds a key here and a group rule; no rule is rewritten.
        """
        return {"stay": self._wall_way_stay(), "management": self._wall_way_management()}

    @api.model
    def _wall_named(self):
        """The ways that hold for protected persons too: their contact persons and managers."""
        return [self._wall_way_contact_person(), self._wall_way_management()]

    @api.model
    def _wall_way_stay(self):
        return SQL(
            "SELECT s.client_id, s.unit_id FROM care_stay s JOIN care_unit_member m ON m.unit_id = s.unit_id"
            " WHERE %s AND %s",
            self._wall_member("m"),
            self._wall_now("care.stay", "s"),
        )

    @api.model
    def _wall_way_management(self):
        """Planned and ended stays too, and clients at intake."""
        manager = SQL("%s AND m.role = 'manager'", self._wall_member("m"))
        return SQL(
            "SELECT s.client_id, s.unit_id FROM care_stay s JOIN care_unit_member m ON m.unit_id = s.unit_id"
            " WHERE %s UNION ALL SELECT c.id, c.intake_unit_id FROM care_client c"
            " JOIN care_unit_member m ON m.unit_id = c.intake_unit_id WHERE %s",
            manager,
            manager,
            to_flush=[
                self.env["care.client"]._fields["intake_unit_id"],
                self.env["care.stay"]._fields["unit_id"],
            ],
        )

    @api.model
    def _wall_way_contact_person(self):
        return SQL(
            "SELECT p.client_id, p.unit_id FROM care_contact_person p"
            " JOIN care_unit_member m ON m.unit_id = p.unit_id AND m.employee_id = p.employee_id"
            " WHERE %s AND %s",
            self._wall_member("m"),
            self._wall_now("care.contact.person", "p"),
        )

    @api.model
    def _wall_member(self, alias):
        """A membership of the current user that holds now and that nobody has doubted since."""
        table = SQL.identifier(alias)
        member = self.env["care.unit.member"]._fields
        return SQL(
            "%s.user_id = %s AND %s.confirmed_user_id = %s AND %s",
            table,
            self.env.uid,
            table,
            self.env.uid,
            self._wall_now("care.unit.member", alias),
            to_flush=[member[name] for name in ("user_id", "confirmed_user_id", "role", "unit_id")],
        )

    @api.model
    def _wall_now(self, model_name, alias):
        """The period of ``alias`` includes this moment, by the server's clock alone."""
        table, now = SQL.identifier(alias), fields.Datetime.now()
        period = self.env[model_name]._fields
        return SQL(
            "%s.opens_at <= %s AND (%s.closes_at IS NULL OR %s.closes_at > %s)",
            table,
            now,
            table,
            table,
            now,
            to_flush=[period["opens_at"], period["closes_at"]],
        )

    def _wall_in(self, alias, ways):
        """The record's client, and unit where it has one, is among the pairs of ``ways``."""
        if not self._wall_unit:
            return self._wall_client_in(alias, ways)
        pairs = SQL(" UNION ALL ").join(ways)
        client = self._wall_column(alias, self._wall_client)
        return SQL("(%s, %s) IN (%s)", client, self._wall_column(alias, self._wall_unit), pairs)

    def _wall_client_in(self, alias, ways):
        pairs = SQL(" UNION ALL ").join(ways)
        client = self._wall_column(alias, self._wall_client)
        return SQL("%s IN (SELECT way.client_id FROM (%s) AS way)", client, pairs)

    def _wall_column(self, alias, name):
        return SQL.identifier(alias, name, to_flush=self._fields[name])

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
