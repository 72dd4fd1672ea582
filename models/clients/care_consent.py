from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CareConsent(models.Model):
    """What the client has said yes to, to whom it applies, and until when. It can be taken back any time."""

    _name = "care.consent"
    _description = "Consent"
    _inherit = ["care.ending", "care.period"]
    _order = "date_from desc, id desc"
    _ends_alike = "scope"
    _ends_taken_over = False  # a consent to photos says nothing of one to speak with health care
    _ends_type = "social_care.activity_type_consent"

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    scope = fields.Selection(
        [
            ("relatives", "Speak with relatives"),
            ("authority", "Share with the authority"),
            ("health", "Share with health care"),
            ("units", "Share with another unit"),
            ("technology", "Digital technology in the home"),
            ("photo", "Photos"),
            ("other", "Other"),
        ],
        required=True,
    )
    recipient = fields.Char(help="Whom the consent is about: a person, a ward, a unit.")
    purpose = fields.Char(required=True)
    given_by = fields.Selection(
        [("client", "The client"), ("representative", "Representative"), ("guardian", "Parent with custody")],
        required=True,
        default="client",
    )
    giver_id = fields.Many2one("care.client.contact", "Given by the Person")
    channel = fields.Selection(
        [("written", "In writing"), ("oral", "Orally"), ("digital", "Digitally")],
        required=True,
        default="oral",
    )
    withdrawn_at = fields.Datetime("Withdrawn", readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    state = fields.Selection(
        [("planned", "Not yet"), ("valid", "Valid"), ("expired", "Expired"), ("withdrawn", "Withdrawn")],
        compute="_compute_state",
        search="_search_state",
    )

    @api.depends("opens_at", "closes_at", "withdrawn_at")
    def _compute_state(self):
        for consent in self:
            if consent.withdrawn_at:
                consent.state = "withdrawn"
            elif consent._is_now():
                consent.state = "valid"
            else:
                over = consent.closes_at and consent.closes_at <= fields.Datetime.now()
                consent.state = "expired" if over else "planned"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_ = Domain("withdrawn_at", "=", False)
        domains = {
            "withdrawn": ~open_,
            "valid": open_ & self._domain_now(),
            "expired": open_ & Domain("closes_at", "<=", "now"),
            "planned": open_ & Domain("opens_at", ">", "now"),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("giver_id", "client_id", "unit_id")
    def _check_giver(self):
        for consent in self:
            # sudo: whoever gave it may be closed to the writer; nothing is told but that it is the wrong one
            giver_sudo = consent.giver_id.sudo()
            if giver_sudo and (giver_sudo.client_id, giver_sudo.unit_id) != (
                consent.client_id,
                consent.unit_id,
            ):
                raise ValidationError(
                    self.env._("The person who gave the consent is not in this client's network here.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Not as superuser either. With the client's file it goes by itself, or as a mistake of the same day."""
        if not self._not_decided(["id"]):
            return
        raise UserError(
            self.env._("A consent is withdrawn, never deleted: that it was given stays readable.")
        )

    def _end_mistaken(self):
        if not self.withdrawn_at:
            self.action_withdraw()

    def action_withdraw(self):
        """Take the consent back, at once. It stays readable that it was given."""
        for consent in self:
            consent.check_access("write")
            if consent.withdrawn_at:
                raise UserError(self.env._("This consent was withdrawn already."))
        self._write_decided({"withdrawn_at": fields.Datetime.now(), "withdrawn_by_id": self.env.uid})

    @api.model
    def _sql_told_of(self, alias):
        withdrawn = SQL.identifier(alias, "withdrawn_at", to_flush=self._fields["withdrawn_at"])
        return SQL("%s AND %s IS NULL", super()._sql_told_of(alias), withdrawn)

    @api.model
    def _sql_may_follow(self, alias, ended):
        """One that was given anew and then taken back, too: the client has said no."""
        return SQL(
            "%s AND (%s.withdrawn_at IS NULL OR %s.withdrawn_at >= %s.closes_at)",
            self._sql_not_mistaken(alias),
            SQL.identifier(alias),
            SQL.identifier(alias),
            SQL.identifier(ended),
            to_flush=self._fields["withdrawn_at"],
        )

    def _ended_sentence(self):
        return self.env._(
            "The consent %(scope)s ended on %(date)s. Ask the client anew, or note why nothing follows.",
            scope=dict(self._fields["scope"]._description_selection(self.env))[self.scope],
            date=self.date_to,
        )
