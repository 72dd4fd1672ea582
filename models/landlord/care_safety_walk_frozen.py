from odoo import api, models
from odoo.exceptions import UserError

from ...tools import frozen
from .care_safety_walk import WALK_TRANSITIONS

WALK_FROZEN = (
    "unit_id", "company_id", "area_id", "route", "date", "started_at", "ended_at", "light", "weather",
    "participants", "resident_count",
)  # fmt: skip
LISTED = "care_retention_lists('care.safety.walk', {})"
POINT_KEPT = "EXISTS (SELECT 1 FROM care_safety_walk_point p WHERE p.id = OLD.point_id)"
CLOSED = "EXISTS (SELECT 1 FROM care_safety_walk w WHERE w.id = {}.walk_id AND w.state = 'closed')"


class CareSafetyWalk(models.Model):
    """A closed walk is fixed in the database too: its protocol has been published."""

    _inherit = "care.safety.walk"

    # The check itself is made by the triggers; the constraint carries their message.
    _frozen = models.Constraint("CHECK (TRUE)", "This walk is closed. Reopen it to correct its protocol.")

    def init(self):
        super().init()
        frozen.guard(
            self.env.cr,
            "care_safety_walk",
            update=f"{frozen.illegal_move(WALK_TRANSITIONS)}"
            f" OR (OLD.state = 'closed' AND {frozen.changed(*WALK_FROZEN)})",
            delete="OLD.state = 'closed'",
            listed=LISTED.format("OLD.id"),
        )
        frozen.guard(
            self.env.cr,
            "care_safety_walk_followed_rel",
            insert=CLOSED.format("NEW"),
            update=f"{CLOSED.format('OLD')} OR {CLOSED.format('NEW')}",
            # a point that a lawful run has deleted takes the row along
            delete=f"{CLOSED.format('OLD')} AND {POINT_KEPT}",
            listed=LISTED.format("OLD.walk_id"),
            key="walk_id",
            constraint="care_safety_walk_frozen",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        walked = self.filtered(lambda walk: walk.state != "planned")
        if walked - self.env["care.retention.line"]._listed(walked):
            raise UserError(
                self.env._(
                    "Only a planned walk can be removed. This one has been walked: an approved retention run alone"
                    " deletes it."
                )
            )

    def unlink(self):
        """The points first: their photos go with them."""
        self.point_ids.unlink()
        return super().unlink()
