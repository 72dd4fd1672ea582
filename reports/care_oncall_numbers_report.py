from odoo import api, models


class ReportCareOncallNumbers(models.AbstractModel):
    """The team's numbers on paper, for those outside it."""

    _name = "report.social_care.care_oncall_numbers_report_document"
    _description = "The Team's Numbers as PDF"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Anyone who is logged in may ask for a report by its address: check here."""
        wizards = self.env["care.oncall.numbers"].browse(docids)
        for wizard in wizards:
            wizard._check_may_leave()
        return {
            "doc_ids": docids,
            "doc_model": "care.oncall.numbers",
            "docs": wizards,
            "tables": {wizard.id: wizard._tables() for wizard in wizards},
            "response": {wizard.id: wizard._response() for wizard in wizards},
        }
