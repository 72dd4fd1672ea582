from odoo import api, models
from odoo.fields import Domain
from odoo.http import request
from odoo.service.server import thread_local

# Columns that say nothing of what stands in a file.
PLAIN = {
    "id", "client_id", "unit_id", "company_id", "active", "reference", "protection_level", "opened_by",
    "locked_out", "shielded", "create_uid", "create_date", "write_uid", "write_date",
}  # fmt: skip
# Calls whose answer is made of what was found or counted, not of what was read.
FINDING = {"search", "name_search", "web_name_search"}
COUNTING = {
    "search_count", "read_group", "formatted_read_group", "formatted_read_grouping_sets", "web_read_group",
    "read_progress_bar", "search_panel_select_range", "search_panel_select_multi_range",
}  # fmt: skip
# Calls that read through ``_read_format`` or ``_export_rows``, where it is seen what leaves.
READING = {
    "read", "web_read", "search_read", "web_search_read", "web_save", "web_save_multi", "onchange", "export_data",
    "create", "write", "unlink", "copy", "web_override_translations", "has_access", "check_access",
}  # fmt: skip


def called():
    """The model and method that the caller from outside asked for, by whichever door; or two empty strings."""
    params = getattr(request, "params", None) if request else None
    if params and "__method__" in params:
        return params.get("__model__"), params["__method__"]
    if params and "model" in params and "method" in params:
        return params["model"], params["method"]
    model, _dot, method = getattr(thread_local, "rpc_model_method", "").rpartition(".")
    return model, method


class CareLogged(models.AbstractModel):
    """Every walled record notes who sees and changes it, in one place for all models.

    Content is seen where the database is asked for it (``_fetch_query``), whatever method asks, and
    where it leaves though it lay in the cache (``_read_format``, ``_export_rows``). What superuser
    code reads is the system's own work; where it shows something to a person, that code says so.
    """

    _inherit = "care.walled"

    def _log_places(self):
        """``(id, client_id, company_id)`` of each record, from the cache where it holds them."""
        records = self._origin
        ids = records._ids
        names = [name for name in (self._wall_client, "company_id") if name != "id" and name in self._fields]
        caches = {name: self._fields[name]._get_cache(self.env) for name in names}
        if any(id_ not in cache for cache in caches.values() for id_ in ids):
            records.sudo().fetch(names)
        none = {}
        clients, companies = caches.get(self._wall_client, none), caches.get("company_id", none)
        if self._wall_client == "id":
            return [(id_, id_, companies.get(id_)) for id_ in ids]
        return [(id_, clients.get(id_), companies.get(id_)) for id_ in ids]

    def _log_note(self, operation=None):
        self.env["care.access.log"]._note(self, operation)

    @api.model
    def _is_content(self, names):
        return any(name.split(".")[0].split(":")[0] not in PLAIN for name in names)

    # ------------------------------------------------------------------
    # Seen
    # ------------------------------------------------------------------

    def _fetch_query(self, query, fields):
        """The client's id comes along, so that a line costs no query of its own."""
        noted = not self.env.su and self._is_content(field.name for field in fields)
        if noted:
            own = (self._fields.get(name) for name in (self._wall_client, "company_id"))
            fields = list(dict.fromkeys([*fields, *(f for f in own if f and f.store and f.name != "id")]))
        fetched = super()._fetch_query(query, fields)
        if noted:
            fetched._log_note()
        return fetched

    def fetch(self, field_names=None):
        """Odoo refuses a whole model without saying which records were asked for."""
        asked = not self.env.su and any(self._ids)
        if asked and not self.env["ir.model.access"].check(self._name, "read", raise_exception=False):
            self.env["care.access.log"]._note_refused("read", self)
        return super().fetch(field_names)

    def _fetch_field(self, field):
        """Reading one record loads its neighbours. That some of them are closed is nobody's attempt."""
        if len(self) == 1 or self.env.su:
            return super()._fetch_field(field)
        with self.env["care.access.log"]._while_quiet():
            return super()._fetch_field(field)

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and self._is_content(fnames):
            self.browse(row["id"] for row in rows if row["id"])._log_note()
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        with self.env["care.access.log"]._while("export"):
            rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
            if not self.env.su:
                self._log_note()
        return rows

    def onchange(self, values, field_names, fields_spec):
        answer = super().onchange(values, field_names, fields_spec)
        if not self.env.su and self:
            self._log_note()
        return answer

    def _check_access(self, operation):
        """A method that answers of itself begins by asking whether its records may be read."""
        result = super()._check_access(operation)
        if operation == "read" and not self.env.su and any(self._ids):
            model, method = called()
            if model == self._name and method not in READING | FINDING | COUNTING:
                (self - result[0] if result else self)._log_note()
        return result and (result[0], lambda: self._log_refused(operation, *result))

    def _log_refused(self, operation, refused, make_error):
        """Asked for only when the error is raised."""
        self.env["care.access.log"]._note_refused(operation, refused)
        return make_error()

    # ------------------------------------------------------------------
    # Found and counted
    # ------------------------------------------------------------------

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        model, method = called()
        if self.env.su or model != self._name or method not in FINDING:
            return super().search_fetch(domain, field_names, offset, limit, order)
        with self.env["care.access.log"]._while("search"):
            found = super().search_fetch(domain, field_names, offset, limit, order)
            found._log_note()
        return found

    @api.model
    def search_count(self, domain, limit=None):
        count = super().search_count(domain, limit)
        if count:
            self._log_counted(domain, [])
        return count

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        self._log_counted(domain, [*groupby, *aggregates])
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        self._log_counted(domain, [*(name for names in grouping_sets for name in names), *aggregates])
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _log_counted(self, domain, specs):
        """Who is asked directly for a count or for headings by content tells content of all that match.

        Statistics by unit, date and state, of all that the caller may open, tell of nobody.
        """
        model, method = called()
        if self.env.su or model != self._name or method not in COUNTING:
            return
        asked = [condition.field_expr for condition in Domain(domain).iter_conditions()]
        if not any(self._is_telling(name) for name in [*asked, *specs]) and not (
            {name.split(".")[0] for name in asked} & {"id", self._wall_client}
        ):
            return
        query = self._search(self._domain_listable(domain, specs))
        if query.is_empty():
            return
        columns = [self._wall_client, *(["company_id"] if "company_id" in self._fields else [])]
        rows = self.env.execute_query(query.select(*(query.table and self._log_columns(columns, query))))
        places = {(None, *row) if len(row) == 2 else (None, row[0], None) for row in rows}
        self.env["care.access.log"]._note_places(self._name, places, "search")

    @api.model
    def _log_columns(self, names, query):
        return [self._field_to_sql(self._table, name, query) for name in names]

    @api.model
    def _is_telling(self, spec):
        name = spec.split(":")[0].split(".")[0]
        field = self._fields.get(name)
        if not field or name == "state" or field.type in ("date", "datetime"):
            return False
        return name not in PLAIN

    # ------------------------------------------------------------------
    # Changed
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._log_note("create")
        return records

    def write(self, vals):
        result = super().write(vals)
        if vals:
            self._log_note("write")
        return result

    def unlink(self):
        # before the rows are gone, noted when they are
        places = list(self._log_places()) if self.env["care.access.log"]._is_person() else []
        result = super().unlink()
        self.env["care.access.log"]._note_places(self._name, places, "unlink")
        return result
