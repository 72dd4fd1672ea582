from odoo import fields, models


class CareUnit(models.Model):
    _inherit = "care.unit"

    on_holidays = fields.Selection(
        [("keep", "As on other days"), ("skip", "No visits")],
        "Visits on Public Holidays",
        required=True,
        default="keep",
        help="Public holidays are those of the company in Odoo. A task type may say otherwise.",
    )
