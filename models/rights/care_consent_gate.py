from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CareConsent(models.Model):
    """The gate before what rests on a consent: without a valid one, now, the method refuses."""

    _inherit = "care.consent"

    @api.model
    def _sql_told_of(self, alias):
        """The night card tells of its own end."""
        return SQL(
            "%s AND NOT EXISTS (SELECT 1 FROM care_night_card n WHERE n.consent_id = %s)",
            super()._sql_told_of(alias),
            SQL.identifier(alias, "id"),
            to_flush=self.env["care.night.card"]._fields["consent_id"],
        )

    @api.model
    def _valid_now(self, client, unit, scope):
        """The client's consents to this in this unit that hold at this moment, as the reader may see them."""
        return self.search(
            [
                ("client_id", "=", client.id),
                ("unit_id", "=", unit.id),
                ("scope", "=", scope),
                ("state", "=", "valid"),
            ]
        )

    @api.model
    def _require(self, client, unit, scope, consent=None):
        """Refuse, and say what to do, unless the client has said yes to this and has not taken it back.

        :param consent: the consent that is pointed at, if any; else any valid one of the kind will do
        """
        valid = self._valid_now(client, unit, scope)
        if (consent and consent in valid) or (not consent and valid):
            return
        kind = dict(self._fields["scope"]._description_selection(self.env))[scope]
        if consent and consent.state == "withdrawn":
            there = consent.with_context(tz=consent.company_id.care_tz)
            raise UserError(
                self.env._(
                    "The client took this consent back on %(date)s. Without a new yes nothing is shared.",
                    date=fields.Datetime.context_timestamp(there, consent.withdrawn_at).date(),
                )
            )
        if consent and consent.scope == scope:
            raise UserError(
                self.env._("This consent does not hold today (%(kind)s). Ask the client anew.", kind=kind)
            )
        raise UserError(
            self.env._(
                "This needs the client's consent: %(kind)s. Ask the client, and note the answer under Consents"
                " with a date and to whom it applies.",
                kind=kind,
            )
        )

    def action_withdraw(self):
        """Whatever rests on the consent ends with it, at once."""
        result = super().action_withdraw()
        # sudo: a card that rests on the consent is taken out of force, also one that the user may not write
        cards_sudo = self.env["care.night.card"].sudo().search([("consent_id", "in", self.ids)])
        cards_sudo.filtered("approved_by").write({"approved_by": False})
        return result


class CareClientContact(models.Model):
    """Whether staff may speak with a relative shows where the number stands."""

    _inherit = "care.client.contact"

    may_speak = fields.Selection(
        [("yes", "May be told"), ("no", "No consent")], "Consent", compute="_compute_may_speak"
    )

    @api.depends("client_id", "unit_id", "kind")
    def _compute_may_speak(self):
        relatives = self.filtered(lambda contact: contact.kind == "relative")
        consents = self.env["care.consent"].search_fetch(
            [
                ("client_id", "in", relatives.client_id.ids),
                ("scope", "=", "relatives"),
                ("state", "=", "valid"),
            ],
            ["client_id", "unit_id"],
        )
        told = {(consent.client_id, consent.unit_id) for consent in consents}
        for contact in self:
            told_here = (contact.client_id, contact.unit_id) in told
            contact.may_speak = contact in relatives and ("yes" if told_here else "no")


class CareNightCard(models.Model):
    """The client's yes to the night card is a consent like any other: it is on the list, and can be taken back."""

    _inherit = "care.night.card"

    consent_id = fields.Many2one("care.consent", readonly=True, copy=False, ondelete="set null", index=True)

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards._note_yes()
        return cards

    def write(self, vals):
        result = super().write(vals)
        if {"approved_by", "valid_to"} & vals.keys():
            self._note_yes()
        return result

    def _note_yes(self):
        """A yes to the card is noted as a consent to share it with the on-call team, until the card ends."""
        for card in self.filtered("approved_by"):
            known = card.consent_id.state == "valid" and card.consent_id.date_to == card.valid_to
            if known or card.valid_to < fields.Date.context_today(card):
                continue
            consent = card.env["care.consent"].create(
                {
                    "client_id": card.client_id.id,
                    "unit_id": card.unit_id.id,
                    "scope": "units",
                    "recipient": card.env._("The on-call team"),
                    "purpose": card.env._("Night card"),
                    "given_by": card.approved_by,
                    "channel": "oral",
                    "date_from": fields.Date.context_today(card),
                    "date_to": card.valid_to,
                }
            )
            card._write_decided({"consent_id": consent.id})
