from odoo import fields, models


class CareRelativeDistrict(models.Model):
    """A part of the municipality, for statistics. A list of its own: areas lead to dwellings, those to clients."""

    _name = "care.relative.district"
    _description = "Part of the Municipality"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
