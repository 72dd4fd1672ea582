from odoo import api, models


class CareCheckVisitReport(models.AbstractModel):
    """The welcome card that the team leaves at the first visit: its number, and nothing about the resident."""

    _name = "report.social_care.care_check_visit_report_document"
    _description = "Welcome Card"

    @api.model
    def _get_report_values(self, docids, data=None):
        visits = self.env["care.check.visit"].browse(docids)
        visits.check_access("read")
        return {"doc_ids": docids, "doc_model": "care.check.visit", "docs": visits}
