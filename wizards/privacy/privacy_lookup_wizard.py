from odoo import models


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's search for a person in all tables, by SQL and whoever asks. Clients are found by the app's own."""

    _inherit = "privacy.lookup.wizard"

    def _get_query_models_blacklist(self):
        care = [name for name in self.env if name.startswith("care.")]
        return [*super()._get_query_models_blacklist(), *care]
