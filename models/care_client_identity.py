from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import personal_number as pnr
from ..tools.fields import OptionalInteger


class CareClient(models.Model):
    """The personal number, however it is written, and what follows from it."""

    _inherit = "care.client"

    personal_number = fields.Char(
        "Personal Number (12 Digits)",
        search="_search_personal_number",
        copy=False,
        help="Personal or coordination number, stored as twelve digits. Empty while the identity is unknown.",
    )
    personal_number_written = fields.Char(
        "Personal Number",
        compute="_compute_personal_number_written",
        inverse="_inverse_personal_number_written",
        exportable=False,
    )
    birth_date = fields.Date(compute="_compute_birth_date", store=True, readonly=False, precompute=True)
    age = OptionalInteger(compute="_compute_age", aggregator=None)

    _personal_number_uniq = models.UniqueIndex(
        "(company_id, personal_number) WHERE personal_number IS NOT NULL",
        "A client with this personal number is registered already. If you cannot find the client, ask the"
        " manager of the unit where the client is known to send an intake to your unit.",
    )
    _personal_number_form = models.Constraint(
        "CHECK (personal_number ~ '^[0-9]{12}$')", "A personal number is stored as twelve digits."
    )

    def _search_personal_number(self, operator, value):
        """Compare twelve digits with twelve digits, however the number was typed."""
        if operator in ("in", "not in"):
            return Domain("personal_number", operator, [pnr.normalise(text) or text for text in value])
        if isinstance(value, str) and (number := pnr.normalise(value)):
            return Domain("personal_number", "not in" if operator.startswith("not") else "in", [number])
        return Domain("personal_number", operator, value)

    @api.depends("personal_number")
    def _compute_personal_number_written(self):
        for client in self:
            client.personal_number_written = pnr.written(client.personal_number)

    def _inverse_personal_number_written(self):
        for client in self:
            client.personal_number = client.personal_number_written

    @api.onchange("personal_number_written")
    def _onchange_personal_number_written(self):
        if self.personal_number_written:
            self.personal_number = self._read_personal_number(self.personal_number_written)
            self.personal_number_written = pnr.written(self.personal_number)

    @api.depends("personal_number")
    def _compute_birth_date(self):
        for client in self:
            try:
                client.birth_date = pnr.parse(client.personal_number)[1]
            except pnr.PersonalNumberError:
                client.birth_date = client.birth_date

    @api.depends("birth_date")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for client in self:
            born = client.birth_date
            client.age = born and today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @api.model
    def _read_personal_number(self, text):
        """Twelve digits, or an error that says what is wrong."""
        try:
            return pnr.parse(text)[0]
        except pnr.PersonalNumberError as error:
            reasons = {
                "format": self.env._("it must have ten or twelve digits"),
                "date": self.env._("there is no such date"),
                "future": self.env._("the date lies in the future"),
                "checksum": self.env._("the check digit is wrong"),
            }
            raise ValidationError(
                self.env._(
                    "%(number)s is not a personal number: %(reason)s. Correct it, or leave it empty while"
                    " the identity is unknown.",
                    number=text,
                    reason=reasons[error.reason],
                )
            ) from error
