from odoo import models
from odoo.exceptions import UserError

from .care_safety_walk_point import POINT_TRANSITIONS


class CareSafetyWalkPoint(models.Model):
    """Its owner decides, mends or declines with a reason."""

    _inherit = "care.safety.walk.point"

    def action_decide(self):
        """Its owner has decided to mend it."""
        self._move_to("decided")

    def action_done(self):
        self._move_to("done")

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
        self._move_to("declined")

    def action_reopen(self):
        self._move_to("open")

    def action_next(self):
        """The point is saved; on to the next one of the walk."""
        return self.walk_id.action_new_point()

    def _move_to(self, state):
        """A repetition's state is that of the first point, so the first one moves."""
        first = self._first()
        for point in first:
            point.check_access("write")
            if point.good or state not in POINT_TRANSITIONS[point.state]:
                raise UserError(
                    self.env._(
                        "%(point)s cannot be changed so now. Reload the page.", point=point.display_name
                    )
                )
        first._set_state(state)

    def _first(self):
        return self.mapped(lambda point: point.repeated_of_id or point)
