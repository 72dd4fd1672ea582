import io
import zipfile

from odoo.tests import HttpCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareSubjectTour(CareCase, HttpCase):
    def test_a_manager_makes_the_unit_s_part(self):
        self.env["care.client.contact"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "name": "Lisa Syster",
                "phone": "070-174 06 44",
            }
        )
        request = self.env["care.subject.request"].create(
            {"client_id": self.astrid.id, "identity": "ID-kort"}
        )
        self.start_tour("/odoo/register-extracts", "care_subject_tour", login="north_manager")
        part = request.part_ids.filtered(lambda part: part.unit_id == self.north)
        self.assertEqual((part.state, part.handed_by_id), ("handed", self.north_manager))
        with zipfile.ZipFile(io.BytesIO(part._files()[1])) as package:
            data = package.read(f"{part.reference}.json").decode()
        self.assertIn("Lisa Syster", data)
        self.assertNotIn("070-174 06 44", data)
