from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from .care_relative_case import random_code

SENDER_GROUPS = (
    "social_care.group_care_staff",
    "social_care.group_oncall_staff",
    "social_care.group_relative_support",
)


class CareReferralReceipt(models.Model):
    """All that a sending unit keeps of a referral: a code, the units and three dates.

    It has no field to the referral, is not written by anyone's name, and says nothing of the relative.
    """

    _name = "care.referral.receipt"
    _description = "Receipt of a Referral"
    _inherit = ["care.guarded"]
    _order = "date desc, id desc"
    _rec_name = "reference"
    _transitions = {"sent": {"received", "closed"}, "received": {"closed"}}

    reference = fields.Char(required=True, readonly=True, copy=False)
    unit_id = fields.Many2one("care.unit", "Sent From", required=True, readonly=True, index=True)
    to_unit_id = fields.Many2one("care.unit", "Sent To", required=True, readonly=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    sender_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    state = fields.Selection(
        [("sent", "Sent"), ("received", "Received"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="sent",
        by_verb=True,
    )
    date = fields.Date("Sent", required=True, readonly=True)
    date_received = fields.Date("Received", readonly=True, by_verb=True)
    date_closed = fields.Date("Closed", readonly=True, by_verb=True)

    _reference_uniq = models.UniqueIndex("(reference)", "This reference exists already. Try again.")
    _unit_idx = models.Index("(unit_id, date DESC, id DESC)")

    @api.model
    def send_referral(self, values):
        """Send a relative's wish for contact to relative support. The sender keeps the receipt alone.

        :param dict values: ``from_unit_id unit_id relative_name phone wish relation consent consent_by
            consent_how consent_at``
        :return: the receipt
        :raise UserError: when something is missing, or the relative has not said yes
        """
        from_unit = self.env["care.unit"].browse(values.get("from_unit_id")).exists()
        unit = self.env["care.unit"].browse(values.get("unit_id")).exists()
        self._check_sender(from_unit)
        self._check_receiver(from_unit, unit)
        self._check_consent(values)
        # The superuser creates both rows: neither bears the sender as its author, follower or reader.
        receipts = self.env(user=SUPERUSER_ID, context=self._clean_context(from_unit))[self._name]
        receipt = receipts.create(
            {
                "reference": random_code("R"),
                "unit_id": from_unit.id,
                "to_unit_id": unit.id,
                "sender_id": self.env.uid,
                "date": fields.Date.context_today(self),
            }
        )
        receipts.env["care.referral"]._receive(receipt, unit, values)
        return self.browse(receipt.id)

    @api.model
    def _clean_context(self, from_unit):
        """Nothing that a caller puts in the context reaches the referral, as ``default_`` values would."""
        return {
            "lang": self.env.context.get("lang"),
            "tz": self.env.context.get("tz"),
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "tracking_disable": True,
            "allowed_company_ids": from_unit.company_id.ids,
        }

    def _check_sender(self, from_unit):
        if (
            not any(self.env.user.has_group(group) for group in SENDER_GROUPS)
            or not from_unit._is_member_now()
        ):
            raise AccessError(self.env._("You refer a relative from a unit of which you are a member now."))

    def _check_receiver(self, from_unit, unit):
        if unit.kind != "relative_support" or unit.company_id != from_unit.company_id or not unit.active:
            raise UserError(self.env._("Choose a relative-support unit."))
        if unit.documentation_mode != "named":
            raise UserError(
                self.env._(
                    "%(unit)s keeps no names, so it cannot receive a referral. Give the relative its leaflet"
                    " or phone number instead: %(phone)s",
                    unit=unit.name,
                    phone=unit.phone or "",
                )
            )

    def _check_consent(self, values):
        if not values.get("consent"):
            raise UserError(self.env._("Ask the relative first. Without a yes nothing is sent."))
        if not all((values.get(name) or "").strip() for name in ("relative_name", "phone", "consent_by")):
            raise UserError(self.env._("Write the relative's name and phone number, and who said yes."))
        if not values.get("consent_how"):
            raise UserError(self.env._("Choose how the relative said yes."))

    def _follow(self, state):
        """The referral has come so far. Nobody's name is left on the receipt."""
        today = fields.Date.context_today(self)
        dates = {"received": "date_received", "closed": "date_closed"}
        receipts = self.with_user(SUPERUSER_ID)
        for receipt in receipts:
            values = {dates[state]: today}
            if state == "closed" and not receipt.date_received:
                values["date_received"] = today
            receipt._transition(state, **values)
