from odoo import fields, models


class CareTaskType(models.Model):
    """What staff do for a client. The client may wish for a person per task type."""

    _name = "care.task.type"
    _description = "Task Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    choosable = fields.Boolean(
        "The Client Chooses", default=True, help="The client may wish for a person for this kind of task."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another task type has this code. Choose another one.")
