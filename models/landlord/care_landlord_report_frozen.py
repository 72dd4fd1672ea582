from odoo import api, models
from odoo.exceptions import UserError

from ...tools import frozen

REPORT_FROZEN = (
    "reference", "unit_id", "company_id", "landlord_id", "date_from", "date_to", "sent_at", "sent_by_id",
    "case_count", "content", "csv_sha256",
)  # fmt: skip
LISTED = "care_retention_lists('care.landlord.report', {})"
KEPT = "EXISTS (SELECT 1 FROM care_landlord_report r WHERE r.id = {})"
CASE_KEPT = "EXISTS (SELECT 1 FROM care_disturbance d WHERE d.id = OLD.case_id)"


class CareLandlordReport(models.Model):
    """The database keeps what was sent: the row, its list of cases, its files."""

    _inherit = "care.landlord.report"

    # The check itself is made by the triggers; the constraint carries their message.
    _frozen = models.Constraint("CHECK (TRUE)", "What has been sent is not changed. Make another report.")

    def init(self):
        super().init()
        frozen.guard(
            self.env.cr,
            "care_landlord_report",
            update=f"{frozen.changed(*REPORT_FROZEN)}"
            " OR (OLD.pdf_sha256 IS NOT NULL AND OLD.pdf_sha256 IS DISTINCT FROM NEW.pdf_sha256)",
            delete="TRUE",
            listed=LISTED.format("OLD.id"),
        )
        frozen.guard(
            self.env.cr,
            "care_landlord_report_case",
            update="TRUE",
            # a case that a lawful run deletes takes its row along
            delete=f"{KEPT.format('OLD.report_id')} AND {CASE_KEPT}",
            listed=LISTED.format("OLD.report_id"),
            key="report_id",
            constraint="care_landlord_report_frozen",
        )
        frozen.guard(
            self.env.cr,
            "ir_attachment",
            name="care_landlord_report_file",
            when="OLD.res_model = 'care.landlord.report' AND OLD.res_field IN ('csv_file', 'pdf_file')",
            update=frozen.changed(
                "store_fname", "db_datas", "checksum", "res_model", "res_field", "res_id", "name"
            ),
            delete=KEPT.format("OLD.res_id"),
            listed=LISTED.format("OLD.res_id"),
            constraint="care_landlord_report_frozen",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_by_retention_alone(self):
        if self - self.env["care.retention.line"]._listed(self):
            raise UserError(
                self.env._("A report that was sent stays. Only an approved retention run deletes it.")
            )
