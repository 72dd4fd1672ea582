from odoo import models


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["care.access.log.attached", "mail.message"]
    _content_fields = frozenset({"body", "subject", "preview", "email_from", "reply_to"})
    _model_field = "model"

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
