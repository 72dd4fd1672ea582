from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain


class CarePlan(models.Model):
    """The verbs of a plan. Each checks the person and the state itself, under sudo too."""

    _inherit = "care.plan"

    def _after_transition(self, before):
        """What comes into force, or ends with nothing in its place, makes reminders true or untrue."""
        super()._after_transition(before)
        self.filtered(lambda plan: plan.state in ("active", "ended"))._update_reminders()

    # ------------------------------------------------------------------
    # Propose and return
    # ------------------------------------------------------------------

    def action_propose(self):
        """Freeze what is shown, so that every party signs the same.

        :return: with ``show_missing`` in the context, as the form's button sends it, and where something
            is missing: an action that shows the list, each with a link to its row; nothing otherwise
        :raise AccessError: unless the user is the client's contact person or a manager of the unit
        :raise UserError: with the list of what is missing
        """
        self._check_may_propose()
        if self.env.context.get("show_missing") and self._lacks_anything():
            return self._action_show_missing()
        self._check_stay_holds()
        self.lock_for_update()
        for plan in self:
            plan._check_transition("proposed")
            plan._check_complete()
            plan._check_review_ahead(min(plan.date_from, fields.Date.context_today(plan)), plan.review_date)
            plan._freeze()
        return None

    def _check_may_propose(self):
        self.check_access("write")
        if any(not plan.may_propose for plan in self):
            raise AccessError(
                self.env._("Only the client's contact person or a manager of the unit takes this step.")
            )

    def action_return(self):
        """Take a proposal back to change it. Who signed it keeps having signed it; a new proposal is signed anew."""
        self._check_may_propose()
        for plan in self:
            # sudo: the document is the app's own, and goes with a proposal that nobody had signed
            unsigned_sudo = (
                plan.document_id.sudo().browse() if plan.signature_ids else plan.document_id.sudo()
            )
            plan._transition("draft", agreement="pending", document_id=False, document_hash=False)
            unsigned_sudo.unlink()

    # ------------------------------------------------------------------
    # Into force
    # ------------------------------------------------------------------

    def action_activate(self, reason=None):
        """Put the plan in force: agreed by both, or by a manager with a reason.

        :param str reason: why it holds without the client's agreement; the plan says so wherever it is shown
        """
        for plan in self:
            plan._check_transition("active")
            if plan._is_agreed():
                plan._check_may_propose()
                plan._activate()
            else:
                plan._check_may_activate_alone(reason)
                plan._activate(activation_reason=reason.strip())

    def _check_may_activate_alone(self, reason):
        """Who wrote a plan, or signed for the unit, does not alone put it in force."""
        if not self._filtered_management():
            raise AccessError(
                self.env._(
                    "Without the client's agreement only a manager of the unit puts the plan in force."
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("State why the plan holds without the client's agreement."))
        signed = self._signatures_now().filtered(
            lambda s: s.role == "contact_person" and s.outcome == "agreed"
        )
        if not signed:
            raise UserError(self.env._("The contact person has not signed the plan yet."))
        authors = self.author_ids | self.proposed_by_id
        me = (self.env.user | signed.user_id | authors)._care_same_person()[self.env.user]
        if signed.user_id & me or authors <= me:
            raise AccessError(
                self.env._(
                    "You have written or signed this plan yourself. Another manager of the unit must put it in force."
                )
            )

    def _activate(self, **vals):
        """Replace the version before it, in one step with the new one's coming into force."""
        self._check_stay_holds()
        domain = Domain("client_id", "=", self.client_id.id) & Domain("unit_id", "=", self.unit_id.id)
        earlier = self.search(domain & Domain("state", "=", "active"))
        if earlier and earlier != self.previous_id:
            raise UserError(
                self.env._(
                    "The client already has an active plan in this unit. Revise that one, or end it first."
                )
            )
        today = fields.Date.context_today(self)
        earlier._transition(
            "replaced", ended_on=today
        )  # first: the database allows one active plan at a time
        self._transition("active", activated_at=fields.Datetime.now(), activated_by_id=self.env.uid, **vals)

    # ------------------------------------------------------------------
    # Revise
    # ------------------------------------------------------------------

    def action_revise(self):
        """Open the next version, a draft with the same goals and lines.

        :return: an action that shows it; an open one is shown instead of made twice
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "care.plan",
            "res_id": self._revise().id,
            "views": [(False, "form")],
        }

    def _revise(self):
        self.check_access("write")
        if self.state != "active" and not self.may_continue:
            raise UserError(self.env._("Only an active plan is revised. Open the active version."))
        open_domain = Domain("previous_id", "=", self.id) & Domain("state", "in", ["draft", "proposed"])
        if plan := self.search(open_domain, limit=1):
            return plan
        today = fields.Date.context_today(self)
        plan = self.copy(
            {
                "date_from": today,
                "review_date": today + self.env["care.rule"]._period("plan_review", self.company_id),
                "name": self.name,
                "template_id": False,
            }
        )
        plan.template_id = self.template_id  # a new plan with a template begins with its suggestions
        plan._write_decided({"version": self.version + 1, "previous_id": self.id})
        self._copy_parts(plan)
        return plan

    def _copy_parts(self, plan):
        """Goals and lines, with the first of their kind. The client is asked the three questions anew."""
        goals = self.goal_ids
        new_goals = self.env["care.plan.goal"].create(
            [
                {
                    "plan_id": plan.id,
                    "sequence": goal.sequence,
                    "heading": goal.heading,
                    "name": goal.name,
                    "source": goal.source,
                    "decision_id": goal.decision_id.id,
                    "life_area_ids": [Command.set(goal.life_area_ids.ids)],
                }
                for goal in goals
            ]
        )
        goal_of = {False: False}
        for goal, new_goal in zip(goals, new_goals, strict=True):
            new_goal._write_decided({"previous_id": goal.id})
            goal_of[goal.id] = new_goal.id
        lines = self.line_ids
        vals_list = lines.copy_data({"plan_id": plan.id})
        for line, vals in zip(lines, vals_list, strict=True):
            vals["goal_id"] = goal_of[line.goal_id.id]
        for line, new_line in zip(lines, self.env["care.plan.line"].create(vals_list), strict=True):
            new_line._write_decided({"previous_id": line.id})
