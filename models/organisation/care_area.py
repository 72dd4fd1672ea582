from odoo import fields, models


class CareArea(models.Model):
    """A residential area where the provider lets flats, walks or is called out."""

    _name = "care.area"
    _description = "Residential Area"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char()
    municipality = fields.Char()
    landlord_id = fields.Many2one("res.partner", domain="[('is_company', '=', True)]", check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    dwelling_ids = fields.One2many("care.dwelling", "area_id", "Dwellings")

    _name_uniq = models.UniqueIndex("(company_id, name)", "An area of this name exists already.")
