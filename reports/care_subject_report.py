from odoo import api, models
from odoo.exceptions import UserError

LONG = 1500  # characters


class CareSubjectReport(models.AbstractModel):
    """The extract on paper: for the person, in words, with why, whence, to whom and for how long."""

    _name = "report.social_care.care_subject_report_document"
    _description = "Register Extract on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        parts = self.env["care.subject.part"].browse(docids)
        parts.check_access("read")
        if any(part.state == "waiting" for part in parts):
            raise UserError(self.env._("Collect the records first."))
        return {
            "doc_ids": docids,
            "doc_model": "care.subject.part",
            "docs": parts,
            "sheets": [self._sheet(part.with_context(lang=part._person_lang())) for part in parts],
        }

    def _sheet(self, part):
        items = part.item_ids.sorted(
            lambda item: (item.sequence, -(item.date or item.create_date.date()).toordinal(), item.id)
        )
        # sudo: the request is the privacy officer's; whose it is and when it came are the person's
        part_sudo = part.sudo()
        return {
            "part": part,
            "released": part.state in ("released", "handed"),
            "provider": part_sudo.company_id,
            "unit": part_sudo.unit_id.name or part.env._("What belongs to no unit"),
            "reference": part_sudo.client_id.reference,
            "person": part.client_id._reader_labels().get(part.client_id.id, part_sudo.client_id.reference),
            "received_on": part_sudo.received_on,
            "kinds": self._kinds(part, items),
            "judged": items.filtered(lambda item: item.outcome in ("part", "hold")),
            "appeal": part_sudo.company_id._appeal_text(),
        }

    def _kinds(self, part, items):
        """Each kind with its records. A time that is kept as the kind above it is told once."""
        kinds, above = [], None
        for kind in part._kinds_of(items):
            held = kind["items"].filtered(lambda item: item.outcome == "hold")
            kinds.append(
                {
                    **kind,
                    "kept_as_above": kind["entry"].retention and kind["entry"].retention == above,
                    "held": len(held),
                    "records": [self._record(item) for item in kind["items"] - held],
                }
            )
            above = kind["entry"].retention or above
        return kinds

    def _record(self, item):
        """One that is longer than a page could never stand on one, and would leave the page before it empty."""
        lines = item._given_lines()
        return {
            "date": item.date,
            "lines": lines,
            "masked": item.outcome == "part",
            "is_long": sum(len(label) + len(text) for label, text in lines) > LONG,
        }
