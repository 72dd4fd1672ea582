from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CarePlan(models.Model):
    """What a new plan begins with: the decisions' goals, and what its template suggests."""

    _inherit = "care.plan"

    has_new_decision_goals = fields.Boolean(compute="_compute_has_new_decision_goals")

    @api.depends("decision_ids.goal", "goal_ids.decision_id")
    def _compute_has_new_decision_goals(self):
        for plan in self:
            plan.has_new_decision_goals = bool(plan.decision_ids.filtered("goal") - plan.goal_ids.decision_id)

    def action_apply_template(self):
        """Add what the template suggests, under its headings, for the two to work on."""
        for plan in self:
            plan.check_access("write")
            if plan._is_frozen():
                raise UserError(plan._frozen_message())
            if not plan.template_id:
                raise UserError(self.env._("Choose a template first."))
            plan._apply_template()

    def _apply_template(self):
        """The decisions' goals, and the template's suggestions in the client's language."""
        self.ensure_one()
        if not self.decision_ids:
            decisions = self.env["care.decision"]
            self.decision_ids = decisions.search(
                decisions._domain_now()
                & Domain("client_id", "=", self.client_id.id)
                & Domain("unit_id", "=", self.unit_id.id)
            )
        self._add_decision_goals()
        template = self.template_id.with_context(lang=self.client_id.lang or self.env.lang)
        self.env["care.plan.goal"].create(
            [
                {
                    "plan_id": self.id,
                    "sequence": 100 + number,
                    "heading": goal.heading,
                    "name": goal.name,
                    "life_area_ids": goal.life_area_ids.ids,
                    "line_ids": [fields.Command.create(line._plan_line_vals()) for line in goal.line_ids],
                }
                for number, goal in enumerate(template.goal_ids)
            ]
        )

    def action_add_decision_goals(self):
        for plan in self:
            plan.check_access("write")
            if plan._is_frozen():
                raise UserError(plan._frozen_message())
            plan._add_decision_goals()

    def _add_decision_goals(self):
        """A goal for each decision that has one and is not in the plan yet."""
        new = self.decision_ids.filtered("goal") - self.goal_ids.decision_id
        self.env["care.plan.goal"].create(
            [
                {"plan_id": self.id, "source": "decision", "decision_id": decision.id, "sequence": number}
                for number, decision in enumerate(new)
            ]
        )
