from odoo import api, fields, models

from .care_neutral import MODES


class CareRelativeErasure(models.Model):
    """That a unit's documentation became stricter, by which decision, and how much was erased: numbers alone.

    While it runs (``done_at`` is empty) it is what lets the database delete the unit's signed notes,
    as an approved retention run does. It is made and ended by Change Documentation within one transaction.
    """

    _name = "care.relative.erasure"
    _description = "Stricter Documentation"
    _inherit = ["care.neutral"]
    _order = "id desc"
    _rec_name = "decision"
    _frozen_from = "id"
    _retained_with = None

    from_mode = fields.Selection(MODES, "From", required=True, readonly=True, frozen=True)
    to_mode = fields.Selection(MODES, "To", required=True, readonly=True, frozen=True)
    decision = fields.Char("Decision of the Board", readonly=True, frozen=True)
    user_id = fields.Many2one("res.users", "Confirmed By", required=True, readonly=True, frozen=True)
    started_at = fields.Datetime(
        "When", required=True, readonly=True, default=fields.Datetime.now, frozen=True
    )
    done_at = fields.Datetime("Done", readonly=True, frozen="done_at")
    erased = fields.Text("What Was Erased", readonly=True, frozen=True)

    _unit_idx = models.Index("(unit_id, id DESC)")
    _frozen = models.Constraint("CHECK (TRUE)", "What was erased stays on record.")

    @api.model
    def _begin(self, unit, mode, decision, erased):
        """Called by Change Documentation, which has checked who, whether and the confirmation."""
        # sudo: nobody writes what was erased; the caller has checked who may
        return self.sudo().create(
            {
                "unit_id": unit.id,
                "from_mode": unit.documentation_mode,
                "to_mode": mode,
                "decision": decision.number,
                "user_id": self.env.uid,
                "erased": erased,
            }
        )

    def _end(self):
        # sudo: nobody writes what was erased; it ends where it was begun
        self.sudo()._write_decided({"done_at": fields.Datetime.now()})
