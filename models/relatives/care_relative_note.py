from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import frozen
from .care_neutral import ALL

NOTE_CONTENT = (
    "case_id", "unit_id", "event_at", "author_id", "body", "signed_at", "replaces_id", "create_date",
)  # fmt: skip


class CareRelativeNote(models.Model):
    """A note in a relative's case. Signed it is frozen; a correction is a new note that points at it."""

    _name = "care.relative.note"
    _description = "Note in a Relative's Case"
    _inherit = ["care.neutral"]
    _order = "event_at desc, id desc"
    _neutral_parent = "case_id"
    _mode_keeps_out = {"none": ALL}

    case_id = fields.Many2one("care.relative.case", required=True, index=True, ondelete="cascade")
    event_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    author_id = fields.Many2one(
        "res.users", "Written By", required=True, readonly=True, default=lambda self: self.env.user
    )
    body = fields.Text("Note", required=True)
    signed_at = fields.Datetime("Signed", readonly=True, copy=False)
    replaces_id = fields.Many2one(
        "care.relative.note",
        "Corrects",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        by_context=True,
    )

    _never_none = models.Constraint(
        "CHECK (mode <> 'none')", "This unit keeps no personal data, so it has no notes."
    )
    _list_idx = models.Index("(case_id, event_at DESC, id DESC)")
    _frozen = models.Constraint(
        "CHECK (TRUE)", "The note is signed. Write a correction instead; the original stays readable."
    )

    def init(self):
        """A signed note goes with its case in an approved retention run, or with its unit's names."""
        frozen.guard(
            self.env.cr,
            "care_relative_note",
            when="OLD.signed_at IS NOT NULL",
            update=frozen.changed(*NOTE_CONTENT),
            delete="TRUE",
            listed="care_retention_lists('care.relative.case', OLD.case_id) OR EXISTS (SELECT 1 FROM"
            " care_relative_erasure e WHERE e.unit_id = OLD.unit_id AND e.done_at IS NULL)",
        )

    @api.depends("case_id", "event_at")
    def _compute_display_name(self):
        for note in self:
            note.display_name = (
                f"{note.case_id.sudo().reference} {fields.Date.to_string(note.event_at) or ''}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.pop("signed_at", None)
                vals["author_id"] = self.env.uid
        with self._deciding("author_id"):
            return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        if {"signed_at", "author_id"} & vals.keys():
            raise UserError(self.env._("Use Sign; the app notes who and when."))
        if any(note.signed_at for note in self):
            raise UserError(
                self.env._("The note is signed. Write a correction instead; the original stays readable.")
            )
        if any(note.author_id != self.env.user for note in self) and not self.env.su:
            raise UserError(self.env._("Only the author changes a note before it is signed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_signed(self):
        """Also as superuser: only a stricter documentation erases it, or a retention run with its case."""
        signed = self.filtered("signed_at")
        if signed and not signed._erased_lawfully():
            raise UserError(self.env._("A signed note stays. Write a correction instead."))

    def _erased_lawfully(self):
        erasures = self.env["care.relative.erasure"].sudo()
        running = erasures.search([("unit_id", "in", self.unit_id.ids), ("done_at", "=", False)]).unit_id
        listed = self.case_id._listed_for_retention()
        return all(note.unit_id in running or note.case_id in listed for note in self)

    def action_sign(self):
        """Freeze the note. Only its author signs."""
        self.check_access("write")
        for note in self:
            if note.signed_at:
                raise UserError(self.env._("The note is signed already."))
            if note.author_id != self.env.user:
                raise UserError(self.env._("Only the author signs a note."))
        return self._write_unguarded({"signed_at": fields.Datetime.now()})

    def action_correct(self):
        """Open a new note that corrects this signed one."""
        self.ensure_one()
        self.check_access("read")
        if not self.signed_at:
            raise UserError(self.env._("The note is not signed yet. Change it instead."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_case_id": self.case_id.id,
                "default_replaces_id": self.id,
                "default_body": self.body,
                "default_event_at": self.event_at,
            },
        }

    @api.model
    def _neutral_forbidden(self, unit, mode):
        return [(self.env._("notes are deleted"), [("unit_id", "=", unit.id)], None)]
