from odoo import api, models


class CareUnit(models.Model):
    """Units in files are named by their code."""

    _name = "care.unit"
    _inherit = ["care.unit", "care.imported"]
    _import_key = ("code",)

    @api.model
    def get_import_templates(self):
        return self._import_templates(self.env._("Units"), "units")

    @api.model
    def _import_find(self, texts):
        """Units by code, else by name."""
        texts = list(texts)
        domain = ["|", ("code", "in", texts), ("name", "in", texts), ("company_id", "=", self.env.company.id)]
        units = self.search_fetch(domain, ["code", "name"])
        return units.grouped("name") | units.grouped("code")
