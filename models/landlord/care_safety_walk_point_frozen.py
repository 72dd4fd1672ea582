from odoo import api, models

from ...tools import frozen
from .care_safety_walk_frozen import CLOSED, LISTED

POINT_FROZEN = ("walk_id", "unit_id", "company_id", "area_id", "date", "good", "category", "place", "note")


class CareSafetyWalkPoint(models.Model):
    """What was seen stays as the protocol has it; who mends it, when, and what came of it goes on."""

    _inherit = "care.safety.walk.point"

    _frozen = models.Constraint(
        "CHECK (TRUE)", "The walk is closed and its protocol fixed. Reopen the walk to correct it."
    )

    def init(self):
        super().init()
        frozen.guard(
            self.env.cr,
            "care_safety_walk_point",
            insert=CLOSED.format("NEW"),
            update=f"({CLOSED.format('OLD')} OR {CLOSED.format('NEW')})"
            f" AND ({frozen.changed(*POINT_FROZEN)} OR {frozen.relinked('repeated_of_id')})",
            delete=CLOSED.format("OLD"),
            listed=LISTED.format("OLD.walk_id"),
        )
        walk = (
            "SELECT p.walk_id FROM care_safety_walk_point p JOIN care_safety_walk w ON w.id = p.walk_id"
            " WHERE p.id = OLD.res_id AND w.state = 'closed'"
        )
        frozen.guard(
            self.env.cr,
            "ir_attachment",
            name="care_safety_walk_photo",
            when="OLD.res_model = 'care.safety.walk.point' AND OLD.res_field = 'photo'",
            update=f"EXISTS ({walk}) AND"
            f" {frozen.changed('store_fname', 'db_datas', 'checksum', 'res_model', 'res_field', 'res_id')}",
            delete=f"EXISTS ({walk})",
            listed=LISTED.format(f"({walk})"),
            constraint="care_safety_walk_point_frozen",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed_walk(self):
        closed = self.filtered(lambda point: point.walk_id.state == "closed")
        listed = self.env["care.retention.line"]._listed(closed.walk_id)
        closed.filtered(lambda point: point.walk_id not in listed)._check_walk_is_open()
