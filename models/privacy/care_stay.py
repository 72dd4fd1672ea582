from odoo import models


class CareStay(models.Model):
    """A stay opens a file: that it was taken back is told like every other change of who may open what."""

    _inherit = "care.stay"

    def _note_taken_back(self, reason):
        super()._note_taken_back(reason)
        self.env["care.access.change"]._note(
            [
                {
                    "kind": "stay",
                    "name": self.env._("Stay taken back in %(unit)s", unit=stay.unit_id.name),
                    "company_id": stay.company_id.id,
                    "before": f"{stay.client_id.reference}: {stay.date_from} – {stay.date_to or ''}",
                    "after": reason,
                }
                for stay in self
            ]
        )
