from odoo import api, models


class Base(models.AbstractModel):
    """Our screens are marked, so that what is tapped there on a telephone is as high as a thumb is broad."""

    _inherit = "base"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "kanban") and self._name.startswith("care."):
            arch.set("class", f"{arch.get('class', '')} o_care_touch".strip())
        return arch, view
