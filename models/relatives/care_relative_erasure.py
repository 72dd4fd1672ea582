from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import frozen
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

    from_mode = fields.Selection(MODES, "From", required=True, readonly=True)
    to_mode = fields.Selection(MODES, "To", required=True, readonly=True)
    decision = fields.Char("Decision of the Board", readonly=True)
    user_id = fields.Many2one("res.users", "Confirmed By", required=True, readonly=True)
    started_at = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now)
    done_at = fields.Datetime("Done", readonly=True)
    erased = fields.Text("What Was Erased", readonly=True)

    _unit_idx = models.Index("(unit_id, id DESC)")
    _frozen = models.Constraint("CHECK (TRUE)", "What was erased stays on record.")

    def init(self):
        columns = ("unit_id", "from_mode", "to_mode", "decision", "user_id", "started_at", "erased")
        frozen.guard(
            self.env.cr,
            "care_relative_erasure",
            update=f"{frozen.changed(*columns)} OR (OLD.done_at IS NOT NULL AND {frozen.changed('done_at')})",
            delete="TRUE",
        )

    @api.model
    def _begin(self, unit, mode, decision, erased):
        """Called by Change Documentation, which has checked who, whether and the confirmation."""
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
        self.sudo()._write_unguarded({"done_at": fields.Datetime.now()})

    def write(self, vals):
        if vals:
            raise UserError(self.env._("What was erased stays on record."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was erased stays on record."))
