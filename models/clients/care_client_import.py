from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import personal_number as pnr

NUMBERS = {"personal_number", "former_number_ids"}


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
            ["reference"],
        ).grouped("reference")
        numbered = {text: by_number[number] for text in texts if (number := pnr.stored(text)) in by_number}
        return numbered | by_reference

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
            found = self._clients_with_numbers_sudo([data["values"] for data in data_list]).sudo(False)
            if closed := found - found._filtered_access("read"):
                self._note_number_tried(closed)
                run.refusal = self.env._(
                    "Somebody in the file is registered already and not open to you, so nothing was imported."
                    " Register new clients one at a time: you are told who it is, and it is noted in the"
                    " client's access log."
                )
        return run.has_errors or run.refusal

    @api.model
    def _import_key_of(self, values):
        """The number; the reference where the identity is unknown."""
        return super()._import_key_of(values) or (
            values.get("reference") and (values["reference"], "reference")
        )

    @api.model
    def _import_existing(self, keys):
        found = self._import_find({key[0] for key in keys})
        return {key: found[key[0]] for key in keys if key[0] in found}

    def _import_prefetch(self, names):
        super()._import_prefetch(names)
        if "intake_unit_id" in names:
            self.stay_ids.fetch(["unit_id"])
        if names & NUMBERS:
            self.former_number_ids.fetch(["number"])

    def _import_changes(self, values):
        """What has become of the client since is not undone by the same file.

        A stay in the unit has ended the intake there, another number has followed the one in the file.
        """
        values = super()._import_changes(values)
        known = set(self.former_number_ids.mapped("number")) if NUMBERS & values.keys() else ()
        if values.get("personal_number") in known:
            del values["personal_number"]
        if "former_number_ids" in values:
            lines = values["former_number_ids"]
            values["former_number_ids"] = [
                line for line in lines if pnr.stored(line[2].get("number")) not in known
            ]
        if values.get("intake_unit_id") in self.stay_ids.unit_id.ids:
            del values["intake_unit_id"]
        return values
