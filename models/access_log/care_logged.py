from odoo import api, models

from ...tools.own_work import own_work
from ...tools.rpc_call import COUNT_METHODS, RECORD_METHODS, SEARCH_METHODS, SEARCH_READ_METHODS, rpc_call

# Columns that say nothing of what stands in a file.
PLAIN = {
    "id", "client_id", "unit_id", "company_id", "active", "reference", "opened_by", "locked_out", "shielded",
    "create_uid", "create_date", "write_uid", "write_date",
}  # fmt: skip


class CareLogged(models.AbstractModel):
    """Every walled record notes who sees and changes it, in one place for all models.

    Content is seen where the database is asked for it (``_fetch_query``), whatever method asks, where it
    is given from the cache (``_note_cached``), and where it leaves (``_read_format``, ``_export_rows``). What superuser
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
            with own_work(anyone=True):
                # sudo: the line names the client whose file it is, also where the user was refused it
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
        """As Odoo asks: also by paths and with aggregates."""
        return any(name.split(".")[0].split(":")[0] not in PLAIN for name in names)

    # ------------------------------------------------------------------
    # Seen
    # ------------------------------------------------------------------

    def _note_cached(self):
        self._log_note()

    def _note_superuser_refused(self, operation):
        self.env["care.access.log"]._note_refused(operation, self)

    def _fetch_query(self, query, fields):
        """The client's id comes along with other columns, so that a line costs no query of its own."""
        noted = not self.env.su and self._is_content(field.name for field in fields)
        if noted and any(field.column_type for field in fields):
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
            model, method = rpc_call()
            if (
                model == self._name
                and method not in RECORD_METHODS | SEARCH_METHODS | COUNT_METHODS | SEARCH_READ_METHODS
            ):
                (self - result[0] if result else self)._log_note()
        return result and (result[0], lambda: self._log_refused(operation, *result))

    def _log_refused(self, operation, refused, make_error):
        """Asked for only when the error is raised."""
        self.env["care.access.log"]._note_refused(operation, refused)
        return make_error()

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
