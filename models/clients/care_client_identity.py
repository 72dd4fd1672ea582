from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import personal_number as pnr
from ...tools.fields import OptionalInteger


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
    birth_date = fields.Date(
        compute="_compute_birth_date",
        store=True,
        readonly=False,
        precompute=True,
        happened=True,
        earliest="1880-01-01",
    )
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
            born = not self.personal_number and self.birth_date  # else the date follows from the number
            self.personal_number = self._read_personal_number(self.personal_number_written, born)
            self.personal_number_written = pnr.written(self.personal_number)

    @api.depends("personal_number")
    def _compute_birth_date(self):
        for client in self:
            number, born = client.personal_number, client.birth_date
            client.birth_date = pnr.birth_date(number) or (
                born if not (number and born) or pnr.agrees(number, born) else False
            )

    @api.constrains("personal_number", "birth_date")
    def _check_birth_date(self):
        """The number tells the date, as far as it is known."""
        for client in self:
            number, born = client.personal_number, client.birth_date
            if number and born and not pnr.agrees(number, born):
                raise ValidationError(
                    self.env._("The birth date is not the one in the personal number. Correct one of them.")
                )

    @api.depends("birth_date")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for client in self:
            born = client.birth_date
            client.age = born and today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.browse().check_access("create")  # before anything is told
        numbered = [self._normalise(vals) for vals in vals_list]
        self._check_numbers_are_free(numbered)
        return super().create(numbered)

    def _check_numbers_are_free(self, vals_list):
        """Ask before the database does: its answer goes to the server's log with the number and the name.

        Whoever admits somebody must learn that the person is known already. That, and not where or by which
        reference; and the attempt is a line in the client's access log, whatever is rolled back.
        """
        taken_sudo = self._clients_with_numbers_sudo(vals_list, with_doubles=True) - self
        if not taken_sudo:
            return
        self._note_number_tried(taken_sudo.sudo(False))
        raise ValidationError(
            self.env._(
                "A client with this personal number is registered already. If you cannot find the client, ask"
                " the manager of the unit where the client is known to send an intake to your unit."
            )
        )

    @api.model
    def _clients_with_numbers_sudo(self, vals_list, with_doubles=False):
        """Those who are or were known by one of the numbers, whether or not the user opens them."""
        numbers = {}
        for vals in vals_list:
            if vals.get("personal_number"):
                company_id = vals.get("company_id") or self.env.company.id
                numbers.setdefault(company_id, set()).add(vals["personal_number"])
        domain = Domain.OR(
            Domain("company_id", "=", company_id) & self._domain_numbered(same, with_doubles)
            for company_id, same in numbers.items()
        )
        # sudo: of those whom the user does not open, only that they are there is told
        return self.sudo().search(domain) if numbers else self.sudo().browse()

    @api.model
    def _note_number_tried(self, clients):
        if not self.env.su:
            self.env["care.access.log"]._note_refused("create", clients)

    @api.model
    def _read_personal_number(self, text, born=None):
        """Twelve digits, or an error that says what is wrong, without the number: it goes to the server's log."""
        try:
            return pnr.parse(text, born=fields.Date.to_date(born) or None)[0]
        except pnr.PersonalNumberError as error:
            reasons = {
                "format": self.env._("it must have ten or twelve digits"),
                "date": self.env._("there is no such date"),
                "future": self.env._("the date lies in the future"),
                "checksum": self.env._("the check digit is wrong"),
                "serial": self.env._("nobody has the serial number 000"),
                "born": self.env._("the birth date says otherwise"),
            }
            raise ValidationError(
                self.env._(
                    "This is not a personal number: %(reason)s. Correct it, or leave it empty while the"
                    " identity is unknown.",
                    reason=reasons[error.reason],
                )
            ) from error
