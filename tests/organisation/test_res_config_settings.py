from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestResConfigSettings(CareCase, TransactionCase):
    def test_code_in_templates_is_restricted_with_one_button(self):
        sysadmin = self._user("settings_admin", "base.group_system")
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", False)
        self.assertTrue(self.north_staff.has_group("mail.group_mail_template_editor"))
        settings = self._as(sysadmin, self.env["res.config.settings"]).create({})
        self.assertTrue(settings.care_templates_are_open)
        with self.assertRaises(AccessError):
            self._as(self.care_admin, settings).action_care_restrict_templates()
        settings.action_care_restrict_templates()
        self.assertNotIn(editors, self.north_staff.all_group_ids)
        self.assertFalse(
            self._as(sysadmin, self.env["res.config.settings"]).create({}).care_templates_are_open
        )

    def test_it_shows_what_holds_and_not_what_the_parameter_says(self):
        """A parameter that is written directly changes no group."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mail.restrict.template.rendering", False)
        parameters.search([("key", "=", "mail.restrict.template.rendering")]).unlink()
        parameters.create({"key": "mail.restrict.template.rendering", "value": "True"})
        self.assertTrue(self.env["res.config.settings"].create({}).care_templates_are_open)
