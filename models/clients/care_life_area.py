from odoo import api, fields, models


class CareLifeArea(models.Model):
    """An area of life as in IBIC (Individens behov i centrum); nine of the eleven carry an ICF chapter."""

    _name = "care.life.area"
    _description = "Life Area"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The ICF chapter, d1 to d9, or a code of IBIC.")
    source = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another life area has this code. Choose another one.")

    @api.depends("name")
    def _compute_display_name(self):
        for area in self:
            area.display_name = area.name
