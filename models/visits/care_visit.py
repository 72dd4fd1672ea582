from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_time

from ...tools.fields import selection_of


class CareVisit(models.Model):
    """A dated visit: what the active plan says for one day, and what became of it.

    Made by the database from the plan (care_visit_generation.py); nobody types one in.
    """

    _name = "care.visit"
    _description = "Visit"
    _inherit = ["care.walled"]
    _order = "start, id"
    _made_by_verb = True  # by the plan; staff fill in who came, and how it went
    _transitions = {
        "planned": {"done", "not_done", "cancelled"},
        "done": {"planned"},
        "not_done": {"planned"},
        "cancelled": {"planned"},
    }

    # Whose and what
    client_id = fields.Many2one("care.client", required=True, ondelete="restrict")
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    is_protected = fields.Boolean(related="client_id.is_protected", related_sudo=False)
    unit_id = fields.Many2one("care.unit", required=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    plan_id = fields.Many2one("care.plan", required=True, index=True, ondelete="cascade")
    line_id = fields.Many2one("care.plan.line", "Plan Line", required=True, index=True, ondelete="cascade")
    first_line_id = fields.Integer(
        required=True,
        aggregator=None,
        help="The first version of the line: a revised plan does not repeat what was done by the earlier one.",
    )
    task_type_id = fields.Many2one("care.task.type")
    name = fields.Char(related="line_id.name", related_sudo=False)
    own_part = fields.Text(related="line_id.own_part", related_sudo=False)
    staff_part = fields.Text(related="line_id.staff_part", related_sudo=False)
    how = fields.Text(related="line_id.how", related_sudo=False)
    calms = fields.Text(related="line_id.calms", related_sudo=False)
    avoid = fields.Text(related="line_id.avoid", related_sudo=False)

    # When
    date = fields.Date(required=True)
    start = fields.Datetime("Starts", required=True)
    stop = fields.Datetime("Ends", required=True)
    has_hour = fields.Boolean(help="The plan names an hour. Otherwise only the part of the day is agreed.")
    time_text = fields.Char("Time", compute="_compute_time_text", help="The hour, or the part of the day.")
    day_part = fields.Selection(selection_of("care.plan.line", "day_part"))

    # Who
    wished_employee_id = fields.Many2one(
        "hr.employee", "Wished", ondelete="set null", help="Whom the client has chosen for this."
    )
    planned_employee_id = fields.Many2one(
        "hr.employee",
        "Planned",
        ondelete="set null",
        help="The chosen person, or the next in the client's order when that one is away.",
    )
    employee_id = fields.Many2one(
        "hr.employee", "Who Came", ondelete="restrict", check_company=True, by_verb=False
    )
    member_ids = fields.Many2many("hr.employee", compute="_compute_member_ids", compute_sudo=True)
    mine = fields.Boolean(compute="_compute_mine", search="_search_mine", help="I am the one who is planned.")

    # What became of it
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("not_done", "Not done"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("client_declined", "The client declined"),
            ("no_answer", "No answer"),
            ("away", "The client was away"),
            ("staff_missing", "Staff missing"),
            ("other", "Other"),
        ],
        readonly=True,
    )
    own_level = fields.Selection(
        [
            ("alone", "The client did it all"),
            ("prompt", "The client, with a prompt"),
            ("help", "Together"),
            ("staff", "Staff did it"),
        ],
        "How Much the Client Did",
        by_verb=False,
    )
    note = fields.Char(help="A few words for the team. What matters goes in the journal.", by_verb=False)
    choice_kept = fields.Boolean(
        readonly=True, help="Somebody whom the client has chosen for this kind of task came."
    )
    reported_at = fields.Datetime("Reported", readonly=True)
    reported_by_id = fields.Many2one("res.users", "Reported by", readonly=True, ondelete="restrict")

    _once = models.UniqueIndex("(first_line_id, date)", "This visit exists already.")
    _unit_idx = models.Index("(unit_id, date, client_id)")
    _client_idx = models.Index("(client_id, date)")
    _planned_idx = models.Index("(planned_employee_id, date) WHERE state = 'planned'")
    _done_by_somebody = models.Constraint(
        "CHECK (state <> 'done' OR employee_id IS NOT NULL)", "State who came."
    )
    _not_done_for_a_reason = models.Constraint(
        "CHECK (state <> 'not_done' OR reason IS NOT NULL)", "State why it was not done."
    )

    @api.depends("unit_id")
    def _compute_member_ids(self):
        employees = self.env["care.unit.member"]._employees_by_unit(self.unit_id)
        for visit in self:
            visit.member_ids = employees.get(visit.unit_id, False)

    @api.depends("start", "has_hour", "day_part", "company_id.care_tz")
    @api.depends_context("lang")
    def _compute_time_text(self):
        parts = dict(self._fields["day_part"]._description_selection(self.env))
        for visit in self:
            if visit.has_hour or not visit.day_part:
                visit.time_text = format_time(self.env, visit.start, visit.company_id.care_tz, "HH:mm")
            else:
                visit.time_text = parts[visit.day_part]

    @api.depends("planned_employee_id")
    @api.depends_context("uid")
    def _compute_mine(self):
        # sudo: care staff read no employees; only the ids of the user's own come back
        my_ids = set(self.env["hr.employee"].sudo()._search([("user_id", "=", self.env.uid)]))
        for visit in self:
            visit.mine = visit.planned_employee_id.id in my_ids

    @api.model
    def _search_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._boolean_domain(value, lambda model, alias, query: model._mine_to_sql(alias))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """My own first: the database sorts by a field that is another one for each reader."""
        if field_name == "mine":
            return SQL("%s %s", self._mine_to_sql(alias), direction)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _mine_to_sql(self, alias):
        return SQL(
            "(%s IN (SELECT e.id FROM hr_employee e WHERE e.user_id = %s)) IS TRUE",
            self._field_to_sql(alias, "planned_employee_id"),
            self.env.uid,
        )

    @api.model
    def _guard_message(self, operation):
        if operation == "create":
            return self.env._(
                "Visits come from the active plan. Write the plan's line, and the visits follow."
            )
        return self.env._("Report the visit with its buttons. What is planned comes from the plan.")

    def write(self, vals):
        result = super().write(vals)
        if "employee_id" in self._not_decided(vals):
            self._set_choice_kept()
        return result

    def action_done(self, own_level=None):
        """Done, by whoever is named as having come, else by oneself.

        :param str own_level: a value of ``own_level``, how much the client did
        """
        self._check_reportable()
        for visit in self._not_yet_reported("done"):
            employee = visit.employee_id or self.env["care.unit.member"]._employee_of_user(visit.unit_id)
            if not employee:
                raise UserError(self.env._("State who came: you are not a member of the unit yourself."))
            visit._report(
                "done", employee_id=employee.id, reason=False, own_level=own_level or visit.own_level
            )

    def action_not_done(self, reason=None):
        """Not done.

        :param str reason: a value of ``reason``
        """
        self._check_reportable()
        if reason not in dict(self._fields["reason"].selection):
            raise UserError(self.env._("Choose a reason."))
        visits = self._not_yet_reported("not_done", reason)
        visits._report("not_done", reason=reason, employee_id=False, own_level=False)

    def action_own_level(self, own_level=None):
        """How much the client did, after the visit."""
        self.check_access("write")
        if own_level not in dict(self._fields["own_level"].selection):
            raise UserError(self.env._("Choose how much the client did."))
        if any(visit.state != "done" for visit in self):
            raise UserError(self.env._("Report the visit as done first."))
        if any(visit.own_level not in (False, own_level) for visit in self):
            raise UserError(
                self.env._("It is noted already how much the client did. Correct it on the visit.")
            )
        self._write_decided({"own_level": own_level})

    def action_undo(self):
        """Take a tick back: one's own on the same day, later a manager of the unit."""
        self.check_access("write")
        for visit in self:
            today = visit.reported_at and visit.reported_at.date() == fields.Date.today()
            if not self.env.su and not (today and visit.reported_by_id == self.env.user):
                self.env["care.unit.member"]._check_manages(visit.unit_id)
        self._report("planned", reason=False, employee_id=False, own_level=False, reported_at=False)

    def action_cancel(self):
        """A manager calls a visit off beforehand, such as when the client travels."""
        self.check_access("write")
        if not self.env.su:
            self.env["care.unit.member"]._check_manages(self.unit_id)
        self._report("cancelled")

    def _check_reportable(self):
        self.check_access("write")
        today = fields.Date.context_today(self)
        if any(visit.date > today for visit in self):
            raise UserError(self.env._("This visit lies ahead. Report it on its day."))

    def _not_yet_reported(self, state, reason=False):
        """Without what one has reported so oneself: a tap that is sent twice is one."""
        mine = (state, reason, self.env.user)
        return self.filtered(lambda visit: (visit.state, visit.reason, visit.reported_by_id) != mine)

    def _report(self, state, **vals):
        vals.setdefault("reported_at", fields.Datetime.now())
        reporter = vals["reported_at"] and self.env.uid
        self._transition(state, reported_by_id=reporter, choice_kept=False, **vals)

    def _after_transition(self, before):
        super()._after_transition(before)
        self._set_choice_kept()

    def _set_choice_kept(self):
        """Whoever came is one of those the client has chosen for this kind of task, on that day."""
        done = self.filtered(lambda visit: visit.state == "done" and visit.wished_employee_id)
        choices = self.env["care.staff.choice"].search(
            Domain("client_id", "in", done.client_id.ids)
            & Domain("task_type_id", "in", done.task_type_id.ids)
            & Domain("decided_at", "!=", False)
            & Domain("state", "in", ["accepted", "ended"])
        )
        by_wish = choices.grouped(lambda choice: (choice.client_id, choice.unit_id, choice.task_type_id))
        for visit in done:
            chosen = by_wish.get(
                (visit.client_id, visit.unit_id, visit.task_type_id), choices.browse()
            ).filtered(
                lambda choice, day=visit.date: (
                    choice.date_from <= day and (not choice.date_to or choice.date_to >= day)
                )
            )
            kept = visit.employee_id in chosen.employee_id | visit.wished_employee_id
            visit._write_decided({"choice_kept": kept})
