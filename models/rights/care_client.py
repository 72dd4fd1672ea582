from odoo import models
from odoo.exceptions import AccessError


class CareClient(models.Model):
    _inherit = "care.client"

    def _after_joined(self, remaining):
        """A request that waits is answered with both files."""
        super()._after_joined(remaining)
        # sudo: requests are the privacy officer's; the manager who joins the files learns of none
        requests_sudo = self.env["care.subject.request"].sudo()
        waiting = [("client_id", "in", (self | remaining).ids), ("state", "=", "received")]
        for request_sudo in requests_sudo.search(waiting):
            request_sudo._make_parts()

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
