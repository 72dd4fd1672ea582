from odoo import api, models

from ...tools.import_run import ImportRun


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Take what ``care.imported`` has looked up for the whole column."""
        run = self.env.context.get("care_import")
        own = isinstance(run, ImportRun) and subfield is None and field.model_name == model._name
        if not own or field.name not in run.references:
            return super().db_id_for(model, field, subfield, value, savepoint)
        found = run.references[field.name].get(str(value).strip())
        if not found:
            message = self.env._(
                "You open no record that '%s' names, in '%%(field)s'. Check how it is written."
            )
            raise self._format_import_error(ValueError, message, value)
        if len(found) > 1 and field.name not in model._import_chosen_by_row:
            message = self.env._(
                "Several records are named '%s', in '%%(field)s'. Write what only one of them has."
            )
            raise self._format_import_error(ValueError, message, value)
        return found.ids[0], []

    @api.model
    def _str_to_date(self, model, field, value, savepoint):
        """Odoo drops the zero of the year 0206, and what was a day is none for whoever looks next."""
        text, messages = super()._str_to_date(model, field, value, savepoint)
        return text and text.rjust(10, "0"), messages

    @api.model
    def _str_to_datetime(self, model, field, value, savepoint):
        text, messages = super()._str_to_datetime(model, field, value, savepoint)
        return text and text.rjust(19, "0"), messages
