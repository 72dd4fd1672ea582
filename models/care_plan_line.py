from odoo import fields, models

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CarePlanLine(models.Model):
    """What is done, the client's own part and the staff's, by whom, when and how."""

    _name = "care.plan.line"
    _description = "Plan Line"
    _inherit = ["care.walled"]
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    goal_id = fields.Many2one(
        "care.plan.goal", index=True, ondelete="restrict", domain="[('plan_id', '=', plan_id)]"
    )
    sequence = fields.Integer(default=10)

    # What
    name = fields.Char("What", required=True)
    task_type_id = fields.Many2one("care.task.type")
    own_part = fields.Text(help="What the client does.")
    staff_part = fields.Text("Staff's Part", help="What staff do.")

    # Who
    responsible = fields.Selection(
        [
            ("chosen", "The person the client has chosen"),
            ("contact_person", "The contact person"),
            ("unit", "Staff of the unit"),
            ("client", "The client"),
            ("other", "Someone else"),
        ],
        "Who",
    )
    performer_id = fields.Many2one("hr.employee", "Person", check_company=True)
    performer_other = fields.Char("Who Else", help="A relative, a doctor, another provider.")

    # When
    monday = fields.Boolean()
    tuesday = fields.Boolean()
    wednesday = fields.Boolean()
    thursday = fields.Boolean()
    friday = fields.Boolean()
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    day_part = fields.Selection(
        [
            ("morning", "Morning"),
            ("midday", "Midday"),
            ("afternoon", "Afternoon"),
            ("evening", "Evening"),
            ("night", "Night"),
        ]
    )
    time_from = fields.Float("Time", help="When it begins, if the hour matters.")
    duration = fields.Float(help="Hours.")
    when_note = fields.Char("When Otherwise", help="The first week of the month, when needed.")

    # How
    how = fields.Text(help="Step by step.")
    calms = fields.Text("What Calms")
    avoid = fields.Text("What to Avoid")
    previous_id = fields.Many2one(
        "care.plan.line", "Continues", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    _time_of_day = models.Constraint(
        "CHECK (time_from IS NULL OR time_from >= 0 AND time_from < 24)",
        "A time lies between 00:00 and 23:59.",
    )
    _duration_positive = models.Constraint(
        "CHECK (duration IS NULL OR duration BETWEEN 0 AND 24)", "A length lies between 0 and 24 hours."
    )
