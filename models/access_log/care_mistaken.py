from odoo import models


class CareMistaken(models.AbstractModel):
    _inherit = "care.mistaken"

    def _note_taken_back(self, reason):
        super()._note_taken_back(reason)
        self.env["care.access.log"]._note(self, "write", reason=reason)
