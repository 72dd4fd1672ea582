from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import frozen


class CareRelativeNote(models.Model):
    """A note in a relative's case. Signed it is frozen; a correction is a new note that points at it.

    It goes with its case in an approved retention run, or with its unit's names.
    """

    _name = "care.relative.note"
    _description = "Note in a Relative's Case"
    _inherit = ["care.neutral"]
    _order = "event_at desc, id desc"
    _neutral_parent = "case_id"
    _kept_in_none = False
    _frozen_from = "signed_at"
    _retained_with = "case_id"

    case_id = fields.Many2one(
        "care.relative.case", required=True, index=True, ondelete="cascade", frozen="id"
    )
    event_at = fields.Datetime("When", required=True, default=fields.Datetime.now, frozen=True, happened=True)
    author_id = fields.Many2one(
        "res.users",
        "Written By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        by_verb=True,
        frozen=True,
    )
    body = fields.Text("Note", required=True, frozen=True)
    signed_at = fields.Datetime("Signed", readonly=True, copy=False, by_verb=True, frozen="signed_at")
    replaces_id = fields.Many2one(
        "care.relative.note",
        "Corrects",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        by_context=True,
        frozen=True,
    )

    _never_none = models.Constraint(
        "CHECK (mode <> 'none')", "This unit keeps no personal data, so it has no notes."
    )
    _list_idx = models.Index("(case_id, event_at DESC, id DESC)")
    _frozen = models.Constraint(
        "CHECK (TRUE)", "The note is signed. Write a correction instead; the original stays readable."
    )

    @api.model
    def _guard_conditions(self):
        """Also of a case that is deleted beside the retention run, and with the day it was written."""
        conditions, signed = super()._guard_conditions(), self._frozen_sql("OLD")
        written = f"({signed} AND {frozen.changed('create_date')})"
        return conditions | {"update": f"{conditions['update']} OR {written}", "delete": signed}

    @api.model
    def _listed_sql(self, alias):
        running = f"care_relative_erasure.unit_id = {alias}.unit_id AND care_relative_erasure.done_at IS NULL"
        return f"{super()._listed_sql(alias)} OR {frozen.exists('care_relative_erasure', running)}"

    @api.depends("case_id", "event_at")
    def _compute_display_name(self):
        for note in self:
            # sudo: the case's reference alone, a random code that names nobody
            note.display_name = (
                f"{note.case_id.sudo().reference} {fields.Date.to_string(note.event_at) or ''}"
            )

    @api.constrains("replaces_id", "case_id")
    def _check_replaced(self):
        """A note that points elsewhere would also keep the other case from being deleted."""
        for note in self.filtered("replaces_id"):
            if note.replaces_id.case_id != note.case_id or not note.replaces_id.signed_at:
                raise ValidationError(self.env._("A correction is about a signed note of the same case."))

    def write(self, vals):
        self.check_access("write")
        if (
            self._not_decided(vals)
            and any(note.author_id != self.env.user for note in self)
            and not self.env.su
        ):
            raise UserError(self.env._("Only the author changes a note before it is signed."))
        return super().write(vals)

    def _listed_for_retention(self):
        erasures = self.env["care.relative.erasure"]
        running = erasures.search([("unit_id", "in", self.unit_id.ids), ("done_at", "=", False)]).unit_id
        erased = self.filtered(lambda note: note.unit_id in running)
        return erased | super(CareRelativeNote, self - erased)._listed_for_retention()

    def action_sign(self):
        """Freeze the note. Only its author signs."""
        self.check_access("write")
        for note in self:
            if note.signed_at:
                raise UserError(self.env._("The note is signed already."))
            if note.author_id != self.env.user:
                raise UserError(self.env._("Only the author signs a note."))
        return self._write_decided({"signed_at": fields.Datetime.now()})

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
