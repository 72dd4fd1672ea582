from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from .test_care_disturbance import DisturbanceCase


@tagged("post_install", "-at_install")
class TestCareDisturbanceComplainant(DisturbanceCase, TransactionCase):
    """Whoever complains is named to nobody unless they agreed."""

    def test_what_the_landlord_reads_does_not_name_the_complainant(self):
        who = {"complainant_name": "Stina Granström", "complainant_phone": "070-174 06 05"}
        for text in (
            "Talade med STINA.",
            "Enligt Granström spelas musik.",
            "Ring 0701740605",
            "Tel +46 70 174 06 05",
        ):
            with self.assertRaises(ValidationError):
                self._case(measures=text, **who)
            self._case(measures=text, complainant_agreed=True, **who)
        case = self._case(measures="Vi ringde på och musiken sänktes.", **who)
        with self.assertRaises(ValidationError):
            case.measures = "Stina hörde det också."
