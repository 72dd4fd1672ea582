from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The same name, and the same birth date or, where one is unknown, the same unit. Two with personal numbers of their
# own are two persons; a coordination number (day of birth plus 60) may be an earlier one.
SAME_PERSON = """
    lower(c.name) = lower(v.name) AND c.id <> v.id
    AND (c.personal_number IS NULL OR v.number IS NULL OR substr(c.personal_number, 7, 2) >= '60'
         OR substr(v.number, 7, 2) >= '60')
    AND (c.birth_date = v.born OR ((c.birth_date IS NULL OR v.born IS NULL) AND (c.intake_unit_id = ANY(v.units)
         OR EXISTS (SELECT 1 FROM care_stay s WHERE s.client_id = c.id AND s.unit_id = ANY(v.units)))))
"""
ASKED = ("id", "reference", "name", "birth_date", "personal_number", "intake_unit_id")


class CareClient(models.Model):
    """A hint that another file may be the same person's: of files that the reader may open, and of no others."""

    _inherit = "care.client"

    similar = fields.Char(
        "Same Name", compute="_compute_similar", exportable=False, help="Files that may be the same person's."
    )

    _lower_name_idx = models.Index("(lower(name))")

    namesake_count = fields.Integer("Namesakes", compute="_compute_counts", exportable=False)

    @api.depends_context("uid")
    @api.depends(
        "firstname", "lastname", "birth_date", "personal_number", "intake_unit_id", "double_of_id",
        "namesake_count",
    )  # fmt: skip
    def _compute_similar(self):
        """Nothing more is asked where nobody has the same name; the form's buttons count that with the rest."""
        found = self.filtered(
            lambda client: client != client._origin or client.namesake_count
        )._similar_references()
        for client in self:
            client.similar = ", ".join(found.get(client, ()))

    @api.model
    def _counted_paths(self):
        yield from super()._counted_paths()
        yield "name"

    def _sql_counts(self):
        counted = SQL(
            "SELECT v.id, count(*) FROM care_client v JOIN (%s) c ON lower(c.name) = lower(v.name) AND c.id <> v.id"
            " WHERE v.id IN %s GROUP BY v.id",
            self._select_others("id", "name"),
            tuple(self.ids) or (0,),
            to_flush=self._fields["name"],
        )
        return super()._sql_counts() | {"namesake_count": counted}

    @api.model
    def _select_others(self, *names):
        """SQL that selects these columns of all files that the reader opens, but for doubles."""
        self._log_own_search()
        query = self._search(Domain("double_of_id", "=", False))
        columns = (
            SQL("%s AS %s", self._field_to_sql(self._table, name, query), SQL.identifier(name))
            for name in names
        )
        return query.select(*columns)

    def _similar_references(self):
        """``{client: references}``, in one query; also for a form that is not saved yet."""
        asked = self.filtered(lambda client: client.name and not client.double_of_id)
        if not asked:
            return {}
        rows = [
            SQL(
                "(%s, %s, %s, %s::date, %s, %s::integer[])",
                at,
                client._origin.id or 0,
                client.name,
                client.birth_date or None,
                client.personal_number or None,
                (client._origin.unit_ids | client.intake_unit_id).ids,
            )
            for at, client in enumerate(asked)
        ]
        found = {}
        for at, reference in self.env.execute_query(
            SQL(
                "SELECT v.at, c.reference FROM (VALUES %s) AS v(at, id, name, born, number, units)"
                " JOIN (%s) c ON %s ORDER BY c.reference",
                SQL(", ").join(rows),
                self._select_others(*ASKED),
                SQL(SAME_PERSON),
            )
        ):
            found.setdefault(asked[at], []).append(reference)
        return found

    def action_open_join(self):
        """Ask which file remains."""
        self.ensure_one()
        self._check_both_managed()
        references = self._similar_references().get(self, ())
        similar = self.search([("reference", "in", references), ("company_id", "=", self.company_id.id)])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("This File Is a Double"),
            "res_model": "care.client.join",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_client_id": self.id,
                "default_remaining_id": len(similar) == 1 and similar.id,
            },
        }

    def action_open_similar(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Same Name"),
            "res_model": "care.client",
            "views": [(False, "list"), (False, "form")],
            "domain": [("reference", "in", self._similar_references().get(self, ()))],
        }
