import base64
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Whoever takes the PDF and then the CSV has sent one report, not two.
SAME = timedelta(hours=1)


class CareLandlordReport(models.Model):
    """What a landlord was told, when and by whom: a report that has left the house is never changed.

    It holds the texts that the landlord read and the cases they were made from, and like the cases
    nothing that could tell whether a tenant is a client.
    """

    _name = "care.landlord.report"
    _description = "Landlord Report as Sent"
    _inherit = ["care.oncall.team"]
    _order = "sent_at desc, id desc"
    _rec_name = "reference"
    _check_company_auto = True
    _made_by_verb = True
    _frozen_from = "id"

    reference = fields.Char(readonly=True, copy=False, frozen=True)
    unit_id = fields.Many2one(
        "care.unit", "On-call Team", required=True, index=True, readonly=True, frozen=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=True)
    landlord_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
        frozen=True,
    )
    date_from = fields.Date("From", required=True, readonly=True, frozen=True)
    date_to = fields.Date("To", required=True, readonly=True, frozen=True)
    sent_at = fields.Datetime("Sent", required=True, readonly=True, default=fields.Datetime.now, frozen=True)
    sent_by_id = fields.Many2one(
        "res.users", "Sent by", required=True, readonly=True, ondelete="restrict", frozen=True
    )
    case_ids = fields.Many2many(
        "care.disturbance",
        "care_landlord_report_case",
        "report_id",
        "case_id",
        "Cases",
        readonly=True,
        frozen=True,
    )
    case_count = fields.Integer("Number of Cases", readonly=True, frozen=True)
    content = fields.Json(readonly=True, help="The texts of the PDF, case by case.", frozen=True)
    csv_file = fields.Binary("CSV", attachment=True, readonly=True, frozen=True)
    csv_name = fields.Char(compute="_compute_names")
    csv_sha256 = fields.Char(
        "Fingerprint of the CSV", readonly=True, help="SHA-256 of the file as it left.", frozen=True
    )
    pdf_file = fields.Binary("PDF", attachment=True, readonly=True, frozen="pdf_sha256")
    pdf_name = fields.Char(compute="_compute_names")
    pdf_sha256 = fields.Char(
        "Fingerprint of the PDF", readonly=True, help="SHA-256 of the file as it left.", frozen="pdf_sha256"
    )

    _reference_uniq = models.UniqueIndex("(company_id, reference)", "Another report has this reference.")
    _frozen = models.Constraint("CHECK (TRUE)", "What has been sent is not changed. Make another report.")
    _order_idx = models.Index("(unit_id, sent_at DESC, id DESC)")

    @api.depends("date_from", "date_to")
    def _compute_names(self):
        for report in self:
            report.csv_name = f"{report._file_name()}.csv"
            report.pdf_name = f"{report._file_name()}.pdf"

    def _file_name(self):
        self.ensure_one()
        return self.env._("Disturbances %(start)s %(end)s", start=self.date_from, end=self.date_to)

    @api.model
    def _guard_message(self, operation):
        if operation == "create":
            return self.env._("Make the report under Report to a Landlord; it is kept here.")
        if operation == "unlink":
            return self.env._("A report that was sent stays. Only an approved retention run deletes it.")
        return super()._guard_message(operation)

    @api.model
    def _fingerprint(self, content):
        return hashlib.sha256(content).hexdigest()

    @api.model
    def _keep(self, vals, csv):
        """The report that was just sent with this very content, or a new one.

        :param dict vals: unit, landlord, period, cases and texts
        :param bytes csv: the file
        """
        # sudo: reports are made by the wizard alone, which has checked the sender
        reports_sudo = self.sudo()
        fingerprint = self._fingerprint(csv)
        report_sudo = reports_sudo.search(
            [
                ("sent_by_id", "=", self.env.uid),
                ("sent_at", ">", fields.Datetime.now() - SAME),
                ("csv_sha256", "=", fingerprint),
                *((name, "=", vals[name]) for name in ("unit_id", "landlord_id", "date_from", "date_to")),
            ],
            limit=1,
        )
        if not report_sudo:
            # sudo: staff read no counter, which tells how many there are; only the new number comes back
            report_sudo = reports_sudo.create(
                {
                    **vals,
                    "reference": self.env["ir.sequence"].sudo().next_by_code("care.landlord.report"),
                    "sent_by_id": self.env.uid,
                    "csv_file": base64.b64encode(csv),
                    "csv_sha256": fingerprint,
                }
            )
        report = report_sudo.with_env(self.env)
        report.check_access("read")
        return report

    def _ensure_pdf(self):
        """Made once, from the kept texts; whoever asks again gets the same file."""
        self.ensure_one()
        if not self.pdf_sha256:
            reports = self.env["ir.actions.report"]
            pdf, _kind = reports._render_qweb_pdf("social_care.care_disturbance_report_action", self.ids)
            # sudo: the lead reads reports, nobody writes them
            self.sudo()._write_decided(
                {"pdf_file": base64.b64encode(pdf), "pdf_sha256": self._fingerprint(pdf)}
            )

    def action_pdf(self):
        self.ensure_one()
        self.check_access("read")
        self._ensure_pdf()
        return self._download("pdf_file", self.pdf_name)

    def action_csv(self):
        self.ensure_one()
        self.check_access("read")
        return self._download("csv_file", self.csv_name)

    def _download(self, field, name):
        if not self.with_context(bin_size=False)[field]:
            raise UserError(
                self.env._(
                    "The stored document is missing. Restore the filestore of the same back-up as the database."
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{field}/{name}?download=true",
            "target": "download",
        }
