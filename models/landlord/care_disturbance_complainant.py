import re

from odoo import api, models
from odoo.exceptions import ValidationError

WORDS = re.compile(r"[^\W\d_]{3,}")


class CareDisturbance(models.Model):
    """Whoever complains is named to nobody unless they agreed, and never to whoever disturbs."""

    _inherit = "care.disturbance"

    @api.constrains("measures", "complainant_name", "complainant_phone", "complainant_agreed")
    def _check_complainant_not_named(self):
        """The one free text that the landlord reads may not let the complainant slip out."""
        for case in self:
            if not case.complainant_agreed and case._names_complainant(case.measures or ""):
                raise ValidationError(
                    self.env._(
                        "What you did is read by the landlord, and it names the complainant. Take the name and"
                        " the number out, or tick that the complainant may be named."
                    )
                )

    def _names_complainant(self, text):
        self.ensure_one()
        name = set(WORDS.findall((self.complainant_name or "").casefold()))
        number = re.sub(r"\D", "", self.complainant_phone or "")[-7:]
        return bool(name & set(WORDS.findall(text.casefold()))) or (
            len(number) == 7 and number in re.sub(r"\D", "", text)
        )
