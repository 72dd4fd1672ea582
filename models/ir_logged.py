"""Where content leaves by other ways than a record's own fields: prints, files, messages, refusals."""

import itertools
import re

from odoo import api, models
from odoo.fields import Domain

from ..tools.called import ASKING, called

# Fields of Odoo's own models that hold what somebody wrote about the record they hang on.
ATTACHED = {"raw", "datas", "db_datas", "index_content", "name", "description"}
SAID = {"body", "subject", "preview", "email_from", "reply_to"}
PLANNED = {"note", "summary"}


def note_held(log, records, model_field="res_model", operation=None):
    """Note the walled records that attachments, messages or activities hang on."""
    walled = log.env.registry.descendants(["care.walled"], "_inherit")
    by_model = {}
    for record_sudo in records.sudo():
        if record_sudo[model_field] in walled and record_sudo.res_id:
            by_model.setdefault(record_sudo[model_field], []).append(record_sudo.res_id)
    for model, ids in by_model.items():
        log._note(log.env[model].browse(ids), operation)


def is_asked(records, names, domain=(), specs=(), order=None):
    """Whether a caller from outside asks which files or messages say something: an answer in ids tells it."""
    if records.env.su or called()[1] not in ASKING:
        return False
    asked = [condition.field_expr for condition in Domain(list(domain)).iter_conditions()]
    asked += [*specs, *(part.strip() for part in (order or "").split(","))]
    return any(re.split("[.: ]", name)[0] in names for name in asked)


def note_found(records, query, model_field="res_model"):
    if not query.is_empty():
        note_held(records.env["care.access.log"], records.browse(query.get_result_ids()), model_field)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_html(self, report_ref, docids, data=None):
        with self.env["care.access.log"]._while("print"):
            answer = super()._render_qweb_html(report_ref, docids, data=data)
        self._care_note_printed(report_ref, docids)
        return answer

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        with self.env["care.access.log"]._while("print"):
            answer = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        self._care_note_printed(report_ref, res_ids)
        return answer

    def _care_note_printed(self, report_ref, res_ids):
        """The records themselves, whoever read them for the template. Rendering has checked access."""
        model = self.env.get(self._get_report(report_ref).model)
        if model is not None and "opened_by" in model._fields:
            ids = [res_ids] if isinstance(res_ids, int) else res_ids or []
            self.env["care.access.log"]._note(model.browse(ids), "print")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _to_http_stream(self):
        note_held(self.env["care.access.log"], self)
        return super()._to_http_stream()

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        query = super()._search(domain, offset, limit, order, **kwargs)
        if is_asked(self, ATTACHED, domain, order=order):
            note_found(self, query)
        return query

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        if is_asked(self, ATTACHED, specs=[*groupby, *aggregates]):
            note_found(self, self._search(domain))
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        if is_asked(self, ATTACHED, specs=[*itertools.chain(*grouping_sets), *aggregates]):
            note_found(self, self._search(domain))
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        if not self.env.su and any(field.name in ATTACHED for field in fields):
            note_held(self.env["care.access.log"], fetched)
        return fetched

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and ATTACHED & set(fnames):
            note_held(self.env["care.access.log"], self.browse(row["id"] for row in rows))
        return rows


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        if "opened_by" in record._fields:
            self.env["care.access.log"]._note(record)
        return super()._record_to_stream(record, field_name)


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        query = super()._search(domain, offset, limit, order, **kwargs)
        if is_asked(self, SAID, domain, order=order):
            note_found(self, query, "model")
        return query

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        if is_asked(self, SAID, specs=[*groupby, *aggregates]):
            note_found(self, self._search(domain), "model")
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        if is_asked(self, SAID, specs=[*itertools.chain(*grouping_sets), *aggregates]):
            note_found(self, self._search(domain), "model")
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        if not self.env.su and any(field.name in ("body", "subject") for field in fields):
            note_held(self.env["care.access.log"], fetched, "model")
        return fetched

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su:
            note_held(self.env["care.access.log"], self.browse(row["id"] for row in rows), "model")
        return rows


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        query = super()._search(domain, offset, limit, order, **kwargs)
        if is_asked(self, PLANNED, domain, order=order):
            note_found(self, query)
        return query

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        if is_asked(self, PLANNED, specs=[*groupby, *aggregates]):
            note_found(self, self._search(domain))
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        if is_asked(self, PLANNED, specs=[*itertools.chain(*grouping_sets), *aggregates]):
            note_found(self, self._search(domain))
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and PLANNED & set(fnames):
            note_held(self.env["care.access.log"], self.browse(row["id"] for row in rows))
        return rows
