from odoo import api, fields, models
from odoo.exceptions import UserError


class CareOncallShift(models.Model):
    """A closed shift goes with its events, by an approved retention run and by nothing else.

    What the events told others stays with those others: a unit's handover and ordered visit are part
    of its clients' files, and lose only their way back to the log.
    """

    _inherit = "care.oncall.shift"

    reference = fields.Char(
        compute="_compute_reference", store=True, help="By this a retention run names it."
    )

    @api.depends("create_date")
    def _compute_reference(self):
        for shift in self:
            shift.reference = f"P{shift.create_date:%y}-{shift.id:04}" if shift.create_date else False

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        worked = self.filtered(lambda shift: shift.state != "planned")
        if worked - self.env["care.retention.line"]._listed(worked):
            raise UserError(
                self.env._(
                    "Only a planned shift can be removed. A closed one is deleted by an approved retention run alone."
                )
            )

    def unlink(self):
        teams = self.unit_id
        self.event_ids.unlink()
        result = super().unlink()
        teams._refresh_coverage()
        return result


class CareOncallEvent(models.Model):
    _inherit = "care.oncall.event"

    @api.ondelete(at_uninstall=False)
    def _unlink_by_retention_alone(self):
        closed = self.filtered(lambda event: event.shift_id.state == "closed")
        lines = self.env["care.retention.line"]
        listed_shifts = lines._listed(closed.shift_id)
        kept = closed.filtered(lambda event: event.shift_id not in listed_shifts)
        if kept - lines._listed(kept):
            raise UserError(
                self.env._("The log of a closed shift stays. Only an approved retention run deletes from it.")
            )

    def unlink(self):
        """What one crew handed on to the next goes along; what a unit was told is the unit's."""
        handovers_sudo = self.sudo().handover_ids
        handovers_sudo.filtered(lambda handover: handover.unit_id == handover.from_unit_id).unlink()
        return super().unlink()
