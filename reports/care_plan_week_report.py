from odoo import api, models


class CarePlanWeekReport(models.AbstractModel):
    """Odoo lets anybody who is logged in ask for any report by its address: the wall is asked here."""

    _name = "report.social_care.care_plan_week_report"
    _description = "Week at a Glance"

    @api.model
    def _get_report_values(self, docids, data=None):
        plans = self.env["care.plan"].browse(docids)
        plans.check_access("read")
        return {"doc_ids": docids, "doc_model": "care.plan", "docs": plans}
