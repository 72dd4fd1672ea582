from odoo import fields, models


class CarePlanTemplate(models.Model):
    """A way of working: the headings and suggestions that a new plan begins with."""

    _name = "care.plan.template"
    _description = "Plan Template"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(
        [("general", "General"), ("buss", "BUSS"), ("lss", "LSS"), ("child", "Child")],
        required=True,
        default="general",
        help="A child's plan asks for more: contact with family and the board, the child's own view.",
    )
    description = fields.Text(translate=True)
    source = fields.Char(help="Where the method or the requirement was read.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: for every company.")
    goal_ids = fields.One2many("care.plan.template.goal", "template_id", "Suggested Goals", copy=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another template has this code. Choose another one."
    )
