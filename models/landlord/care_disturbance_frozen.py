from odoo import api, models
from odoo.exceptions import UserError

from ...tools import frozen
from .care_disturbance import DISTURBANCE_TRANSITIONS

CASE_FROZEN = (
    "reference", "unit_id", "company_id", "received_at", "area_id", "address", "kind", "description",
    "complainant_name", "complainant_phone", "complainant_agreed", "verified", "measures", "ladder_step",
    "warned_at", "notified_at",
)  # fmt: skip


class CareDisturbance(models.Model):
    """A closed case is fixed in the database too: it may be the landlord's proof before the rent tribunal."""

    _inherit = "care.disturbance"

    # The check itself is made by the trigger; the constraint carries its message.
    _frozen = models.Constraint("CHECK (TRUE)", "This case is closed. Reopen it to change it.")

    def init(self):
        super().init()
        frozen.guard(
            self.env.cr,
            "care_disturbance",
            update=f"{frozen.illegal_move(DISTURBANCE_TRANSITIONS)}"
            f" OR (OLD.state = 'closed' AND {frozen.changed(*CASE_FROZEN)})",
            delete="OLD.state = 'closed'",
            listed="care_retention_lists('care.disturbance', OLD.id)",
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_by_retention_alone(self):
        if self - self.env["care.retention.line"]._listed(self):
            raise UserError(self.env._("A case stays. Only an approved retention run deletes it."))

    def unlink(self):
        """The events stay in their closed shifts, without the case."""
        self.sudo().event_ids._write_decided({"disturbance_id": False})
        return super().unlink()
