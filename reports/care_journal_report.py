from odoo import api, models
from odoo.tools import format_date, format_datetime


class CareJournalReport(models.AbstractModel):
    """Odoo lets anybody who is logged in ask for any report by its address: the wall is asked here.

    The notes are searched as the reader; a wizard that somebody else has filled in opens nothing.
    """

    _name = "report.social_care.care_journal_report"
    _description = "Journal on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["care.journal.print"].browse(docids)
        wizards.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "care.journal.print",
            "docs": wizards,
            "sheets": [self._sheet(wizard) for wizard in wizards],
        }

    def _sheet(self, wizard):
        entries = wizard._entries()
        client = wizard.client_id
        objections = entries._objections_shown()
        return {
            "client": client,
            "person": client._reader_label(),
            "reference": client.reference,
            "unit": wizard.unit_id,
            "company": wizard.unit_id.company_id,
            "period": f"{format_date(self.env, wizard.date_from)} – {format_date(self.env, wizard.date_to)}",
            "printed": format_datetime(
                self.env,
                self.env.cr.now(),
                tz=wizard.unit_id.company_id.care_tz,
                dt_format="short",
            ),
            "printed_by": self.env.user.care_name,
            "notes": [self._note(entry, objections[entry]) for entry in entries],
        }

    def _note(self, entry, objections):
        kinds = dict(entry._fields["kind"]._description_selection(self.env))
        return {
            "reference": entry.reference,
            "at": entry._local(entry.event_at),
            "entered": entry._local(entry.entered_at),
            "signed": entry._local(entry.signed_at),
            "kind": kinds[entry.kind],
            "about": entry.about,
            "present": entry.present,
            "body": entry.body,
            "by": entry._signature_line(),
            "remarks": entry._remarks(),
            "is_struck": entry.state == "struck",
            "is_amended": entry.state == "amended",
            "objections": [(objection._who_line(), objection.body) for objection in objections],
        }
