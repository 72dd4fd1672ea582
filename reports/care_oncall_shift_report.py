from odoo import api, models
from odoo.exceptions import UserError


class CareOncallShiftReport(models.AbstractModel):
    """The night on paper, from the frozen log. Clients by reference alone: paper has no wall."""

    _name = "report.social_care.care_oncall_shift_report_document"
    _description = "On-call Shift Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        shifts = self.env["care.oncall.shift"].browse(docids)
        shifts.check_access("read")  # any logged-in user can ask for a report by its address
        if any(shift.state != "closed" for shift in shifts):
            raise UserError(self.env._("The report is made when the shift is closed."))
        events = self.env["care.oncall.event"].search(
            [("shift_id", "in", shifts.ids)], order="received_at, id"
        )
        # sudo: a number alone, so that the report does not look complete when it is not
        total = self.env["care.oncall.event"].sudo().search_count([("shift_id", "in", shifts.ids)])
        return {
            "doc_ids": docids,
            "doc_model": "care.oncall.shift",
            "docs": shifts,
            "events": events.grouped("shift_id"),
            "unread": {shift: shift._unread_handovers(shift.closed_at) for shift in shifts},
            "hidden_count": total - len(events),
            "tz": shifts[:1].company_id.care_tz,
        }
