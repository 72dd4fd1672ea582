from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.phone_number import digits


class CareClientCard(models.Model):
    """All of a client that an on-call team ever sees: one card per stay in a unit that it serves.

    A protected person's card holds the reference alone, and the global rules keep it from all but
    those named. Of a person who has died it says so, without a number to call or a night card, for one day.
    """

    _name = "care.client.card"
    _description = "Client Card"
    _inherit = ["care.oncall.walled"]
    _auto = False
    _labelled = True
    _order = "name, id"
    _depends = {
        "care.stay": ["client_id", "unit_id", "company_id", "dwelling_id", "date_from"],
        "care.client": ["reference", "name", "phone", "phone_digits", "protection_level", "deceased_on"],
        "care.night.card": [
            "client_id",
            "unit_id",
            "active",
            "approved_by",
            "valid_to",
            "closes_at",
            "changed_at",
        ],
    }

    client_id = fields.Many2one("care.client", readonly=True)
    reference = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    phone_digits = fields.Char(readonly=True, exportable=False)
    dwelling_id = fields.Many2one("care.dwelling", readonly=True)
    unit_id = fields.Many2one("care.unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    night_card_id = fields.Many2one("care.night.card", readonly=True)
    night_card_ended_on = fields.Date(readonly=True)
    deceased_on = fields.Date("Deceased", readonly=True)
    changed_at = fields.Datetime("Changed", readonly=True)

    # The night card as the reader may see it: empty unless it is approved and in date
    what_helps = fields.Text(compute="_compute_night_card")
    what_worsens = fields.Text(compute="_compute_night_card")
    call_first = fields.Char(compute="_compute_night_card")
    night_card_until = fields.Date(compute="_compute_night_card")
    check_visit_ids = fields.Many2many(
        "care.check.visit", string="Visits", compute="_compute_check_visit_ids"
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT s.id, s.client_id, s.unit_id, s.company_id, c.reference,"
            " CASE WHEN c.protection_level = 'none' THEN c.name END AS name,"
            " CASE WHEN c.protection_level = 'none' AND c.deceased_on IS NULL THEN c.phone END AS phone,"
            " CASE WHEN c.protection_level = 'none' AND c.deceased_on IS NULL THEN c.phone_digits END AS phone_digits,"
            " CASE WHEN c.protection_level = 'none' THEN s.dwelling_id END AS dwelling_id,"
            " CASE WHEN n.approved_by IS NOT NULL AND c.deceased_on IS NULL THEN n.id END AS night_card_id,"
            " CASE WHEN n.approved_by IS NOT NULL AND n.closes_at <= %s THEN n.valid_to END AS night_card_ended_on,"
            " c.deceased_on,"
            " GREATEST(s.create_date, n.changed_at) AS changed_at"
            " FROM care_stay s JOIN care_client c ON c.id = s.client_id"
            " LEFT JOIN care_night_card n ON n.client_id = s.client_id AND n.unit_id = s.unit_id AND n.active"
            " WHERE c.double_of_id IS NULL",
            fields.Datetime.now(),
        )

    @api.model
    def _wall_ways(self):
        return {"shift": self._wall_by_shift}

    def _wall_by_shift(self, alias, ways):
        """The stay itself, not the pair of client and unit: an earlier stay's card stays shut."""
        units = self._wall_held("served")
        return units and SQL(
            "(%s IN %s AND EXISTS (SELECT 1 FROM care_stay s WHERE s.id = %s AND (%s OR (%s"
            " AND s.end_reason = 'deceased' AND s.ended_at > %s - interval '1 day'))))",
            self._wall_column(alias, "unit_id"),
            units,
            SQL.identifier(alias, "id"),
            self._wall_on_duty(),
            self._wall_now("care.stay", "s"),
            fields.Datetime.now(),
            to_flush=self.env["care.stay"]._fields["end_reason"],
        )

    @api.model
    def _search_display_name(self, operator, value):
        """Find by each word of name or dwelling, by reference, or by the telephone's digits."""
        if operator not in ("ilike", "like", "=ilike", "=") or not isinstance(value, str):
            return NotImplemented
        number = digits(value)
        if number and len(number) >= 7:
            return Domain("phone_digits", "=", number)
        named = [
            Domain("name", "ilike", word)
            | Domain("dwelling_id.name", "ilike", word)
            | Domain("dwelling_id.street", "ilike", word)
            for word in value.split()
        ]
        return Domain("reference", "ilike", value) | Domain.AND(named)

    def _reader_labels(self):
        """Name, reference and dwelling of those that are open to the crew."""
        cards = self._opened_with(["client_id", "reference", "name", "dwelling_id", "deceased_on"])
        # at once: a superuser's record without its neighbours asks for its own
        # sudo: whoever is shown the card may know the dwelling on it; dwellings have rules of their own
        dwellings = {dwelling.id: dwelling.display_name for dwelling in cards.dwelling_id.sudo()}
        died = self.env._("deceased")
        return {
            card.id: " · ".join(
                filter(
                    None,
                    [
                        card.name,
                        card.reference,
                        card.deceased_on and died,
                        dwellings.get(card.dwelling_id.id),
                    ],
                )
            )
            for card in cards
        }

    @api.depends_context("uid")
    @api.depends("night_card_id")
    def _compute_night_card(self):
        """Read as the reader: the night card's own rules say whether it is approved and in date."""
        readable = self.env["care.night.card"].search_fetch(
            [("id", "in", self.night_card_id.ids)], ["what_helps", "what_worsens", "call_first", "valid_to"]
        )
        for card in self:
            night_card = card.night_card_id & readable
            card.what_helps = night_card.what_helps
            card.what_worsens = night_card.what_worsens
            card.call_first = night_card.call_first
            card.night_card_until = night_card.valid_to

    @api.depends_context("uid")
    def _compute_check_visit_ids(self):
        visits = self.env["care.check.visit"].search(
            [("client_id", "in", self.client_id.ids), ("state", "in", ("ordered", "acknowledged"))]
        )
        by_client = visits.grouped("client_id")
        for card in self:
            card.check_visit_ids = by_client.get(card.client_id, visits.browse())

    @api.model
    def _of_number(self, number):
        """The cards open to the reader that have this telephone number.

        :param str number: digits as ``tools.phone_number`` gives them
        """
        return self.search([("phone_digits", "=", number)], limit=5) if number else self.browse()

    def action_new_event(self):
        """Write an event about this client in the shift that is open."""
        self.ensure_one()
        self.check_access("read")
        shift = self.env["care.oncall.shift"]._mine_now()
        return shift.action_new_event(
            {"client_id": self.client_id.id, "dwelling_id": self.dwelling_id.id, "caller_kind": "client"}
        )
