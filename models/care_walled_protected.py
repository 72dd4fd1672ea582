import itertools

from odoo import api, models
from odoo.fields import Domain

# What of a protected person never leaves the file.
PROTECTED_FIELDS = {
    "firstname", "lastname", "name", "personal_number", "birth_date", "phone", "email",
    "street", "street2", "zip", "city", "communication", "phone_digits",
}  # fmt: skip


class CareWalled(models.AbstractModel):
    """What of protected persons stays in the file though the reader may open it: exports and headings."""

    _inherit = "care.walled"

    # What of a protected person's records may leave the file in an export.
    _wall_exportable = {"id", ".id", "client_id", "unit_id", "company_id", "date_from", "date_to", "state"}

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Of protected persons only references and dates leave the file."""
        rows = []
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
    def _domain_listable(self, domain, specs):
        """A heading is a list too: grouping by what must not leave the file leaves protected persons out."""
        if self.env.su or not any(self._is_path_protected(spec.split(":")[0]) for spec in specs):
            return domain
        path = "protection_level" if self._wall_client == "id" else f"{self._wall_client}.protection_level"
        return Domain(domain) & Domain(path, "=", "none")

    @api.model
    def _is_path_protected(self, path):
        model = self
        for name in path.split("."):
            if model._name == "care.client" and name in PROTECTED_FIELDS:
                return True
            field = model._fields.get(name)
            if not field or not field.relational:
                return False
            model = self.env[field.comodel_name]
        return False
