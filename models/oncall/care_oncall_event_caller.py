from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.phone_number import digits

# no rule: written twice within so long, in one shift, about one caller, it may be the same call
SAME_CALL = timedelta(minutes=30)


class CareOncallEvent(models.Model):
    """Who calls: a telephone number finds the card, the dwelling and what was noted before.

    Cards are searched as the reader, so that a number finds no one whom the shift may not see; once
    the shift is closed the log shows references alone.
    """

    _inherit = "care.oncall.event"

    caller_digits = fields.Char(compute="_compute_caller_digits", store=True, exportable=False, frozen=False)
    card_id = fields.Many2one(
        "care.client.card",
        "Client's Card",
        compute="_compute_card_id",
        inverse="_inverse_card_id",
        readonly=False,
    )
    client_name = fields.Char(compute="_compute_card_id")
    client_phone = fields.Char(compute="_compute_card_id")
    what_helps = fields.Text(compute="_compute_night_card")
    what_worsens = fields.Text(compute="_compute_night_card")
    call_first = fields.Char(compute="_compute_night_card")
    found_card_ids = fields.Many2many(
        "care.client.card", string="Cards with this Number", compute="_compute_found"
    )
    earlier_event_ids = fields.Many2many(
        "care.oncall.event", string="Earlier Events", compute="_compute_found"
    )
    hint = fields.Text(compute="_compute_hint")

    _caller_idx = models.Index("(unit_id, caller_digits, received_at DESC) WHERE caller_digits IS NOT NULL")

    @api.depends("caller_phone")
    def _compute_caller_digits(self):
        for event in self:
            event.caller_digits = digits(event.caller_phone)

    @api.depends("client_id", "client_unit_id")
    def _compute_card_id(self):
        cards = self.env["care.client.card"].search_fetch(
            [("client_id", "in", self.client_id.ids)], ["client_id", "unit_id", "name", "phone"]
        )
        by_client = cards.grouped("client_id")
        for event in self:
            card = by_client.get(event.client_id._origin, cards.browse())
            card = (
                card.filtered(lambda card, event=event: card.unit_id == event.client_unit_id)[:1] or card[:1]
            )
            event.card_id = card
            # sudo: the reference names nobody; the log shows it once the cards are shut
            event.client_name = card.name or event.client_id.sudo().reference
            event.client_phone = card.phone

    @api.depends("client_id")
    def _compute_night_card(self):
        """Apart from the names: a list of events asks for no night card."""
        cards = self.card_id
        cards.mapped("what_helps")  # for all at once
        for event in self:
            card = event.card_id
            event.what_helps = card.what_helps
            event.what_worsens = card.what_worsens
            event.call_first = card.call_first

    def _inverse_card_id(self):
        for event in self:
            if event.card_id.client_id != event.client_id:
                event.client_id = event.card_id.client_id

    @api.depends("caller_digits", "client_id")
    def _compute_found(self):
        for event in self:
            # sudo: Odoo would ask once more for what the user has just found
            shown_sudo = event.sudo()
            number = event.caller_digits
            shown_sudo.found_card_ids = self.env["care.client.card"]._of_number(number) if number else False
            same = Domain("caller_digits", "=", number) if number else Domain.FALSE
            if event.client_id:
                same |= Domain("client_id", "=", event.client_id.id)
            shown_sudo.earlier_event_ids = self.search(
                same & Domain("unit_id", "=", event.unit_id.id) & Domain("id", "!=", event._origin.id),
                limit=5,
            )

    @api.depends("earlier_event_ids", "received_at", "shift_id")
    def _compute_hint(self):
        """Two of the crew may have written the same call: it hinders nobody."""
        for event in self:
            twin = event.earlier_event_ids.filtered(
                lambda other, event=event: (
                    event.received_at
                    and other.shift_id == event.shift_id._origin
                    and abs(other.received_at - event.received_at) <= SAME_CALL
                )
            )[:1]
            local = event.with_context(tz=event.company_id.care_tz)
            event.hint = bool(twin) and self.env._(
                "Is it the same call as %(reference)s, received at %(time)s? Then go on writing there.",
                reference=twin.reference,
                time=f"{fields.Datetime.context_timestamp(local, twin.received_at):%H:%M}",
            )

    @api.onchange("caller_phone")
    def _onchange_caller_phone(self):
        """One card with this number: it is that client who calls, until the crew says otherwise."""
        number = digits(self.caller_phone)
        if not number or self.client_id:
            return
        cards = self.env["care.client.card"]._of_number(number)
        if len(cards.client_id) == 1:
            self._set_card(cards[:1])
            self.caller_kind = self.caller_kind or "client"
        elif not cards:
            earlier = self.search(
                Domain("caller_digits", "=", number) & Domain("unit_id", "=", self.unit_id.id), limit=1
            )
            self.caller_name = self.caller_name or earlier.caller_name
            self.caller_kind = self.caller_kind or earlier.caller_kind
            self.dwelling_id = self.dwelling_id or earlier.dwelling_id
            self.area_id = self.area_id or earlier.area_id

    @api.onchange("card_id")
    def _onchange_card_id(self):
        self._set_card(self.card_id)

    def _set_card(self, card):
        self.client_id = card.client_id
        if card.dwelling_id:
            self.dwelling_id = card.dwelling_id
            # sudo: a street's area is no secret, and the card shows its reader the dwelling
            self.area_id = card.dwelling_id.sudo().area_id or self.area_id

    @api.model
    def _search_display_name(self, operator, value):
        """Find in the log by reference, or by the caller's number however it is written."""
        number = digits(value) if isinstance(value, str) else False
        if number and len(number) >= 7:
            return Domain("caller_digits", "=", number)
        return super()._search_display_name(operator, value)
