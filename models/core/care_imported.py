from odoo import api, models
from odoo.fields import Command

from ...tools.import_run import ImportRun


class CareImported(models.AbstractModel):
    """Read files in which people name records as they know them, with Odoo's own importer.

    A row is a record by its external id, else by its natural key (``_import_key``). A record that is
    there already is updated with the rights of the importing user, or left alone when nothing differs;
    an empty cell never erases what was filled in since. A reference may be any text that names one
    record which the user opens (``_import_finders``).
    """

    _name = "care.imported"
    _description = "Imported by Natural Key"

    # The fields that together name a record in a file.
    _import_key = ()
    # References whose text may name several records, of which the row chooses one (``_import_check``).
    _import_chosen_by_row = ()

    # ------------------------------------------------------------------
    # Odoo's doors
    # ------------------------------------------------------------------

    @api.model
    def load(self, fields, data):
        """As Odoo's, in which each bad row has its own message and nothing is stored if there is one."""
        if self.env.su and self.env.context.get("install_mode"):
            return super().load(fields, data)
        run = ImportRun()
        limit = self.env.context.get("_import_limit") or len(data)
        run.references = self._import_references(fields, data[:limit])
        run.known_ids = self._import_known_ids(fields, data[:limit])
        with self.env.cr.savepoint() as savepoint:
            result = super(CareImported, self._import_context(run)).load(fields, data)
            if run.refusal:
                savepoint.rollback()
                result |= {"ids": False, "messages": [{"type": "error", "message": run.refusal}]}
        self._import_note_refused(result)
        result["messages"] = self._import_messages(result["messages"], run)
        result["notes"] = self._import_notes(run) if result["ids"] else []
        next_row = run.last_row + 1
        result["nextrow"] = next_row if limit <= next_row < len(data) else 0
        return result

    def _convert_records(self, records, **kwargs):
        """Leave a bad row out once it is reported, so that it is not reported a second time."""
        run = self.env.context.get("care_import")
        if not isinstance(run, ImportRun):
            yield from super()._convert_records(records, **kwargs)
            return
        errors = []

        def log(message, told=kwargs["log"]):
            if message["type"] == "error":
                errors.append(message)
                run.has_errors = True
            told(message)

        kwargs["log"] = log
        filled = self._import_filled_cells(records, run)
        for dbid, xid, values, info in super()._convert_records(filled, **kwargs):
            run.last_row = info["rows"]["to"]
            if not errors:
                run.is_new = not dbid and xid not in run.known_ids
                for name, reason in self._import_reasons(values, run):
                    log(dict(info, type="error", field=name, message=reason))
            if not errors:
                yield dbid, xid, values, info
            errors.clear()

    def _load_records(self, data_list, update=False):
        run = self.env.context.get("care_import")
        if not isinstance(run, ImportRun):
            return super()._load_records(data_list, update)
        if self._import_withholds(data_list, run):
            return self.browse()
        self._import_match(data_list)
        records = super()._load_records(data_list, update)
        if len(data_list) == 1:
            self.env.flush_all()
            run.stored_alone.add(data_list[0]["info"]["rows"]["from"])
        return records

    def _load_records_write(self, values):
        if isinstance(self.env.context.get("care_import"), ImportRun):
            values = self._import_changes(values)
            if not values:
                return None
        return super()._load_records_write(values)

    # ------------------------------------------------------------------
    # What a model says about its files
    # ------------------------------------------------------------------

    @api.model
    def _import_finders(self):
        """For each field that refers to a record: ``texts -> {text: records}``, as the user sees them."""
        return {}

    @api.model
    def _import_check(self, values, run):
        """Put the converted values of a row right in place; yield ``(field, reason)`` where they are wrong."""
        return ()

    @api.model
    def _import_withholds(self, data_list, run):
        """Whether rows are not even tried. ``run.refusal`` says why the whole file is refused."""
        return False

    @api.model
    def _import_context(self, run):
        return self.with_context(care_import=run, tracking_disable=True)

    @api.model
    def _import_key_of(self, values):
        """The natural key in a row's values; None where a part is missing."""
        key = tuple(values.get(name) for name in self._import_key)
        return key if all(key) else None

    @api.model
    def _import_existing(self, keys):
        """The records that the user opens and that have one of the keys: ``{key: record}``."""
        domain = [(name, "in", list({key[at] for key in keys})) for at, name in enumerate(self._import_key)]
        domain.append(("company_id", "=", self.env.company.id))
        records = self.with_context(active_test=False).search_fetch(domain, self._import_key)
        return {record._import_own_key(): record for record in records}

    def _import_own_key(self):
        return self._import_key_of({name: self._import_plain(name, self[name]) for name in self._import_key})

    @api.model
    def _import_templates(self, label, name):
        """The files that the importer offers: a sheet for people, CSV for systems."""
        path = f"/social_care/static/import/{name}"
        return [
            {"label": self.env._("%s (spreadsheet)", label), "template": f"{path}.xlsx"},
            {"label": self.env._("%s (CSV)", label), "template": f"{path}.csv"},
        ]

    # ------------------------------------------------------------------
    # Before the rows are read
    # ------------------------------------------------------------------

    @api.model
    def _import_references(self, fields, rows):
        """Look all texts of a column up at once, instead of one search per row."""
        return {
            name: finder({str(row[fields.index(name)]).strip() for row in rows if row[fields.index(name)]})
            for name, finder in self._import_finders().items()
            if name in fields
        }

    @api.model
    def _import_known_ids(self, fields, rows):
        if "id" not in fields:
            return set()
        xids = {row[fields.index("id")] for row in rows if row[fields.index("id")]}
        full = {xid if "." in xid else f"__import__.{xid}": xid for xid in xids}
        found = self.env["ir.model.data"]._lookup_xmlids(list(full), self)
        return {
            full[f"{module}.{name}"] for _id, module, name, _model, _res_id, _noupdate, real in found if real
        }

    # ------------------------------------------------------------------
    # Row by row
    # ------------------------------------------------------------------

    @api.model
    def _import_filled_cells(self, records, run):
        """An empty cell says nothing: a default or what is stored stands."""
        for record, extras in records:
            run.row = {
                name: value for name, value in record.items() if value or (value == 0 and value is not False)
            }
            yield run.row, extras

    @api.model
    def _import_reasons(self, values, run):
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = value.strip()
        reasons = list(self._wrong_days(values)) or list(self._import_check(values, run))
        if run.is_new and not reasons:
            reasons = [
                (name, self._import_missing(name)) for name in self._import_needed() if not values.get(name)
            ]
        key = self._import_key_of(values)
        if key and not reasons and key in run.seen:
            same = self.env._("An earlier row of the file is about the same record. Keep one of the two.")
            reasons = [(self._import_key[0], same)]
        run.seen.add(key)
        return reasons

    @api.model
    def _import_needed(self):
        """What a new record cannot do without."""
        required = (
            name
            for name, field in self._fields.items()
            if field.required and not self._import_has_value(field)
        )
        return dict.fromkeys([*required, *self._import_key])

    @api.model
    def _import_has_value(self, field):
        return field.default or field.compute or field.related or field.name in models.MAGIC_COLUMNS

    @api.model
    def _import_missing(self, name):
        label = self._fields[name]._description_string(self.env)
        return self.env._("%s is missing. Fill it in.", label)

    # ------------------------------------------------------------------
    # Match with what is stored
    # ------------------------------------------------------------------

    @api.model
    def _import_match(self, data_list):
        """Give rows of records that exist already their id, so that they update instead of doubling."""
        new = [data for data in data_list if not data["values"].get("id")]
        xids = [data["xml_id"] for data in new if data["xml_id"]]
        lookup = self.env["ir.model.data"]._lookup_xmlids(xids, self)
        known = {f"{row[1]}.{row[2]}": row[4] for row in lookup if row[6]}
        keys = {self._import_key_of(data["values"]): data for data in new if data["xml_id"] not in known}
        keys.pop(None, None)
        existing = self._import_existing(keys) if keys else {}
        for key in keys.keys() & existing.keys():
            keys[key]["values"]["id"] = existing[key].id
        self._import_adopt([keys[key] for key in keys.keys() & existing.keys() if keys[key]["xml_id"]])
        found = [data["values"]["id"] for data in data_list if data["values"].get("id")]
        names = {name for data in data_list for name in data["values"] if self._fields[name].store}
        self.browse([*known.values(), *found])._import_prefetch(names - {"id"})

    def _import_prefetch(self, names):
        """Read at once what is compared record by record."""
        self.fetch(names)

    @api.model
    def _import_adopt(self, data_list):
        """A record that the file names with an external id which is free: from now on it has that id."""
        modules = {data["xml_id"].partition(".")[0] for data in data_list} - {"__import__"}
        # sudo: users read no modules; which prefixes of the file's ids are modules' names comes back
        taken = self.env["ir.module.module"].sudo().search([("name", "in", list(modules))]).mapped("name")
        free = [data for data in data_list if data["xml_id"].partition(".")[0] not in taken]
        records = self.browse(data["values"]["id"] for data in free)
        records.check_access("write")
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": data["xml_id"], "record": record, "noupdate": data.get("noupdate", False)}
                for data, record in zip(free, records, strict=True)
            ]
        )

    def _import_changes(self, values):
        """Those values that differ from what is stored."""
        return {
            name: value
            for name, value in values.items()
            if name != "id" and self._import_plain(name, self[name]) != self._import_wanted(name, value)
        }

    @api.model
    def _import_plain(self, name, value):
        """A stored value in the form in which rows hold it."""
        if isinstance(value, models.BaseModel):
            return value.id if self._fields[name].type == "many2one" else set(value.ids)
        return (
            self._fields[name].convert_to_write(value, self)
            if value and self._fields[name].type != "date"
            else (value and str(value))
        )

    @api.model
    def _import_wanted(self, name, value):
        """Commands that set a many2many, as the set of ids; anything else as it is."""
        if self._fields[name].type == "many2many" and value and value[0][0] == Command.SET:
            return set(value[0][2])
        return value

    # ------------------------------------------------------------------
    # What is told
    # ------------------------------------------------------------------

    @api.model
    def _import_note_refused(self, result):
        """A file about clients that was refused is an attempt too."""
        if result["ids"] is False and self._wall == "file" and not self.env.su:
            self.env["care.access.log"]._note_line(self._name, "create", refused=True)

    @api.model
    def _import_notes(self, run):
        """Sentences about the rows, although nothing is wrong with them. Odoo takes any message for an error."""
        return []

    @api.model
    def _import_messages(self, messages, run):
        """Odoo puts an error of the whole batch on its first row too, although nothing is wrong with that."""
        if messages and messages[0].get("rows", {}).get("from") in run.stored_alone:
            return messages[1:]
        return messages
