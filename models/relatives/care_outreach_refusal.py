import re
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hmac

from ...tools import keyed_hash, phone_number

# Set while a no is taken back. Not in the context, which a caller over RPC chooses.
TAKING_BACK = ContextVar("care_outreach_taking_back", default=False)


class CareOutreachRefusal(models.Model):
    """Somebody has said no. Kept as a keyed hash: it answers "this one?" and tells no name.

    Without the app's own key the hash confirms no guess, whoever holds a copy of the table.
    """

    _name = "care.outreach.refusal"
    _description = "A No to Outreach"
    _inherit = ["care.neutral"]
    _order = "id desc"
    _rec_name = "id"

    unit_id = fields.Many2one(ondelete="cascade")  # has no name by which to clear it away first
    key = fields.Char(required=True, readonly=True, exportable=False)
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)

    _key_uniq = models.UniqueIndex("(unit_id, key)", "This no is remembered already.")

    @api.model
    def _keys(self, unit, phone, name, zip_code):
        """The hashes under which a person's no is remembered: by phone, and by name and postcode."""
        digits = phone_number.digits(phone) or ""
        secret = keyed_hash.key(self.env.cr)
        return [
            keyed_hash.digest(secret, self._name, unit.id, text)
            for text in self._texts(digits if len(digits) >= 5 else "", name, zip_code)
        ]

    @api.model
    def _keys_until_1_4(self, unit, phone, name, zip_code):
        """Under the database's secret, which Odoo renews in a copy: so were they kept until 19.0.1.4.0."""
        digits = re.sub(r"^(0046|46|0)", "", re.sub(r"\D", "", phone or ""))
        # sudo: nobody reads the database's secret; a hash that was made with it tells nothing of it
        return [
            hmac(self.env(su=True), "social_care.outreach.refusal", f"{unit.id}:{text}")
            for text in self._texts(digits if len(digits) >= 5 else "", name, zip_code)
        ]

    @api.model
    def _texts(self, digits, name, zip_code):
        who = " ".join(sorted(re.sub(r"[^\w ]", "", (name or "").casefold()).split()))
        code = re.sub(r"\D", "", zip_code or "")
        return [*([f"phone:{digits}"] if digits else []), *([f"name:{who}:{code}"] if who else [])]

    @api.model
    def _remember(self, unit, keys):
        # sudo: nobody reads the list of those who said no; this only keeps one no from being written twice
        known = set(self.sudo().search([("unit_id", "=", unit.id), ("key", "in", keys)]).mapped("key"))
        # sudo: nobody writes the list of those who said no; it follows from the answer that one may write
        self.sudo().create([{"unit_id": unit.id, "key": key} for key in keys if key not in known])

    @api.model
    def _forget(self, unit, keys):
        # sudo: nobody deletes a no; it goes when the answer, which one may write, is another
        self.sudo().search([("unit_id", "=", unit.id), ("key", "in", keys)])._neutral_delete()

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_taken_back(self):
        """Only who says yes after all, and a stricter documentation, take a no back."""
        if not TAKING_BACK.get():
            raise UserError(self.env._("Who has said no is not contacted again. A no is not deleted."))

    def _neutral_delete(self):
        token = TAKING_BACK.set(True)
        try:
            return super()._neutral_delete()
        finally:
            TAKING_BACK.reset(token)
