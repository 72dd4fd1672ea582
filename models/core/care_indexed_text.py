import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

# In UTF-8 at most 2,000 bytes; PostgreSQL refuses a row of an index that has more than 2,700.
MOST = 500


class Base(models.AbstractModel):
    """Text that an index holds has a length: PostgreSQL's own refusal tells a user nothing, and the log the text.

    Looked at where a row is stored, so that it holds for whatever a value was computed from, on every door.
    """

    _inherit = "base"

    def _create(self, data_list):
        self._check_indexed_text(data["stored"] for data in data_list)
        return super()._create(data_list)

    def _write_multi(self, vals_list):
        self._check_indexed_text(vals_list)
        return super()._write_multi(vals_list)

    @api.model
    def _check_indexed_text(self, vals_list):
        if not self._name.startswith("care."):
            return
        names = self._indexed_text()
        for vals in vals_list:
            for name in names & vals.keys():
                if isinstance(vals[name], str) and len(vals[name]) > MOST:
                    label = self._fields[name]._description_string(self.env)
                    raise UserError(
                        self.env._(
                            "%(field)s is too long: write at most %(most)s characters.",
                            field=label,
                            most=MOST,
                        )
                    )

    @api.model
    @ormcache("self._name")
    def _indexed_text(self):
        """The names of the model's text columns that an index holds."""
        definitions = [index.get_definition(self.pool) for index in self._table_objects.values()]
        keys = [
            text.partition(" WHERE ")[0] for text in definitions if re.match("UNIQUE|INDEX|EXCLUDE", text)
        ]
        named = set(re.findall(r"\w+", " ".join(keys)))
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store and field.type in ("char", "text") and (field.index or name in named)
        )
