from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import phone_number


class CareClientContact(models.Model):
    """Someone around the client, as one unit knows them: relative, representative or official."""

    _name = "care.client.contact"
    _description = "Client's Network"
    _inherit = ["care.ending", "care.period"]
    _order = "sequence, kind, id"
    _check_company_auto = True
    _ends_alike = "mandate"
    _ends_type = "social_care.activity_type_mandate"

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("relative", "Relative or friend"), ("representative", "Representative"), ("official", "Official")],
        required=True,
        default="relative",
    )
    name = fields.Char(required=True)
    relation = fields.Char(help="Sister, neighbour, employer.")
    mandate = fields.Selection(
        [
            ("god_man", "Legal guardian (god man)"),
            ("forvaltare", "Administrator (förvaltare)"),
            ("guardian", "Parent with custody"),
            ("power_of_attorney", "Power of attorney"),
            ("future_power", "Future power of attorney"),
        ],
        help="What the representative's right rests on.",
    )
    scope = fields.Selection(
        [
            ("care", "Person and care"),
            ("economy", "Economy"),
            ("rights", "Legal rights"),
            ("all", "Everything"),
        ],
        help="What the representative may decide about.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Organisation",
        check_company=True,
        domain="[('is_company', '=', True)]",
        help="The authority or organisation of an official.",
    )
    phone = fields.Char()
    email = fields.Char()
    call_first = fields.Boolean(help="Whom to call when something has happened.")
    note = fields.Char()

    _mandate_of_representative = models.Constraint(
        "CHECK (kind <> 'representative' OR mandate IS NOT NULL)",
        "State what the representative's right rests on: god man, förvaltare, guardian, power of attorney.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["phone"] = phone_number.written(self, vals.get("phone"))
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("phone"):
            vals = {**vals, "phone": phone_number.written(self, vals["phone"])}
        return super().write(vals)

    @api.model
    def _sql_told_of(self, alias):
        """Others than representatives come and go; a right to speak for the client ends on a day."""
        kind = SQL.identifier(alias, "kind", to_flush=self._fields["kind"])
        return SQL("%s AND %s = 'representative'", super()._sql_told_of(alias), kind)

    def _ended_sentence(self):
        return self.env._(
            "The mandate of %(person)s ended on %(date)s. Ask who represents the client now, or note why nothing follows.",
            person=self.name,
            date=self.date_to,
        )
