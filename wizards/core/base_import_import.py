import re
from codecs import BOM_UTF8
from contextlib import suppress
from itertools import zip_longest

from odoo import models

ZIP = re.compile(r"^\d{3} \d{2}$")


class BaseImportImport(models.TransientModel):
    _inherit = "base_import.import"

    def _read_csv(self, options):
        """What decodes as UTF-8 is UTF-8: a guess from few letters makes ``Sj√∂`` of ``Sjö``."""
        content = self.file or b""
        if not options.get("encoding") and not content.startswith(BOM_UTF8):  # which Odoo knows
            with suppress(UnicodeDecodeError):  # then it is Odoo's guess
                content.decode()
                options["encoding"] = "utf-8"
        return super()._read_csv(options)

    def _try_match_date_time(self, preview_values, options):
        """A column of Swedish ZIP codes (``123 45``) is no dates: else it sets the format for those that are."""
        if any(ZIP.match(value) for value in preview_values if isinstance(value, str)):
            return []
        return super()._try_match_date_time(preview_values, options)

    def parse_preview(self, options, count=10):
        preview = super().parse_preview(options, count)
        if "error" not in preview:
            matches = preview["matches"] or {}
            columns = [name for at, name in enumerate(preview["headers"] or []) if at not in matches]
            preview["unread"] = self._unread(columns)
        return preview

    def execute_import(self, fields, columns, options, dryrun=False):
        """As Odoo does, with a warning among the messages for columns that nothing is read of."""
        first = not options.get("skip")
        result = super().execute_import(fields, columns, options, dryrun)
        names = [name for name, field in zip_longest(columns, fields) if not field]
        if first and (message := self._unread(names)):
            warning = {"type": "warning", "message": message, "record": False, "unread": True}
            result["messages"] = [*result["messages"], warning]
        return result

    def _unread(self, columns):
        """What is said of columns that match no field, or False. A column without a name is called by none."""
        columns = [name for name in columns if name and name.strip()]
        if not columns or not self.res_model.startswith("care."):
            return False
        return self.env._("Nothing is read of these columns, which match no field: %s.", ", ".join(columns))
