import re

from odoo import models

ZIP = re.compile(r"^\d{3} \d{2}$")


class BaseImportImport(models.TransientModel):
    _inherit = "base_import.import"

    def _try_match_date_time(self, preview_values, options):
        """A column of Swedish ZIP codes (``123 45``) is no dates: else it sets the format for those that are."""
        if any(ZIP.match(value) for value in preview_values if isinstance(value, str)):
            return []
        return super()._try_match_date_time(preview_values, options)
