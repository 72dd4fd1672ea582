from odoo import api, models


class CareGuarded(models.AbstractModel):
    """What is signed: the values behind the hash, and what is compared between two versions.

    ``signed=True``: part of what is agreed, and so frozen with the row. ``signed="author"``: so too, under
    this name; fields that share it stand there as a list, in the order in which the model defines them.

    Hashes that are kept for ever were made of this form: a name or an order is not changed any more, and a
    time is written without the fractions of a second that an import may have stored.
    """

    _inherit = "care.guarded"

    @api.model
    def _signed_fields(self):
        return [
            field
            for field in self._fields.values()
            if field.store and not field.related and getattr(field, "signed", False)
        ]

    def _signed_values(self, empty=None):
        """What the row itself holds of what is signed, as JSON has it: times as text, rows that it names as ids.

        Rows that it holds (many2many) are for the model to tell.

        :param empty: what stands for a text, or a number, that nobody has given
        """
        self.ensure_one()
        values = {}
        for field in self._signed_fields():
            if field.type != "many2many":
                name = field.name.removesuffix("_id") if field.signed is True else field.signed
                values.setdefault(name, []).append(self._signed_value(field, empty))
        return {name: found[0] if len(found) == 1 else found for name, found in values.items()}

    def _signed_value(self, field, empty):
        value = self[field.name]
        if field.type == "many2one":
            return value.id
        if value is False and field.type != "boolean":
            return empty
        return type(field).to_string(value) if field.type in ("date", "datetime") else value

    @api.model
    def _compared_fields(self):
        """Names of the fields in which two versions may differ: not their order, nor what verbs number."""
        return [
            field.name
            for field in self._signed_fields()
            if not getattr(field, "by_verb", False) and field.name != "sequence"
        ]
