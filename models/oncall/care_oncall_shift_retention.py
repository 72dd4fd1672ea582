from odoo import api, fields, models
from odoo.exceptions import UserError


class CareOncallShift(models.Model):
    """A closed shift goes with its events, by an approved retention run and by nothing else.

    What the events told others stays with those others: a unit's handover and ordered visit are part
    of its clients' files, and lose only their way back to the log.
    """

    _inherit = "care.oncall.shift"

    reference = fields.Char(
        compute="_compute_reference",
        store=True,
        help="By this a retention run names it.",
        frozen=False,
    )

    @api.depends("create_date")
    def _compute_reference(self):
        for shift in self:
            shift.reference = f"P{shift.create_date:%y}-{shift.id:04}" if shift.create_date else False

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        worked = self.filtered(lambda shift: shift.state != "planned")
        if worked - worked._listed_for_retention():
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

    def _listed_for_retention(self):
        """By itself, or with its shift."""
        listed_shifts = self.shift_id._listed_for_retention()
        alone = self.filtered(lambda event: event.shift_id not in listed_shifts)
        return (self - alone) | super(CareOncallEvent, alone)._listed_for_retention()

    @api.model
    def _listed_sql(self, alias):
        shift = f"care_retention_lists('care.oncall.shift', {alias}.shift_id)"
        return f"{super()._listed_sql(alias)} OR {shift}"

    def unlink(self):
        """What one crew handed on to the next goes along; what a unit was told is the unit's."""
        self.handover_ids.filtered(lambda handover: handover.unit_id == handover.from_unit_id).unlink()
        return super().unlink()
