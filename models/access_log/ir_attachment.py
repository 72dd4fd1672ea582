from odoo import models


class IrAttachment(models.Model):
    _name = "ir.attachment"
    _inherit = ["care.access.log.attached", "ir.attachment"]
    _content_fields = frozenset({"raw", "datas", "db_datas", "index_content", "name", "description"})

    def _to_http_stream(self):
        self._note_held()
        return super()._to_http_stream()

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        if not self.env.su and any(field.name in self._content_fields for field in fields):
            fetched._note_held()
        return fetched

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and self._content_fields & set(fnames):
            self.browse(row["id"] for row in rows)._note_held()
        return rows
