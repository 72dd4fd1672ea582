from odoo import api, fields, models
from odoo.exceptions import UserError


class ReportCareSafetyWalk(models.AbstractModel):
    """The protocol of a walk, to be published: fields that name nobody, and only once the walk is closed."""

    _name = "report.social_care.care_safety_walk_report_document"
    _description = "Safety Walk Protocol"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Anyone who is logged in may ask for a report by its address: check here."""
        walks = self.env["care.safety.walk"].browse(docids)
        walks.check_access("read")
        if any(walk.state != "closed" for walk in walks):
            raise UserError(self.env._("Close the walk first; then its protocol can be printed."))
        return {
            "doc_ids": docids,
            "doc_model": "care.safety.walk",
            "docs": walks,
            "today": fields.Date.context_today(self),
        }
