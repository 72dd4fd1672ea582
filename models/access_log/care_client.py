from odoo import models
from odoo.exceptions import AccessError


class CareClient(models.Model):
    _inherit = "care.client"

    def action_who_opened(self):
        """The lines about this client, for the unit's manager, who tells the client when asked."""
        self.ensure_one()
        self._check_who_opened()
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_access_log_client_action")
        return action | {"domain": [("client_id", "=", self.id)]}

    def action_print_who_opened(self):
        """Ask for the days, then print it for the client."""
        self.ensure_one()
        self._check_who_opened()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Who Opened the File"),
            "res_model": "care.access.log.print",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_client_id": self.id},
        }

    def _check_who_opened(self):
        self.check_access("read")
        if self.search([("id", "in", self.ids), ("opened_by", "=", "management")]) != self:
            raise AccessError(
                self.env._("Only the manager of the client's unit sees who has opened the file.")
            )
