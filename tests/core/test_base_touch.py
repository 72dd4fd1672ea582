from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestBaseTouch(TransactionCase):
    """Forms and cards of ours are marked for what their buttons look like on a telephone, and no others."""

    def _class(self, model, kind):
        return etree.fromstring(self.env[model].get_view(view_type=kind)["arch"]).get("class", "").split()

    def test_ours_and_no_others(self):
        for kind in ("form", "kanban"):
            self.assertIn("o_care_touch", self._class("care.client", kind))
            self.assertNotIn("o_care_touch", self._class("res.partner", kind))
        self.assertNotIn("o_care_touch", self._class("care.client", "list"))

    def test_what_the_view_says_stays(self):
        self.assertLessEqual(
            {"o_field_highlight", "o_care_touch"}, set(self._class("care.client.contact", "form"))
        )
