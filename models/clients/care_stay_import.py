from odoo import api, fields, models


class CareStay(models.Model):
    """A stay in a file is who stays where from when on."""

    _name = "care.stay"
    _inherit = ["care.stay", "care.imported"]
    _import_key = ("client_id", "unit_id", "date_from")
    _import_chosen_by_row = ("dwelling_id",)

    @api.model
    def get_import_templates(self):
        return self._import_templates(self.env._("Stays"), "stays")

    @api.model
    def _import_finders(self):
        return {
            "client_id": self.env["care.client"]._import_find,
            "unit_id": self.env["care.unit"]._import_find,
            "dwelling_id": self._import_find_dwellings,
        }

    @api.model
    def _import_find_dwellings(self, texts):
        """By name, or street and name. Many units have a flat 1203; the row's unit decides."""
        dwellings = self.env["care.dwelling"].search_fetch(
            [("company_id", "=", self.env.company.id)], ["name", "street", "unit_id"]
        )
        return dwellings.grouped("name") | dwellings.grouped("display_name")

    @api.model
    def _import_check(self, values, run):
        if values.get("dwelling_id") and None in run.row["dwelling_id"][0]:
            text = str(run.row["dwelling_id"][0][None]).strip()
            own = run.references["dwelling_id"][text].filtered(
                lambda dwelling: dwelling.unit_id.id == values.get("unit_id")
            )
            values["dwelling_id"] = own.id if len(own) == 1 else False
            if not own:
                yield "dwelling_id", self.env._("The unit has no dwelling %s. Check how it is written.", text)
            elif len(own) > 1:
                yield (
                    "dwelling_id",
                    self.env._("The unit has several dwellings %s. Write the street too.", text),
                )
        first, last = fields.Date.to_date(values.get("date_from")), fields.Date.to_date(values.get("date_to"))
        if first and last and last < first:
            yield "date_to", self.env._("The last day comes before the first.")
        if self._import_overlaps(values, first, last, run):
            yield (
                "date_from",
                self.env._("An earlier row of the file has the client in this unit in the same period."),
            )

    @api.model
    def _import_overlaps(self, values, first, last, run):
        """An earlier row overlaps; a row with the very same first day is told as the same record."""
        earlier = run.periods.setdefault((values.get("client_id"), values.get("unit_id")), [])
        overlaps = any(
            first != other_first
            and (not other_last or first <= other_last)
            and (not last or other_first <= last)
            for other_first, other_last in earlier
            if first
        )
        earlier.append((first, last))
        return overlaps
