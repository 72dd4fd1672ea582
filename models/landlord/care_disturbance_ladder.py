from odoo import models
from odoo.exceptions import UserError

# From step to step; False is before the first. A case may skip the mild ones, never the warning.
LADDER = {
    False: {"conversation", "first_letter", "warning"},
    "conversation": {"first_letter", "warning", "meeting"},
    "first_letter": {"warning", "meeting"},
    "meeting": {"warning", "referral"},
    "warning": {"meeting", "referral"},
    "referral": set(),
}
WARNED_STEPS = {"warning", "referral"}


class CareDisturbance(models.Model):
    """The landlord's ladder against a disturbance.

    A tenant is given notice for disturbing only after a warning of which the social board was
    notified, save in especially serious cases; for a flat that is sublet both are always needed
    (JB 12:25). A case here always takes both: then it need not know how the flat is let, which
    could tell that the tenant is a client.
    """

    _inherit = "care.disturbance"

    def action_conversation(self):
        """Somebody has spoken with the tenant."""
        self._climb("conversation")

    def action_first_letter(self):
        self._climb("first_letter")

    def action_warning(self):
        """The tenant is warned and the social board notified; the record holds both days as proof."""
        self._climb("warning")

    def action_meeting(self):
        self._climb("meeting")

    def action_referral(self):
        """Handed over to the landlord, who may take it to the rent tribunal."""
        self._climb("referral")

    def _climb(self, step):
        for case in self:
            case.check_access("write")
            if case._is_frozen():
                raise UserError(case._frozen_message())
            if step not in LADDER[case.ladder_step]:
                raise UserError(
                    self.env._("The case cannot take that step from where it is. Reload the page.")
                )
            if step in WARNED_STEPS and not (case.warned_at and case.notified_at):
                raise UserError(
                    self.env._(
                        "Enter first the day the tenant was warned and the day the social board was notified."
                        " Both are always needed (JB 12:25)."
                    )
                )
        self._write_decided({"ladder_step": step})
