from odoo import fields, models
from odoo.exceptions import UserError


class CareSafetyWalkPoint(models.Model):
    """Its owner decides, mends or declines with a reason."""

    _inherit = "care.safety.walk.point"

    def action_decide(self):
        """Its owner has decided to mend it."""
        self._decide("decided")

    def action_done(self):
        self._decide("done")

    def action_decline(self, reason=None):
        """Its owner will not mend it.

        :param str reason: shown in the protocol; ``decline_reason`` when empty
        :raise UserError: without a reason
        """
        for first in self._first():
            first.check_access("write")
            if reason:
                first.decline_reason = reason
            if not (first.decline_reason or "").strip():
                raise UserError(
                    self.env._("Write the reason before you decline: those who walked along will read it.")
                )
        self._decide("declined")

    def action_reopen(self):
        self._decide("open")

    def action_next(self):
        """The point is saved; on to the next one of the walk."""
        return self.walk_id.action_new_point()

    def _decide(self, state):
        """A repetition's state is that of the first point, so the first one moves."""
        self._first()._transition(state, state_date=fields.Date.context_today(self))

    def _first(self):
        return self.mapped(lambda point: point.repeated_of_id or point)
