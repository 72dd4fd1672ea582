from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.held import Held, changes
from .care_closed import OPENED

# What a look at the memberships alone answers.
OF_MEMBERSHIPS = ("unit", "team")


class CareWall(models.AbstractModel):
    """One wall around all that belongs to a unit: ``opened_by`` names the ways through it, in record rules above all.

    A model says where its client and units are, and which ways lead to it (``_wall_ways``). What the reader holds,
    as units, teams, lockouts and the like, is looked up once a transaction (``_wall_held``) and named in the SQL of
    each query: so PostgreSQL plans for the units at hand and not for one of average size, and what one does not
    hold leaves no SQL. Record rules keep none of it: Odoo caches their domains, and ``opened_by`` becomes SQL when a
    query is made.
    """

    _name = "care.wall"
    _description = "Behind a Wall"
    _inherit = ["care.closed"]

    # Where the wall finds the client and the units of a record; care.client is its own client.
    _wall_client = None
    _wall_unit = "unit_id"
    _wall_teams = ()

    opened_by = fields.Char(store=False, search="_search_opened_by", exportable=False)

    # ------------------------------------------------------------------
    # Ways through the wall
    # ------------------------------------------------------------------

    def _search_opened_by(self, operator, value):
        """Records that one of the named ways opens to the current user, now. Odoo merges two group rules into one."""
        if operator != "in":
            return NotImplemented
        ways = frozenset(value)
        return Domain.custom(to_sql=lambda model, alias, query: model._wall_opened(alias, ways))

    def _wall_opened(self, alias, ways):
        known = self._wall_ways()
        return self._wall_any([known[way](alias, ways) for way in sorted(known) if way in ways])

    @api.model
    def _wall_ways(self):
        """``{name: method}``: each gives the SQL that is true of what the way opens, or None where it opens nothing.

        The names are what ``opened_by`` is compared with. A new way adds a key here and a group rule.
        """
        return {}

    def _wall_by_stay(self, alias, ways):
        """The client stays now in a unit of which the reader is a member."""
        managed = self._wall_held("managed") if "management" in ways else ()  # which opens all of those
        units = tuple(id_ for id_ in self._wall_held("unit") if id_ not in managed)
        return self._wall_stays(alias, units, self._wall_now("care.stay", "s"))

    def _wall_by_management(self, alias, ways):
        """The reader manages the unit: planned and ended stays too, and clients at intake."""
        return self._wall_stays(
            alias, self._wall_held("managed"), or_else=self._wall_pairs(alias, self._wall_held("intake"))
        )

    def _wall_by_team(self, alias, ways):
        """An on-call unit of which the reader is a member."""
        return self._wall_in_units(alias, self._wall_teams, self._wall_held("team"))

    def _wall_by_membership(self, alias, ways):
        return self._wall_in_units(alias, (self._wall_unit,), self._wall_held("unit"))

    def _wall_in_units(self, alias, names, units):
        columns = [self._wall_column(alias, name) for name in names]
        return units and self._wall_any([SQL("%s IN %s", column, units) for column in columns])

    def _wall_stays(self, alias, units, condition=None, or_else=None):
        """The record's client has a stay in its unit, which is one of ``units``, and was not entered by mistake."""
        if not units:
            return None
        stay, client = self.env["care.stay"]._fields, self._wall_column(alias, self._wall_client)
        flush = [stay["client_id"], stay["unit_id"], stay["end_reason"]]
        # which has closed: without a condition on the time it is left out by its reason
        also = SQL("AND %s", condition or SQL("s.end_reason IS DISTINCT FROM 'mistake'"))
        if not self._wall_unit:
            # made once, so that PostgreSQL goes by the clients' index and not through all of them
            found = SQL("ARRAY(SELECT s.client_id FROM care_stay s WHERE s.unit_id IN %s %s)", units, also)
            return self._wall_any([SQL("%s = ANY(%s)", client, found, to_flush=flush), or_else])
        unit = self._wall_column(alias, self._wall_unit)
        found = SQL(
            "SELECT 1 FROM care_stay s WHERE s.client_id = %s AND s.unit_id = %s %s", client, unit, also
        )
        opened = self._wall_any([SQL("EXISTS (%s)", found, to_flush=flush), or_else])
        return SQL("(%s IN %s AND %s)", unit, units, opened)

    def _wall_pairs(self, alias, pairs):
        """The record's client, and unit where it has one, is one of the pairs."""
        if not pairs:
            return None
        clients, units = (list(ids) for ids in zip(*pairs, strict=True))
        client = self._wall_column(alias, self._wall_client)
        if not self._wall_unit:
            return SQL("%s = ANY(%s)", client, clients)
        unit = self._wall_column(alias, self._wall_unit)
        return SQL("(%s, %s) IN (SELECT * FROM unnest(%s, %s))", client, unit, clients, units)

    @api.model
    def _wall_any(self, conditions):
        conditions = [condition for condition in conditions if condition]
        return SQL("(%s)", SQL(" OR ").join(conditions)) if conditions else SQL("FALSE")

    def _wall_column(self, alias, name):
        return SQL.identifier(alias, name, to_flush=self._fields[name])

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

    # ------------------------------------------------------------------
    # What the reader holds
    # ------------------------------------------------------------------

    @api.model
    def _wall_held(self, kind):
        """What the reader holds of a kind at this moment: a tuple of ids, or of pairs of ids.

        It is looked up once a transaction with its times, and anew when a statement may have changed it or the ORM has
        such a change that is not written yet. What of it holds is decided each second.
        """
        cache, key, now = self.env.cr.cache, (OPENED, "held", self.env.uid), fields.Datetime.now()
        held = cache.get(key)
        stale = (
            not held or now < held.since or held.changes != changes(self.env.cr) or self._is_unwritten(held)
        )
        if stale or not (held.whole or kind in OF_MEMBERSHIPS):
            held = cache[key] = self.env["care.wall"]._look_up_held(whole=kind not in OF_MEMBERSHIPS)
        return held.at(now).get(kind, ())

    @api.model
    def _is_unwritten(self, held):
        transaction = self.env.transaction
        dirty, pending = transaction.field_dirty, transaction.tocompute
        return bool(dirty or pending) and any(dirty.get(field) or pending.get(field) for field in held.asked)

    @api.model
    def _look_up_held(self, whole=True):
        """:param whole: or the memberships alone, for a team's or a supporter's screen that asks for nothing else"""
        parts, now = self._sql_held(), fields.Datetime.now()
        query = SQL(" UNION ALL ").join(SQL("(%s)", part) for part in (parts if whole else parts[:1]))
        rows = self.env.execute_query(query)
        return Held(rows, now, changes(self.env.cr), frozenset(query.to_flush), whole)

    @api.model
    def _sql_held(self):
        """Queries that yield ``(kind, id, other id or none, opens at, closes at or none)`` of the current user.

        What is over is left out. The memberships come first; a room adds its own.
        """
        member, unit, client = (
            self._sql_member("m"),
            self.env["care.unit"]._fields,
            self.env["care.client"]._fields,
        )
        lockout, contact = self.env["care.client.lockout"]._fields, self.env["care.contact.person"]._fields
        return [
            SQL(
                "SELECT k.kind, m.unit_id, NULL::integer, m.opens_at, m.closes_at"
                " FROM care_unit_member m JOIN care_unit u ON u.id = m.unit_id"
                " CROSS JOIN LATERAL (VALUES ('unit', TRUE), ('managed', m.role = 'manager'),"
                " ('team', u.kind = 'on_call')) AS k(kind, holds) WHERE k.holds AND %s",
                member,
                to_flush=unit["kind"],
            ),
            SQL(
                "SELECT 'intake', c.id, c.intake_unit_id, m.opens_at, m.closes_at FROM care_unit_member m"
                " JOIN care_client c ON c.intake_unit_id = m.unit_id WHERE m.role = 'manager' AND %s",
                member,
                to_flush=client["intake_unit_id"],
            ),
            SQL(
                "SELECT 'named', p.client_id, p.unit_id, GREATEST(m.opens_at, p.opens_at),"
                " LEAST(m.closes_at, p.closes_at) FROM care_unit_member m JOIN care_contact_person p"
                " ON p.employee_id = m.employee_id AND p.unit_id = m.unit_id"
                " JOIN care_client c ON c.id = p.client_id AND c.protection_level <> 'none' WHERE %s AND %s",
                member,
                self._sql_not_over("care.contact.person", "p"),
                to_flush=[
                    client["protection_level"],
                    *(contact[n] for n in ("client_id", "unit_id", "employee_id")),
                ],
            ),
            SQL(
                "SELECT 'locked', l.client_id, NULL::integer, l.opens_at, l.closes_at FROM care_client_lockout l"
                " WHERE l.user_id = %s AND %s",
                self.env.uid,
                self._sql_not_over("care.client.lockout", "l"),
                to_flush=[lockout["client_id"], lockout["user_id"]],
            ),
        ]

    @api.model
    def _sql_member(self, alias):
        """A membership of the current user that is not over and that nobody has doubted since."""
        table = SQL.identifier(alias)
        member = self.env["care.unit.member"]._fields
        return SQL(
            "%s.user_id = %s AND %s.confirmed_user_id = %s AND %s",
            table,
            self.env.uid,
            table,
            self.env.uid,
            self._sql_not_over("care.unit.member", alias),
            to_flush=[
                member[name] for name in ("user_id", "confirmed_user_id", "role", "unit_id", "employee_id")
            ],
        )

    @api.model
    def _sql_not_over(self, model_name, alias):
        table, period = SQL.identifier(alias), self.env[model_name]._fields
        return SQL(
            "(%s.closes_at IS NULL OR %s.closes_at > %s)",
            table,
            table,
            fields.Datetime.now(),
            to_flush=[period["opens_at"], period["closes_at"]],
        )
