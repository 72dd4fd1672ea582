from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.fields import selection_of


class CareRelativeClose(models.TransientModel):
    """Asks how it went before a case or a referral is closed."""

    _name = "care.relative.close"
    _description = "Close"

    case_id = fields.Many2one("care.relative.case", ondelete="cascade")
    referral_id = fields.Many2one("care.referral", ondelete="cascade")
    case_outcome = fields.Selection(selection_of("care.relative.case", "outcome"), "How Did It Go?")
    referral_outcome = fields.Selection(selection_of("care.referral", "outcome"), "What Came of It?")

    def action_close(self):
        self.ensure_one()
        outcome = self.case_outcome or self.referral_outcome
        if not outcome:
            raise UserError(self.env._("Choose one of the outcomes."))
        (self.case_id or self.referral_id).action_close(outcome)
        return {"type": "ir.actions.act_window_close"}
