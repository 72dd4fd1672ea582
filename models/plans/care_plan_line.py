from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .care_plan import FROZEN_MESSAGE

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CarePlanLine(models.Model):
    """What is done, the client's own part and the staff's, by whom, when and how."""

    _name = "care.plan.line"
    _description = "Plan Line"
    _inherit = ["care.walled"]
    _order = "plan_id, goal_id, sequence, id"  # as they stand under the goals, on the screen as in print
    _frozen_with = _retained_with = "plan_id"

    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade")
    client_id = fields.Many2one(related="plan_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, precompute=True)
    goal_id = fields.Many2one(
        "care.plan.goal",
        index=True,
        ondelete="set null",
        domain="[('plan_id', '=', plan_id)]",
        signed=True,
    )
    goal_name = fields.Text(related="goal_id.name", string="For the Goal", related_sudo=False)
    plan_state = fields.Selection(related="plan_id.state", string="Plan's State")
    sequence = fields.Integer(default=10, signed=True)

    # What
    name = fields.Char("What", required=True, signed=True)
    task_type_id = fields.Many2one("care.task.type", ondelete="restrict", index="btree_not_null", signed=True)
    own_part = fields.Text(help="What the client does.", signed=True)
    staff_part = fields.Text("Staff's Part", help="What staff do.", signed=True)

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
        signed=True,
    )
    performer_id = fields.Many2one(
        "hr.employee",
        "Person",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        signed=True,
    )
    performer_other = fields.Char("Who Else", help="A relative, a doctor, another provider.", signed=True)

    # When
    monday = fields.Boolean(signed=True)
    tuesday = fields.Boolean(signed=True)
    wednesday = fields.Boolean(signed=True)
    thursday = fields.Boolean(signed=True)
    friday = fields.Boolean(signed=True)
    saturday = fields.Boolean(signed=True)
    sunday = fields.Boolean(signed=True)
    day_part = fields.Selection(
        [
            ("morning", "Morning"),
            ("midday", "Midday"),
            ("afternoon", "Afternoon"),
            ("evening", "Evening"),
            ("night", "Night"),
        ],
        signed=True,
    )
    time_from = fields.Float("Time", help="When it begins, if the hour matters.", signed=True)
    duration = fields.Float(help="Hours.", signed=True)
    when_note = fields.Char("When Otherwise", help="The first week of the month, when needed.", signed=True)

    when_text = fields.Char("When", compute="_compute_when_text")
    who_text = fields.Char("By Whom", compute="_compute_who_text")

    # How
    how = fields.Text(help="Step by step.", signed=True)
    calms = fields.Text("What Calms", signed=True)
    avoid = fields.Text("What to Avoid", signed=True)
    previous_id = fields.Many2one(
        "care.plan.line",
        "Continues",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        by_verb=True,
        frozen=True,
    )

    _time_of_day = models.Constraint(
        "CHECK (time_from IS NULL OR time_from >= 0 AND time_from < 24)",
        "A time lies between 00:00 and 23:59.",
    )
    _duration_positive = models.Constraint(
        "CHECK (duration IS NULL OR duration BETWEEN 0 AND 24)", "A length lies between 0 and 24 hours."
    )
    _frozen = models.Constraint("CHECK (TRUE)", FROZEN_MESSAGE)

    @api.depends(*WEEKDAYS, "day_part", "time_from", "duration", "when_note")
    @api.depends_context("lang")
    def _compute_when_text(self):
        """In words: Mondays, Thursdays · morning · 09:30 · 45 min."""
        day_parts = dict(self._fields["day_part"]._description_selection(self.env))
        labels = self._weekday_labels()
        for line in self:
            parts = [
                ", ".join(labels[day] for day in WEEKDAYS if line[day])
                if not line._is_daily()
                else self.env._("Every day"),
                line.when_note,
                day_parts.get(line.day_part, "").lower(),
                line.time_from and _clock(line.time_from),
                line.duration and line._duration_text(),
            ]
            line.when_text = " · ".join(filter(None, parts))

    def _weekday_labels(self):
        return {day: self._fields[day]._description_string(self.env) for day in WEEKDAYS}

    def _is_daily(self):
        return all(self[day] for day in WEEKDAYS)

    def _duration_text(self):
        minutes = round(self.duration * 60)
        if minutes < 60 or minutes % 60:
            return self.env._("%s min", minutes)
        return self.env._("%s h", minutes // 60)

    @api.depends(
        "responsible", "performer_id", "performer_other", "plan_id.contact_person_id", "performer_today_id"
    )
    @api.depends_context("lang")
    def _compute_who_text(self):
        """The person's name where one is known; colleagues' names only, no client's."""
        labels = dict(self._fields["responsible"]._description_selection(self.env))
        for line in self:
            # sudo: staff read no employees; a colleague's name, for whoever reads the plan
            person = line.performer_id.sudo().name or line.performer_other
            if line.responsible == "contact_person":
                # sudo: as above, the contact person's name
                person = line.plan_id.contact_person_id.employee_id.sudo().name
            elif line.responsible == "chosen":
                # sudo: as above, the name of who comes today
                person = person or line.performer_today_id.sudo().name
            label = labels.get(line.responsible, "")
            line.who_text = f"{label}: {person}" if person and label else person or label

    @api.constrains("goal_id", "plan_id")
    def _check_goal(self):
        for line in self.filtered("goal_id"):
            if line.goal_id.plan_id != line.plan_id:
                raise ValidationError(
                    self.env._("The goal belongs to another plan. Choose one of this plan's goals.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A line that is written under a goal belongs to the goal's plan."""
        goals = self.env["care.plan.goal"]
        for vals in vals_list:
            if vals.get("goal_id") and not vals.get("plan_id"):
                vals["plan_id"] = goals.browse(vals["goal_id"]).plan_id.id
        return super().create(vals_list)

    def _missing(self):
        """What the line still lacks before it can be proposed: what, who, when or how."""
        self.ensure_one()
        who = self.responsible and (self.responsible != "other" or self.performer_id or self.performer_other)
        wanted = {
            self.env._("what"): _is_filled(self.name),
            self.env._("who"): who,
            self.env._("when"): any(self[day] for day in WEEKDAYS) or _is_filled(self.when_note),
            self.env._("how"): _is_filled(self.how),
        }
        return [label for label, value in wanted.items() if not value]


def _is_filled(text):
    return bool(text and text.strip())


def _clock(hours):
    minutes = round(hours * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
