from odoo import models
from odoo.exceptions import AccessError


class CareClient(models.Model):
    _inherit = "care.client"

    def action_register_extract(self):
        """The client asks what is stored: a manager registers it here."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("social_care.group_care_manager"):
            raise AccessError(
                self.env._("A manager of the unit registers that a client asks for an extract.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register Extract"),
            "res_model": "care.subject.open",
            "view_mode": "form",
            "target": "new",
            "context": {"default_client_id": self.id},
        }
