from odoo import fields, models


class CarePlanTemplateLine(models.Model):
    """A line that a template suggests: what, the two parts, how. Who and when are the client's to say."""

    _name = "care.plan.template.line"
    _description = "Suggested Line"
    _order = "sequence, id"

    goal_id = fields.Many2one("care.plan.template.goal", required=True, index=True, ondelete="cascade")
    name = fields.Char("What", required=True, translate=True)
    task_type_id = fields.Many2one("care.task.type")
    own_part = fields.Text(translate=True)
    staff_part = fields.Text(translate=True)
    how = fields.Text(translate=True)
    sequence = fields.Integer(default=10)

    def _plan_line_vals(self):
        """What a plan takes over as a suggestion."""
        return {
            "sequence": self.sequence,
            "name": self.name,
            "task_type_id": self.task_type_id.id,
            "own_part": self.own_part,
            "staff_part": self.staff_part,
            "how": self.how,
        }
