from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import personal_number as pnr


class CareClient(models.Model):
    """Found by any number by which the client is or was known, written with hyphen or without."""

    _inherit = "care.client"

    former_number_ids = fields.One2many(
        "care.client.number",
        "client_id",
        "Other Numbers",
        domain=[("kind", "!=", "current")],
        copy=False,
        help="Former personal numbers, reserve and interim numbers. The file is found by each of them.",
    )

    @api.model
    def _sql_numbered(self, numbers, kinds=None):
        """SQL that selects ``(number, client_id)`` for the numbers, as they are stored; of a double, the file that remains."""
        number = self.env["care.client.number"]._fields
        return SQL(
            "SELECT n.number, COALESCE(d.double_of_id, d.id) AS client_id, d.id AS holder_id"
            " FROM care_client_number n JOIN care_client d ON d.id = n.client_id WHERE n.number IN %s AND %s",
            tuple(numbers),
            SQL("n.kind IN %s", tuple(kinds)) if kinds else SQL("TRUE"),
            to_flush=[
                *(self._fields[name] for name in ("personal_number", "double_of_id")),
                *(number[name] for name in ("number", "client_id", "kind")),
            ],
        )

    @api.model
    def _domain_numbered(self, numbers, with_doubles=False):
        """Those who have, or had, one of the numbers. Written so that PostgreSQL goes by the index, whatever else is asked."""
        if not any(numbers):
            return Domain.FALSE
        found = SQL("SELECT f.client_id, f.holder_id FROM (%s) f", self._sql_numbered(numbers))
        ids = SQL("SELECT i.client_id FROM (%s) i", found)
        if with_doubles:
            ids = SQL("%s UNION SELECT i.holder_id FROM (%s) i", ids, found)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s = ANY(ARRAY(%s))", SQL.identifier(alias, "id"), ids)
        )

    @api.model
    def _by_number(self, numbers):
        """``{number: client}`` of those in the company whom the user opens."""
        rows = self.env.execute_query(self._sql_numbered(numbers)) if numbers else ()
        domain = [
            ("id", "in", [client_id for _number, client_id, _holder_id in rows]),
            ("company_id", "=", self.env.company.id),
        ]
        opened = set(self.search_fetch(domain, ["personal_number"])._ids) if rows else ()
        return {number: self.browse(client_id) for number, client_id, _id in rows if client_id in opened}

    @api.model
    def _domain_named(self, text):
        """What one types to name one client exactly: any of the numbers, or the reference."""
        numbers = self._domain_numbered([pnr.stored(text)])
        return numbers if pnr.normalise(text) else numbers | Domain("reference", "=", (text or "").strip())

    def write(self, vals):
        """The database keeps the number that was: what is in the cache knows nothing of it."""
        result = super().write(vals)
        if {"personal_number", "personal_number_written"} & vals.keys():
            self.flush_recordset(["personal_number"])
            self.invalidate_recordset(["former_number_ids"])
        return result
