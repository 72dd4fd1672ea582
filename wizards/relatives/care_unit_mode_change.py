from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.relatives.care_neutral import MODES, STRICTNESS


class CareUnitModeChange(models.TransientModel):
    """Change what a relative-support unit documents: first what will be erased, then a confirmation."""

    _name = "care.unit.mode.change"
    _description = "Change Documentation"

    unit_id = fields.Many2one("care.unit", required=True, ondelete="cascade")
    current_mode = fields.Selection(related="unit_id.documentation_mode", string="Now")
    mode = fields.Selection(MODES, "Change To", required=True)
    decision_id = fields.Many2one("care.mode.decision", "Decision in Force", compute="_compute_dry_run")
    is_stricter = fields.Boolean(compute="_compute_dry_run")
    dry_run = fields.Text("What Is Erased", compute="_compute_dry_run")
    confirmed = fields.Boolean("Erase this for good. It cannot be brought back.")

    @api.depends("unit_id", "mode")
    def _compute_dry_run(self):
        for wizard in self:
            unit = wizard.unit_id
            in_force = self.env["care.mode.decision"]._in_force(unit)
            wizard.decision_id = in_force.get((unit.id, wizard.mode), False)
            wizard.is_stricter = (
                bool(wizard.mode) and STRICTNESS[wizard.mode] > STRICTNESS[wizard.current_mode]
            )
            lines = unit._neutral_lines(wizard.mode) if wizard.is_stricter and wizard._may_change() else []
            wizard.dry_run = "\n".join(f"{count} {label}" for _model, label, count in lines)

    def _may_change(self):
        """A supporter of the unit. The administrator records the decision, and erases nothing."""
        return self.env.user.has_group("social_care.group_relative_support") and self.unit_id._is_member_now()

    def action_change(self):
        self.ensure_one()
        if not self._may_change():
            raise AccessError(
                self.env._("A relative supporter who is a member of the unit changes its documentation.")
            )
        if self.unit_id.kind != "relative_support":
            raise UserError(self.env._("This is for relative-support units."))
        if self.mode == self.current_mode:
            raise UserError(self.env._("The unit documents like that already."))
        if self.mode != "named" and not self.decision_id:
            raise UserError(
                self.env._(
                    "No decision of the board lets the unit do this now. Ask the administrator to record it first."
                )
            )
        if self.dry_run and not self.confirmed:
            raise UserError(self.env._("Read what will be erased, and tick that it may be."))
        self._change()
        return {"type": "ir.actions.act_window_close"}

    def _change(self):
        # sudo: supporters write no unit; the mode alone is changed, and action_change has asked who
        unit_sudo = self.unit_id.sudo()
        if self.is_stricter:
            erasure = self.env["care.relative.erasure"]._begin(
                unit_sudo, self.mode, self.decision_id, self.dry_run
            )
            for model in self.env["care.neutral"]._neutral_models():
                model._neutral_erase(unit_sudo, self.mode)
                self.env.flush_all()
            self._forget_reminders(unit_sudo)
            erasure._end()
        unit_sudo.write({"documentation_mode": self.mode})

    def _forget_reminders(self, unit_sudo):
        """What Odoo kept beside the referrals goes with their names."""
        # sudo: reminders and messages are colleagues' and Odoo's own; not one of them may keep a name
        referrals_sudo = self.env["care.referral"].sudo().search([("unit_id", "=", unit_sudo.id)])
        referrals_sudo.activity_ids.unlink()
        referrals_sudo.message_ids.unlink()
