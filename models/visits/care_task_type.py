from odoo import fields, models


class CareTaskType(models.Model):
    _inherit = "care.task.type"

    on_holidays = fields.Selection(
        [("unit", "As the unit decides"), ("keep", "As on other days"), ("skip", "No visits")],
        "On Public Holidays",
        required=True,
        default="unit",
    )
