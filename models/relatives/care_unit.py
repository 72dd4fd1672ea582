from odoo import api, fields, models
from odoo.exceptions import UserError

from .care_neutral import STRICTNESS


class CareUnit(models.Model):
    """What a relative-support unit adds: the decision behind its mode, and a neutral sender."""

    _inherit = "care.unit"

    mode_decision_ids = fields.One2many("care.mode.decision", "unit_id", "Decisions on Documentation")
    mode_decision_id = fields.Many2one(
        "care.mode.decision", "Decision in Force", compute="_compute_mode_decision"
    )
    mode_unsupported = fields.Boolean(
        "Must Document",
        compute="_compute_mode_decision",
        help="No decision of the board is in force for the unit's documentation mode.",
    )
    invitation_sender = fields.Char(
        "Sender on Invitations",
        translate=True,
        help="What others in the household may read: a person or an address, not what the support is.",
    )
    leaflet = fields.Text(
        "Text of the Leaflet", translate=True, help="What the unit offers, in a few plain sentences."
    )

    # What the rows of the unit refer to, so that their mode cannot differ from it.
    _mode_id_uniq = models.Constraint("UNIQUE (documentation_mode, id)")

    @api.depends(
        "documentation_mode",
        "mode_decision_ids.mode",
        "mode_decision_ids.date_from",
        "mode_decision_ids.date_to",
    )
    def _compute_mode_decision(self):
        in_force = self.env["care.mode.decision"]._in_force(self._origin)
        for unit in self:
            decision = in_force.get((unit._origin.id, unit.documentation_mode), False)
            unit.mode_decision_id = decision
            unit.mode_unsupported = unit.documentation_mode != "named" and not decision

    def write(self, vals):
        """The database passes a new mode on to the unit's rows, so their cache is old."""
        mode = vals.get("documentation_mode")
        changed = self.filtered(lambda unit: mode and unit.documentation_mode != mode)
        for unit in changed:
            if STRICTNESS[mode] > STRICTNESS[unit.documentation_mode] and unit._neutral_lines(mode):
                raise UserError(
                    self.env._(
                        "The unit holds records that this mode forbids. Let a member of the unit use"
                        " Change documentation, which shows what will be erased first."
                    )
                )
        if changed:
            self.env.flush_all()
        result = super().write(vals)
        if changed:
            self.env.flush_all()
            self.env.invalidate_all()
        return result

    def _neutral_lines(self, mode):
        """What ``mode`` forbids and the unit holds: ``[(model, label, count)]``."""
        self.ensure_one()
        lines = []
        for model in self.env["care.neutral"]._neutral_models():
            for label, domain, _values in model._neutral_forbidden(self, mode):
                # sudo: the administrator reads none of these; how many there are is all that comes back
                count = model.sudo().with_context(active_test=False).search_count(domain)
                if count:
                    lines.append((model._name, label, count))
        return lines

    def _is_member_now(self, role=None):
        """The user is a member of each of these units now, by the server's clock."""
        return bool(self) and self._mine_now(role) == self

    def action_change_mode(self):
        """Ask for another documentation mode; the dry run comes first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Documentation"),
            "res_model": "care.unit.mode.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_unit_id": self.id},
        }
