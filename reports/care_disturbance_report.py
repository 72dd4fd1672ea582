from odoo import api, models

from ..wizards.care_disturbance_report import REPORT_FIELDS


class ReportCareDisturbance(models.AbstractModel):
    """What a landlord learns. The template is given texts made from listed fields, and no record of a case."""

    _name = "report.social_care.care_disturbance_report_document"
    _description = "Landlord Report as PDF"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Anyone who is logged in may ask for a report by its address: check here."""
        reports = self.env["care.disturbance.report"].browse(docids)
        reports._check_sender()
        return {
            "doc_ids": docids,
            "doc_model": "care.disturbance.report",
            "docs": reports,
            "labels": dict(zip(REPORT_FIELDS, reports._row_labels(), strict=True)),
            "cases": {
                report.id: [
                    dict(zip(REPORT_FIELDS, report._row(case), strict=True)) for case in report._cases()
                ]
                for report in reports
            },
        }
