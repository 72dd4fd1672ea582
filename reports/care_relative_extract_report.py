from odoo import api, fields, models
from odoo.tools import html2plaintext


class CareRelativeExtractReport(models.AbstractModel):
    """What relative support keeps about a relative, for the relative (GDPR article 15). Made by supporters alone.

    It holds nothing of the person whom the relative supports, since nothing of that is stored.
    """

    _name = "report.social_care.care_relative_extract_report"
    _description = "Relative's Register Extract"

    @api.model
    def _get_report_values(self, docids, data=None):
        cases = self.env["care.relative.case"].browse(docids)
        cases.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "care.relative.case",
            "docs": cases,
            "today": fields.Date.context_today(self),
            "sheets": [{"case": case, "kinds": self._kinds(case)} for case in cases],
        }

    def _kinds(self, case):
        """Each kind of record with its rows, all fields that are stored and hold something."""
        people = case.participant_ids
        found = [case, case.referral_id, case.note_ids, case.followup_ids, case.contact_ids, people]
        # sudo: Odoo lets administrators alone read what kinds of records are called
        return [
            {
                "title": self.env["ir.model"].sudo()._get(records._name).name,
                "records": [self._lines(record) for record in records],
            }
            for records in found
            if records
        ]

    def _lines(self, record):
        hidden = {
            "id",
            "mode",
            "company_id",
            "write_uid",
            "write_date",
            "create_uid",
            "case_id",
            "receipt_id",
        }
        lines = []
        for name, field in record._fields.items():
            if not field.store or name in hidden or field.type == "one2many" or name.startswith("message_"):
                continue
            value = self._shown(record, field)
            if value:
                lines.append((field._description_string(self.env), value))
        return lines

    def _shown(self, record, field):
        value = record[field.name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.comodel_name == "res.users":
            # sudo: the relative is told who wrote a record, though Odoo may hide the login from the reader
            return ", ".join(value.sudo().mapped("care_name"))
        if field.type in ("many2one", "many2many"):
            # sudo: what a record points at is named for the relative, though the supporter may not open it
            return ", ".join(name for name in value.sudo().mapped("display_name") if name)
        if field.type == "datetime":
            zone = record.company_id.care_tz or "Europe/Stockholm"
            local = self.with_context(tz=zone)
            return value and fields.Datetime.context_timestamp(local, value).strftime("%Y-%m-%d %H:%M")
        if field.type == "boolean":
            return value and self.env._("Yes")
        return html2plaintext(value) if field.type == "html" else str(value or "")
