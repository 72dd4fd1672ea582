from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import short

PLAN_NEEDED = ("date_from", "review_date")
# What SoF asks of a child's plan beyond that.
CHILD_NEEDED = ("child_view", "guardian_view", "family_contact", "board_contact", "cooperation")


class CarePlan(models.Model):
    """What a plan lacks before it can be proposed: each goal has a line, each line what, who, when and how."""

    _inherit = "care.plan"

    missing = fields.Html(
        compute="_compute_missing",
        sanitize=False,
        exportable=False,
        help="What must be filled in before the plan is proposed.",
    )

    @api.depends(
        "state", "template_id", *PLAN_NEEDED, *CHILD_NEEDED,
        "goal_ids.line_ids", "line_ids.when_text", "line_ids.how", "line_ids.responsible",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_missing(self):
        """A list with a link to each row; the screen opens it on top of the plan (care_row_links.js)."""
        for plan in self:
            if plan.state != "draft" or not plan._origin.id:
                plan.missing = False
                continue
            items = Markup().join(plan._missing_item(row, text) for row, text in plan._missing())
            plan.missing = items and Markup("<ul class='mb-0'>%s</ul>") % items

    def _missing_item(self, row, text):
        url = f"/odoo/plans/{self._origin.id}"
        paths = {"care.plan.goal": "plan-goals", "care.plan.line": "plan-lines"}
        if row._name in paths:
            url = f"{url}/{paths[row._name]}/{row._origin.id}"
        return Markup(
            '<li class="py-1"><a href="%s" data-model="%s" data-id="%s" data-page="%s">%s</a></li>'
        ) % (
            url,
            row._name,
            row._origin.id,
            "say" if self.goal_ids else "goals",
            text,
        )

    def _lacks_anything(self):
        return len(self) == 1 and self.state == "draft" and bool(self._missing())

    def _action_show_missing(self):
        """The refusal itself can be worked through: a tap opens the row, and Propose waits below the list."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Before the Plan Is Proposed"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("social_care.care_plan_missing_view_form").id, "form")],
            "target": "new",
            "context": {"show_missing": False},
        }

    def _check_complete(self):
        rows = self._missing()
        if rows:
            lines = "\n".join(f"- {text}" for _row, text in rows)
            raise UserError(self.env._("The plan cannot be proposed yet. What is missing:\n%s", lines))

    def _missing(self):
        """What must be filled in before the plan is proposed.

        :return: ``(row, sentence)`` for each: the row is the plan, a goal or a line
        """
        self.ensure_one()
        rows = [
            (self, self.env._("%s is empty", self._fields[name]._description_string(self.env)))
            for name in self._missing_fields()
        ]
        if not self.goal_ids:
            rows.append((self, self.env._("There is no goal")))
        for goal in self.goal_ids:
            if not goal.line_ids:
                rows.append((goal, self.env._("Goal “%s” has no line", short(goal.name))))
        for line in self.line_ids:
            if lacks := line._missing():
                sentence = self.env._(
                    "“%(line)s” lacks %(lacks)s", line=short(line.name), lacks=", ".join(lacks)
                )
                rows.append((line, sentence))
        return rows

    def _missing_fields(self):
        names = (*PLAN_NEEDED, *CHILD_NEEDED) if self.template_kind == "child" else PLAN_NEEDED
        return [name for name in names if not self[name]]
