from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _care_held(self):
        """Those that a frozen or signed record holds."""
        candidates = self.sudo().filtered(lambda attachment: attachment.res_model == "care.plan")
        if not candidates:
            return self.browse()
        plans = (
            self.env["care.plan"]
            .sudo()
            .search_fetch([("document_id", "in", candidates.ids), ("state", "!=", "draft")], ["document_id"])
        )
        signatures = (
            self.env["care.signature"]
            .sudo()
            .search_fetch(
                ["|", ("attachment_id", "in", candidates.ids), ("document_id", "in", candidates.ids)],
                ["attachment_id", "document_id"],
            )
        )
        return self & (plans.document_id | signatures.attachment_id | signatures.document_id).sudo(
            self.env.su
        )

    def write(self, vals):
        if vals and self._care_held():
            raise UserError(self.env._("The document of a signed plan is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_care_held(self):
        if self._care_held():
            raise UserError(
                self.env._("The document of a signed plan stays. Only an approved retention run deletes it.")
            )
