import itertools

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# What of a protected person never leaves the file.
PROTECTED_FIELDS = {
    "firstname", "lastname", "name", "personal_number", "birth_date", "phone", "email",
    "street", "street2", "zip", "city", "communication", "phone_digits",
}  # fmt: skip

# Fields in which somebody writes what they like.
WORDS = {"char", "text", "html", "json"}


class CareWalled(models.AbstractModel):
    """What of protected persons stays in the file though the reader may open it: exports and headings."""

    _inherit = "care.walled"

    # What of a protected person's records may leave the file in an export.
    _wall_exportable = {"id", ".id", "client_id", "unit_id", "company_id", "date_from", "date_to", "state"}

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Of protected persons only references and dates leave the file."""
        rows = []
        # sudo: the client's own page may be closed; whether the person is protected says what is left out
        for protected, records in self.grouped(
            lambda record: record.sudo()._wall_client_of().is_protected
        ).items():
            paths = [records._export_path(path) for path in fields] if protected else fields
            lines = super(CareWalled, records)._export_rows(
                [path or [".id"] for path in paths], _is_toplevel_call=_is_toplevel_call
            )
            rows += [
                ["" if not path else value for path, value in zip(paths, line, strict=True)] for line in lines
            ]
        return rows

    def _wall_client_of(self):
        return self[self._wall_client]

    def _export_path(self, path):
        return path if path and path[0] in self._wall_exportable else []

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        domain = self._domain_listable(domain, [*groupby, *aggregates])
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        domain = self._domain_listable(domain, [*itertools.chain(*grouping_sets), *aggregates])
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _sql_count(self, domain, name):
        """As ``_read_group`` counts by ``name``: SQL of ``(value, count)``, for one query that counts several models."""
        query = self._search(self._domain_listable(domain, [name]))
        query.groupby = self._field_to_sql(self._table, name, query)
        return query.select(query.groupby, SQL("COUNT(*)"))

    @api.model
    def _domain_listable(self, domain, specs):
        """A heading is a list too: grouping by what must not leave the file leaves protected persons out."""
        if self.env.su or not any(self._is_path_protected(spec.split(":")[0]) for spec in specs):
            return domain
        if self._wall_client == "id":
            return Domain(domain) & Domain("protection_level", "=", "none")
        nobody = Domain(self._wall_client, "=", False)
        return Domain(domain) & (Domain(f"{self._wall_client}.protection_level", "=", "none") | nobody)

    @api.model
    def _is_path_protected(self, path):
        """Whether a heading says what an export leaves blank: anybody's words or names, and all of the client's own page.

        Choices, numbers, days and staff of other records make no heading that tells who it is, and are counted.
        """
        model, names = self, path.split(".")
        while names:
            name = names.pop(0)
            field = model._fields.get(name)
            if not field:
                return False
            is_blank = model._wall == "file" and name not in model._wall_exportable
            is_telling = field.type in WORDS or field.comodel_name == "res.partner"
            if is_blank and (is_telling or model._wall_client == "id"):
                return True
            if field.related and not field.store:
                names = [*field.related.split("."), *names]
            elif field.relational:
                model = self.env[field.comodel_name]
            else:
                return False
        return False
