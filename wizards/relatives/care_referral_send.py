from odoo import api, fields, models

from ...models.relatives.care_neutral import RELATIONS
from ...models.relatives.care_referral import CONSENT_HOW


class CareReferralSend(models.TransientModel):
    """Refer a relative: the questions. What was answered is gone as soon as it is sent."""

    _name = "care.referral.send"
    _description = "Refer a Relative"
    _transient_max_hours = 0.25

    from_unit_id = fields.Many2one(
        "care.unit",
        "From",
        required=True,
        default=lambda self: self.env["care.unit"].search(self._domain_from(), limit=1),
        domain=lambda self: self._domain_from(),
    )
    unit_id = fields.Many2one(
        "care.unit",
        "To",
        required=True,
        default=lambda self: self.env["care.unit"].search(self._domain_to(), limit=1),
        domain=lambda self: self._domain_to(),
    )
    relative_name = fields.Char("Relative's Name", required=True)
    phone = fields.Char("Phone Number", required=True)
    relation = fields.Selection(RELATIONS, required=True, default="unknown")
    wish = fields.Text(
        "What the Relative Wishes", help="In the relative's own words, and nothing of the client."
    )
    consent = fields.Boolean("The relative says yes to being contacted")
    consent_by = fields.Char("Who Said Yes", compute="_compute_consent_by", store=True, readonly=False)
    consent_how = fields.Selection(CONSENT_HOW, "How", required=True, default="oral")
    consent_at = fields.Datetime("When", required=True, default=fields.Datetime.now, happened=True)

    @api.model
    def _domain_from(self):
        return self.env["care.neutral"]._domain_my_units()[1:]

    @api.model
    def _domain_to(self):
        return [("kind", "=", "relative_support"), ("documentation_mode", "=", "named")]

    @api.depends("relative_name")
    def _compute_consent_by(self):
        for wizard in self:
            wizard.consent_by = wizard.consent_by or wizard.relative_name

    def action_send(self):
        self.ensure_one()
        names = (
            "relative_name",
            "phone",
            "relation",
            "wish",
            "consent",
            "consent_by",
            "consent_how",
            "consent_at",
        )
        values = {name: self[name] for name in names}
        receipt = self.env["care.referral.receipt"].send_referral(
            {**values, "from_unit_id": self.from_unit_id.id, "unit_id": self.unit_id.id}
        )
        self.unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Sent. Your receipt is %(reference)s.", reference=receipt.reference),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
