from odoo import fields, models
from odoo.exceptions import AccessError

from ...models.rights.care_subject_request import ASKED_BY


class CareSubjectOpen(models.TransientModel):
    """Asks who asks before a manager registers a request for a register extract."""

    _name = "care.subject.open"
    _description = "Register a Request for an Extract"

    client_id = fields.Many2one("care.client", required=True, readonly=True, ondelete="cascade")
    asked_by = fields.Selection(ASKED_BY, required=True, default="client")
    identity = fields.Char("How the Identity Was Checked", required=True)
    received_on = fields.Date("Received", required=True, default=fields.Date.context_today, happened=True)

    def action_open(self):
        """The head is the privacy officer's; the manager goes on with the part of their own unit."""
        self.ensure_one()
        self.client_id.check_access("read")
        if not self.env.user.has_group("social_care.group_care_manager"):
            raise AccessError(
                self.env._("A manager of the unit registers that a client asks for an extract.")
            )
        # sudo: requests are the privacy officer's; a manager registers one for a client whose file they open
        request_sudo = (
            self.env["care.subject.request"]
            .sudo()
            .create(
                {
                    "client_id": self.client_id.id,
                    "asked_by": self.asked_by,
                    "identity": self.identity,
                    "received_on": self.received_on,
                }
            )
        )
        parts = self.env["care.subject.part"].search([("request_id", "=", request_sudo.id)])
        action = self.env["ir.actions.actions"]._for_xml_id("social_care.care_subject_part_action")
        if len(parts) == 1:
            action |= {"res_id": parts.id, "views": [(False, "form")], "view_mode": "form"}
        return action | {"target": "current"}
