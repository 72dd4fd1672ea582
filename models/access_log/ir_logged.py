"""Where content leaves by other ways than a record's own fields: prints, files, messages, refusals."""

from contextlib import nullcontext

from odoo import models

from ...tools.own_work import own_work


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_html(self, report_ref, docids, data=None):
        with self._care_work(report_ref), self.env["care.access.log"]._while("print"):
            answer = super()._render_qweb_html(report_ref, docids, data=data)
        self._care_note_printed(report_ref, docids)
        return answer

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        with self._care_work(report_ref), self.env["care.access.log"]._while("print"):
            answer = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        self._care_note_printed(report_ref, res_ids)
        return answer

    def _care_work(self, report_ref):
        """The prints of ours read as superuser where their records say so; others' do not."""
        own = (self._get_report(report_ref).report_name or "").startswith("social_care.")
        return own_work() if own else nullcontext()

    def _care_note_printed(self, report_ref, res_ids):
        """The records themselves, whoever read them for the template. Rendering has checked access."""
        model = self.env.get(self._get_report(report_ref).model)
        if model is not None and "opened_by" in model._fields:
            ids = [res_ids] if isinstance(res_ids, int) else res_ids or []
            self.env["care.access.log"]._note(model.browse(ids), "print")


class IrAttachment(models.Model):
    _name = "ir.attachment"
    _inherit = ["care.beside", "ir.attachment"]
    _beside_told = frozenset({"raw", "datas", "db_datas", "index_content", "name", "description"})

    def _to_http_stream(self):
        self._note_held()
        return super()._to_http_stream()

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        if not self.env.su and any(field.name in self._beside_told for field in fields):
            fetched._note_held()
        return fetched

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and self._beside_told & set(fnames):
            self.browse(row["id"] for row in rows)._note_held()
        return rows


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        if "opened_by" in record._fields:
            self.env["care.access.log"]._note(record)
        return super()._record_to_stream(record, field_name)


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["care.beside", "mail.message"]
    _beside_told = frozenset({"body", "subject", "preview", "email_from", "reply_to"})
    _beside_model = "model"

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        if not self.env.su and any(field.name in ("body", "subject") for field in fields):
            fetched._note_held()
        return fetched

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su:
            self.browse(row["id"] for row in rows)._note_held()
        return rows


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["care.beside", "mail.activity"]
    _beside_told = frozenset({"note", "summary"})

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and self._beside_told & set(fnames):
            self.browse(row["id"] for row in rows)._note_held()
        return rows
