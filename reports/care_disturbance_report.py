from odoo import api, models

from ..wizards.landlord.care_disturbance_report import REPORT_FIELDS


class ReportCareDisturbance(models.AbstractModel):
    """What a landlord learns. The template is given the kept texts of a report, and no record of a case."""

    _name = "report.social_care.care_disturbance_report_document"
    _description = "Landlord Report as PDF"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Anyone who is logged in may ask for a report by its address: check here."""
        reports = self.env["care.landlord.report"].browse(docids)
        reports.check_access("read")
        cases = self.env["care.disturbance"]
        return {
            "doc_ids": docids,
            "doc_model": "care.landlord.report",
            "docs": reports,
            "labels": {name: cases._fields[name]._description_string(self.env) for name in REPORT_FIELDS},
        }
