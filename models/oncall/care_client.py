from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.phone_number import digits


class CareClient(models.Model):
    """What the on-call team is told about a client, and what it tells the client's unit."""

    _inherit = "care.client"

    phone_digits = fields.Char(
        compute="_compute_phone_digits", store=True, index="btree_not_null", exportable=False
    )
    night_card_ids = fields.One2many("care.night.card", "client_id", "Night Cards")
    check_visit_ids = fields.One2many("care.check.visit", "client_id", "Ordered Visits")
    handover_ids = fields.One2many("care.handover", "client_id", "Handovers")
    night_card_count = fields.Integer(compute="_compute_counts")
    check_visit_count = fields.Integer("Visits Waiting", compute="_compute_counts")
    unread_handover_count = fields.Integer("Unread Handovers", compute="_compute_counts")
    oncall_event_count = fields.Integer(
        "On-call Contacts",
        compute="_compute_counts",
        help="How often the on-call team has noted something about the client in the last 90 days. The log"
        " itself is the team's own.",
    )

    @api.depends("phone")
    def _compute_phone_digits(self):
        for client in self:
            client.phone_digits = digits(client.phone)

    def write(self, vals):
        """Of a protected person the on-call team is shown nothing, what is ordered already included."""
        result = super().write(vals)
        if "protection_level" in vals:
            self.env["care.check.visit"]._cancel_unreachable(Domain("client_id", "in", self.ids))
        return result

    def _reader_labels(self):
        """A crew on duty knows by the card whose file is shut."""
        labels = super()._reader_labels()
        cards, shut = self.env["care.client.card"], [id_ for id_ in self.ids if id_ not in labels]
        if shut and cards.has_access("read"):
            cards = cards.search_fetch(
                [("client_id", "in", shut)], ["client_id", "reference", "name", "dwelling_id"]
            )
            by_card = cards._reader_labels()
            labels |= {card.client_id.id: by_card[card.id] for card in reversed(cards)}
        return labels

    @api.model
    def _counted(self):
        return super()._counted() | {
            "night_card_count": ("night_card_ids", Domain.TRUE),
            "check_visit_count": ("check_visit_ids", Domain("state", "in", ("ordered", "acknowledged"))),
            "unread_handover_count": ("handover_ids", Domain("state", "=", "sent")),
        }

    def _sql_counts(self):
        """Calls per client are told within the unit that owns the client, nowhere else."""
        members = self.env["care.unit.member"]
        mine = members._search(members._domain_now() & members._domain_mine())
        since = fields.Datetime.now() - self.env["care.rule"]._period("card_history")
        here = (
            Domain("client_id", "in", self.ids)
            & Domain("client_unit_id", "in", mine.subselect("unit_id"))
            & Domain("received_at", ">=", since)
        )
        # sudo: day staff read no event; a number of their own client's is all that comes back.
        events_sudo = self.env["care.oncall.event"].sudo()
        return super()._sql_counts() | {"oncall_event_count": events_sudo._sql_count(here, "client_id")}

    def _after_deceased(self):
        """No crew goes there, and none reads what calms or whom to call."""
        super()._after_deceased()
        waiting = Domain("client_id", "in", self.ids) & Domain("state", "in", ("ordered", "acknowledged"))
        self.env["care.check.visit"].search(waiting).action_cancel()

    def action_open_night_cards(self):
        return self._action_open("social_care.care_night_card_action")

    def action_open_check_visits(self):
        return self._action_open("social_care.care_check_visit_action")

    def action_open_handovers(self):
        return self._action_open("social_care.care_handover_action")

    def action_order_check_visit(self):
        """Order a visit by the on-call team, from the client's own page."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order a Visit"),
            "res_model": "care.check.visit",
            "view_mode": "form",
            "context": {"default_client_id": self.id, "default_unit_id": self.default_unit_id.id},
        }
