from odoo import api, fields, models
from odoo.tools import format_date, format_datetime


class CareJournalEntry(models.Model):
    """How a note is shown on screens and prints: who, when, and whatever a reader must know about it."""

    _inherit = "care.journal.entry"

    remarks = fields.Char(compute="_compute_remarks")
    signature_line = fields.Char("Signed by", compute="_compute_remarks")
    objections_text = fields.Text("The Client Objects", compute="_compute_objections_text")

    @api.depends("state", "is_late", "is_auto_signed", "signed_at")
    @api.depends_context("lang", "uid")
    def _compute_remarks(self):
        for entry in self:
            entry.remarks = " · ".join(entry._remarks())
            entry.signature_line = entry._signature_line()

    def _remarks(self):
        self.ensure_one()
        remarks = []
        if self.is_late and self.state != "draft" and not self.replaces_id:  # an amendment always comes after
            remarks.append(self.env._("Written late: %s", self._local(self.entered_at)))
        if self.is_auto_signed:
            remarks.append(self.env._("Signed by the system, not by the author"))
        if self.replaces_id and self.state != "draft":
            remarks.append(
                self.env._(
                    "Amends %(note)s: %(reason)s", note=self.replaces_id.reference, reason=self.amend_reason
                )
            )
        if self.state == "amended":
            remarks.append(self.env._("Amended, see %s", self.replaced_by_id.reference))
        if self.state == "struck":
            remarks.append(
                self.env._(
                    "Struck by %(name)s %(when)s: %(reason)s",
                    name=self.struck_by_name,
                    when=self._local(self.struck_at),
                    reason=self.strike_reason,
                )
            )
        return remarks

    def _signature_line(self):
        """Name and title as they were at signing."""
        self.ensure_one()
        if self.state == "draft":
            return False
        return ", ".join(filter(None, [self.author_name, self.author_title]))

    def _local(self, moment):
        return format_datetime(self.env, moment, tz=self.company_id.care_tz, dt_format="short")

    @api.depends("objection_ids", "replaces_id")
    @api.depends_context("lang", "uid")
    def _compute_objections_text(self):
        objections = self._origin._objections_shown()
        for entry in self:
            shown = objections.get(entry._origin, entry.objection_ids.browse())
            entry.objections_text = "\n".join(objection._line() for objection in shown)

    def _objections_shown(self):
        """Each note's objections, with those against the notes that it replaces.

        :return: ``{entry: objections}``; one query per step of amendment, whatever the number of notes
        """
        chains = {entry: entry for entry in self}
        step = self
        while step := step.replaces_id:
            chains = {entry: chain | chain.replaces_id for entry, chain in chains.items()}
        every = self.browse().union(*chains.values()) if chains else self
        objections = self.env["care.journal.objection"].search([("entry_id", "in", every.ids)])
        by_entry = objections.grouped("entry_id")
        none = objections.browse()
        return {
            entry: none.union(*(by_entry.get(one, none) for one in chain)).sorted(
                lambda o: (o.noted_at, o.id)
            )
            for entry, chain in chains.items()
        }


class CareJournalObjection(models.Model):
    _inherit = "care.journal.objection"

    def _line(self):
        """One objection on one line, as every list and print shows it."""
        self.ensure_one()
        return self.env._("%(who)s: %(text)s", who=self._who_line(), text=self.body)

    def _who_line(self):
        said_by = dict(self._fields["said_by"]._description_selection(self.env))[self.said_by]
        return self.env._(
            "%(who)s %(day)s, noted by %(name)s",
            who=said_by,
            day=format_date(self.env, self.said_on),
            name=self.noted_by_name,
        )
