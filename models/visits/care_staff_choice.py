from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .care_contact_person import LEFT_UNIT

# What may change once a manager has decided.
CHANGED_LATER = {"priority", "date_to"}


class CareStaffChoice(models.Model):
    """Whom the client wants for a kind of task, in order of preference, and what became of the wish.

    That the client was offered to choose and did not want to is recorded too: it is an answer.
    """

    _name = "care.staff.choice"
    _description = "Staff Choice"
    _inherit = ["care.mistaken", "care.period", "care.returning"]
    _order = "task_type_id, priority, id"
    _check_company_auto = True
    _transitions = {"wished": {"accepted", "declined", "ended"}, "accepted": {"ended"}}
    _returns = {"ended": {"wished", "accepted"}}

    client_id = fields.Many2one("care.client", required=True, index=True, ondelete="cascade")
    listed_name = fields.Char(related="client_id.listed_name", string="Name", related_sudo=False)
    unit_id = fields.Many2one("care.unit", required=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    task_type_id = fields.Many2one(
        "care.task.type", required=True, index=True, domain="[('choosable', '=', True)]"
    )
    not_wanted = fields.Boolean(
        "Offered, Did Not Want to Choose", help="The client was offered to choose and did not want to."
    )
    employee_id = fields.Many2one("hr.employee", "Person", index="btree_not_null", check_company=True)
    priority = fields.Integer("Order", default=1, aggregator=None, help="1 is whom the client wants most.")
    note = fields.Char("In the Client's Words")
    state = fields.Selection(
        [("wished", "Wished"), ("accepted", "Accepted"), ("declined", "Declined"), ("ended", "Ended")],
        required=True,
        default="wished",
        readonly=True,
        copy=False,
        by_verb=True,
    )
    decline_reason = fields.Char("Why It Was Declined", readonly=True, copy=False, by_verb=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False, by_verb=True)
    decided_at = fields.Datetime("Decided", readonly=True, copy=False, by_verb=True)
    left_unit = fields.Selection(
        LEFT_UNIT,
        "No Longer in the Unit",
        readonly=True,
        copy=False,
        by_verb=True,
        help="It ended with the person's membership.",
    )

    _person_wished = models.Constraint(
        "CHECK (not_wanted OR employee_id IS NOT NULL)",
        "State whom the client wishes for, or that the client did not want to choose.",
    )
    _declined_with_reason = models.Constraint(
        "CHECK (state <> 'declined' OR decline_reason <> '')", "A wish is never declined without a reason."
    )
    _priority_positive = models.Constraint("CHECK (priority > 0)", "The order begins with 1.")
    _once = models.UniqueIndex(
        "(client_id, unit_id, task_type_id, employee_id) WHERE state IN ('wished', 'accepted')",
        "The client already wishes for this person for this task.",
    )
    _left_idx = models.Index("(unit_id) WHERE left_unit = 'open'")

    @api.constrains("task_type_id")
    def _check_choosable(self):
        for choice in self:
            if not choice.task_type_id.choosable:
                raise ValidationError(
                    self.env._("The client does not choose who does this kind of task. Choose another one.")
                )

    @api.onchange("client_id")
    def _onchange_client_id(self):
        if not self.unit_id:
            self.unit_id = self.client_id.default_unit_id

    @api.model_create_multi
    def create(self, vals_list):
        """An offer that the client declined is over at once."""
        for vals in vals_list:
            if vals.get("not_wanted"):
                vals["employee_id"] = False
        choices = super().create(vals_list)
        for offer in choices.filtered("not_wanted"):
            offer._end(offer.date_from)
        return choices

    def write(self, vals):
        given = set(self._not_decided(vals))
        if given - CHANGED_LATER and any(choice.state != "wished" for choice in self):
            raise UserError(self.env._("This wish is decided. End it and write a new one."))
        if {"employee_id", "not_wanted"} & given:
            raise UserError(self.env._("A wish for another person is another wish. Write a new one."))
        result = super().write(vals)
        if given & CHANGED_LATER:
            self._refresh_visits()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_wished(self):
        if any(choice.state != "wished" for choice in self):
            raise UserError(self.env._("What was decided stays in the file. End the choice instead."))

    def action_accept(self):
        """The unit promises that the person comes whenever it can be done."""
        self._check_decides()
        self._check_fits()
        self._transition("accepted", decided_by_id=self.env.uid, decided_at=fields.Datetime.now())

    def action_decline(self, reason=None):
        """Never without a reason, which the client is told."""
        self._check_decides()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that the client can be told."))
        self._transition(
            "declined",
            decline_reason=reason.strip(),
            decided_by_id=self.env.uid,
            decided_at=fields.Datetime.now(),
        )

    def action_end(self):
        """The client no longer wants it; staff write that down, today is the last day."""
        self._end(fields.Date.context_today(self))

    def _end(self, last_day, **vals):
        for choice in self:
            choice._transition("ended", date_to=max(last_day, choice.date_from), **vals)

    def _is_rested_on(self):
        return self.state != "wished" or super()._is_rested_on()

    def _end_mistaken(self):
        if self.state in ("wished", "accepted"):
            self._end(fields.Date.context_today(self._where_care_is()) - timedelta(days=1))

    def _returned_vals(self):
        return {"state": "accepted" if self.decided_at else "wished", "date_to": False}

    def _end_with_membership(self, last_day):
        """Whom the client has chosen works in the unit no more. Coming back is not being chosen again."""
        self._transition("ended", date_to=last_day, left_unit="open")

    def action_open_decline(self):
        """Ask for the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decline"),
            "res_model": "care.staff.choice.decline",
            "view_mode": "form",
            "target": "new",
            "context": {"default_choice_id": self.id},
        }

    def _check_decides(self):
        self.check_access("write")
        if not self.env.su:
            self.env["care.unit.member"]._check_manages(self.unit_id)

    def _after_transition(self, before):
        super()._after_transition(before)
        self.filtered(lambda choice: choice.state == "accepted")._name_in_drafts()
        self.filtered(lambda choice: choice.state != "declined")._refresh_visits()

    def _name_in_drafts(self):
        """Lines that wait for the client's choice say who it is, so that the plan is signed with the name."""
        lines = self.env["care.plan.line"].search(
            Domain("client_id", "in", self.client_id.ids)
            & Domain("unit_id", "in", self.unit_id.ids)
            & Domain("task_type_id", "in", self.task_type_id.ids)
            & Domain("plan_id.state", "=", "draft")
            & Domain("responsible", "=", "chosen")
            & Domain("performer_id", "=", False)
        )
        lines.invalidate_recordset(["performer_today_id"])  # it was somebody else until now
        for line in lines:
            line.performer_id = line.performer_today_id

    def _refresh_visits(self):
        """What is planned from now on follows the choice."""
        self.env["care.visit"]._refresh(
            Domain("client_id", "in", self.client_id.ids) & Domain("unit_id", "in", self.unit_id.ids)
        )
