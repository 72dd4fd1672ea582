from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.small_numbers import hidden_cells

# What is told only where the count beside it is: the minutes of three contacts tell of three contacts.
TOLD_WITH = {
    "contacts:sum": "contacts:sum",
    "minutes:sum": "contacts:sum",
    "minutes:avg": "contacts:sum",
    "__count": "contacts:sum",
    "first_contacts:sum": "first_contacts:sum",
}
COUNTS = sorted(set(TOLD_WITH.values()))


class CareRelativeReport(models.Model):
    """Small numbers are hidden in whatever leaves the unit: graphs, pivots, their downloads, the board's PDF."""

    _inherit = "care.relative.report"

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        """Sums for graphs, pivots and callers of any kind; small ones are None."""
        asked = self._with_counts(aggregates, having)
        rows = super()._read_group(domain, groupby, asked, order=order)
        rows = self._without_small(rows, len(groupby), asked, len(aggregates))
        return rows[offset : offset + limit if limit else None]

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        asked = self._with_counts(aggregates)
        results = super()._read_grouping_sets(domain, grouping_sets, asked, order)
        return [
            self._without_small(rows, len(groupby), asked, len(aggregates))
            for groupby, rows in zip(grouping_sets, results, strict=True)
        ]

    @api.model
    def _exact_groups(self, domain, groupby=(), aggregates=()):
        """The same with small numbers in it, for those who hide them themselves."""
        exact = super()._read_group
        return exact(domain, groupby, aggregates)

    def _fetch_query(self, query, fields):
        """A row is one contact, and the report is of sums."""
        if fields:
            raise AccessError(
                self.env._("The numbers are shown as sums only. Single contacts are among Contacts.")
            )
        return super()._fetch_query(query, fields)

    @api.model
    def _with_counts(self, aggregates, having=()):
        if having or any(aggregate not in TOLD_WITH for aggregate in aggregates):
            raise UserError(self.env._("Choose contacts, first contacts or minutes."))
        return [*aggregates, *(count for count in COUNTS if count not in aggregates)]

    @api.model
    def _without_small(self, rows, keys, asked, wanted):
        """``keys`` and ``wanted`` values of each row, with None for what is hidden."""
        hidden = {}
        for count in COUNTS:
            column = keys + asked.index(count)
            hidden[count] = hidden_cells({row[:keys]: row[column] or 0 for row in rows})
        return [
            row[:keys]
            + tuple(
                None if row[:keys] in hidden[TOLD_WITH[name]] else value
                for name, value in zip(asked[:wanted], row[keys : keys + wanted], strict=True)
            )
            for row in rows
        ]
