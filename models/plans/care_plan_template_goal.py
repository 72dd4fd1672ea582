from odoo import fields, models


class CarePlanTemplateGoal(models.Model):
    """A goal that a template suggests, under one of the template's headings."""

    _name = "care.plan.template.goal"
    _description = "Suggested Goal"
    _order = "sequence, id"

    template_id = fields.Many2one("care.plan.template", required=True, index=True, ondelete="cascade")
    heading = fields.Char(translate=True, help="The template's own domain: Housing, Occupation.")
    name = fields.Text("Goal", required=True, translate=True)
    life_area_ids = fields.Many2many("care.life.area", string="Life Areas")
    line_ids = fields.One2many("care.plan.template.line", "goal_id", "Suggested Lines", copy=True)
    sequence = fields.Integer(default=10)
