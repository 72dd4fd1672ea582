from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestLayout(TransactionCase):
    def test_the_module_is_called_social_care(self):
        """XML ids and translations hang on the folder's name, whatever the checkout is called."""
        module = self.env["ir.module.module"].search([("name", "=", "social_care")])
        self.assertEqual(module.state, "installed")
        self.assertTrue(Manifest.for_addon("social_care"))
