from odoo import models


class CareContactPerson(models.Model):
    """Whose signature says that they were the contact person, was it: the row stays."""

    _inherit = "care.contact.person"

    def _is_rested_on(self):
        # sudo: a yes or no about plans of the file, whichever of them the writer opens
        signed = (
            self.env["care.signature"]
            .sudo()
            .search_count(
                [
                    ("client_id", "=", self.client_id.id),
                    ("unit_id", "=", self.unit_id.id),
                    ("user_id", "=", self.user_id.id),
                    ("role", "=", "contact_person"),
                ],
                limit=1,
            )
        )
        return bool(signed) or super()._is_rested_on()
