from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import personal_number as pnr


class CareClient(models.Model):
    """A client in a file is a personal number, also a former one, or a reference.

    A file with a client whom the user does not open is refused as a whole, and does not tell which row it is:
    row by row it would tell a whole list of persons apart into clients and others. Admitting one person in
    the form tells of that one. Either leaves a line for each client whose number was tried.
    """

    _name = "care.client"
    _inherit = ["care.client", "care.imported"]
    _import_key = ("personal_number",)

    @api.model
    def get_import_templates(self):
        return self._import_templates(self.env._("Clients"), "clients")

    @api.model
    def _import_context(self, run):
        """Ask once, not for each row, where the user admits clients."""
        unit = self.default_get(["intake_unit_id"]).get("intake_unit_id", False)
        return super()._import_context(run).with_context(default_intake_unit_id=unit)

    @api.model
    def _import_needed(self):
        return [name for name in super()._import_needed() if name not in self._import_key]

    @api.model
    def _import_finders(self):
        return {"intake_unit_id": self.env["care.unit"]._import_find, "personal_number": self._import_find}

    @api.model
    def _import_find(self, texts):
        """Clients whom the user opens, by any of their numbers in any form or by reference."""
        by_number = self._by_number({pnr.stored(text) for text in texts} - {""})
        by_reference = self.search_fetch(
            [
                ("reference", "in", [text for text in texts if not pnr.normalise(text)]),
                ("company_id", "=", self.env.company.id),
            ],
            ["reference", "double_of_id"],
        ).grouped("reference")
        for text, client in by_reference.items():
            by_reference[text] = client.double_of_id._filtered_access("read") or client
        numbered = {text: by_number[number] for text in texts if (number := pnr.stored(text)) in by_number}
        return by_number | numbered | by_reference

    @api.model
    def _import_check(self, values, run):
        try:
            self._normalise(values)
        except ValidationError as error:
            yield "personal_number", str(error)
            return
        known = run.references.get("personal_number", {})
        is_new = run.is_new and run.row.get("personal_number") not in known
        admitted = (
            values.get("intake_unit_id")
            or values.get("stay_ids")
            or self.env.context["default_intake_unit_id"]
        )
        if is_new and not admitted:
            yield (
                "intake_unit_id",
                self.env._("Say at which unit the client is at intake: you manage none, or several."),
            )

    @api.model
    def _import_withholds(self, data_list, run):
        """Nothing is stored of a file with a closed client, nor of one with a bad row: storing would tell."""
        if not run.has_errors and self.browse().has_access("create"):
            found = self._clients_with_numbers_sudo(self._import_numbers(data_list)).sudo(False)
            if closed := found - found._filtered_access("read"):
                self._note_number_tried(closed)
                run.refusal = self.env._(
                    "Somebody in the file is registered already and not open to you, so nothing was imported."
                    " Register new clients one at a time: you are told who it is, and it is noted in the"
                    " client's access log."
                )
        return run.has_errors or run.refusal

    @api.model
    def _import_numbers(self, data_list):
        """The personal numbers in the file, and the other numbers too."""
        for data in data_list:
            yield data["values"]
            for *_command, line in data["values"].get("former_number_ids") or ():
                if isinstance(line, dict):
                    yield {"personal_number": pnr.stored(line.get("number_written") or line.get("number"))}

    @api.model
    def _import_key_of(self, values):
        """The number; where it is unknown the reference, else name, birth date and unit."""
        if key := super()._import_key_of(values):
            return key
        if values.get("reference"):
            return (values["reference"], "reference")
        name = " ".join(filter(None, [values.get("firstname"), values.get("lastname")]))
        unit_id = values.get("intake_unit_id") or self.env.context.get("default_intake_unit_id")
        return (name, str(values.get("birth_date") or ""), unit_id) if name and unit_id else None

    @api.model
    def _import_existing(self, keys):
        found = self._import_find({key[0] for key in keys if len(key) < 3})
        named = self._import_namesakes({key for key in keys if len(key) == 3})
        return {key: found[key[0]] for key in keys if key[0] in found} | named

    @api.model
    def _import_namesakes(self, keys):
        """Who stays or is at intake in the unit, by name and birth date: ``{key: the one client}``.

        :raise UserError: when there are several, since another one would be one too many
        """
        if not keys:
            return {}
        names = SQL("ARRAY[%s]", SQL(", ").join(SQL("lower(%s)", name) for name, _born, _unit in keys))
        column = self._fields["name"]
        clients = self.search_fetch(
            Domain("company_id", "=", self.env.company.id)
            & Domain("double_of_id", "=", False)
            & Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "lower(%s) = ANY(%s)", SQL.identifier(alias, "name", to_flush=column), names
                )
            ),
            ["name", "birth_date", "intake_unit_id", "reference"],
        )
        clients.stay_ids.fetch(["unit_id"])
        found, wanted = (
            {},
            {(name.lower(), born, unit_id): (name, born, unit_id) for name, born, unit_id in keys},
        )
        for client in clients:
            for unit in client.stay_ids.unit_id | client.intake_unit_id:
                key = wanted.get((client.name.lower(), str(client.birth_date or ""), unit.id))
                if key in found:
                    raise UserError(
                        self.env._(
                            "Several clients of the unit have this name and birth date. Write the personal number"
                            " or the reference, or leave the row out."
                        )
                    )
                if key:
                    found[key] = client
        return found

    @api.model
    def _import_match(self, data_list):
        """Say which rows went to somebody by the name alone."""
        new = [data for data in data_list if not data["values"].get("id")]
        super()._import_match(data_list)
        run = self.env.context["care_import"]
        for data in new:
            if data["values"].get("id") and len(self._import_key_of(data["values"])) == 3:
                run.matched.append(self.browse(data["values"]["id"]).reference)

    @api.model
    def _import_notes(self, run):
        if not run.matched:
            return []
        return [
            self.env._(
                "Rows without a number were taken for clients of the unit with the same name and birth date, and no"
                " new files were made: %s.",
                ", ".join(sorted(set(run.matched))),
            )
        ]

    def _import_prefetch(self, names):
        super()._import_prefetch(names)
        if "intake_unit_id" in names:
            self.stay_ids.fetch(["unit_id"])
        if "former_number_ids" in names:
            self.former_number_ids.fetch(["number"])

    def _import_changes(self, values):
        """What has become of the client since is not undone by the same file.

        A stay in the unit has ended the intake there, another number has followed the one in the file.
        """
        values = super()._import_changes(values)
        known = self.env.context["care_import"].references.get("personal_number", {})
        if known.get(values.get("personal_number")) == self:
            del values["personal_number"]
        if "former_number_ids" in values:
            lines, known = values["former_number_ids"], set(self.former_number_ids.mapped("number"))
            values["former_number_ids"] = [
                line for line in lines if pnr.stored(line[2].get("number")) not in known
            ]
        if values.get("intake_unit_id") in self.stay_ids.unit_id.ids:
            del values["intake_unit_id"]
        return values
