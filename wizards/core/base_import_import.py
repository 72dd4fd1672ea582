import re
from codecs import BOM_UTF8
from contextlib import suppress

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
