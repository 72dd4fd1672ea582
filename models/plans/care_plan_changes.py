from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

# All that is agreed (care_plan_content.py), so that no change passes unseen from one version to the next.
PLAN_COMPARED = (
    "name", "date_from", "review_date", "decision_ids", "own_goals", "participation", "participants", "influence",
    "cooperation", "follow_up", "child_view", "guardian_view", "family_contact", "board_contact",
)  # fmt: skip
# The three questions are asked anew: no answer yet is no change.
ASKED_ANEW = {"understandable", "manageable", "meaning"}
GOAL_COMPARED = ("heading", "name", "life_area_ids", "understandable", "manageable", "meaning")
LINE_COMPARED = (
    "name", "task_type_id", "own_part", "staff_part", "who_text", "when_text", "how", "calms", "avoid",
)  # fmt: skip


class CarePlan(models.Model):
    """What a version changes, line by line."""

    _inherit = "care.plan"

    changes = fields.Html("What Has Changed", compute="_compute_changes")

    @api.depends(
        "previous_id",
        *PLAN_COMPARED,
        *(f"goal_ids.{name}" for name in GOAL_COMPARED),
        *(f"line_ids.{name}" for name in LINE_COMPARED),
        "line_ids.goal_id",
    )
    @api.depends_context("lang")
    def _compute_changes(self):
        for plan in self:
            blocks = plan._change_blocks() if plan.previous_id else []
            plan.changes = blocks and plan._changes_list(blocks)

    def _changes(self):
        """What differs from the version before.

        :return: a list of ``(kind, what, field, old, new)``; kind is ``new``, ``gone`` or ``changed``
        """
        return [
            (kind, what, *row) for kind, what, rows in self._change_blocks() for row in rows or [("", "", "")]
        ]

    def _change_blocks(self):
        """``(kind, what, [(field, old, new), ...])`` of the plan, and of each goal and line."""
        self.ensure_one()
        before = self.previous_id
        blocks = [("changed", self.env._("The plan"), _compare(before, self, PLAN_COMPARED))]
        for parts, earlier in ((self.goal_ids, before.goal_ids), (self.line_ids, before.line_ids)):
            for part in parts:
                if part.previous_id in earlier:
                    blocks.append(("changed", part.name, part._compare_with_previous()))
                else:
                    blocks.append(("new", part.name, []))
            blocks += [("gone", part.name, []) for part in earlier - parts.previous_id]
        return [block for block in blocks if block[0] != "changed" or block[2]]

    def _changes_list(self, blocks):
        """One block for each goal or line that is new, gone or changed; what it said before is struck out."""
        kinds = {"new": self.env._("New"), "gone": self.env._("Gone"), "changed": self.env._("Changed")}
        colours = {"new": "success", "gone": "danger", "changed": "info"}
        row = Markup("<div class='ms-3'>%s: <del class='text-muted'>%s</del> → %s</div>")
        return Markup().join(
            Markup("<div class='mb-3'><span class='badge text-bg-%s me-2'>%s</span><b>%s</b>%s</div>")
            % (
                colours[kind],
                kinds[kind],
                what,
                Markup().join(row % (field, old or "–", new or "–") for field, old, new in rows),
            )
            for kind, what, rows in blocks
        )


class CarePlanGoal(models.Model):
    _inherit = "care.plan.goal"

    def _compare_with_previous(self):
        return _compare(self.previous_id, self, GOAL_COMPARED)


class CarePlanLine(models.Model):
    _inherit = "care.plan.line"

    def _compare_with_previous(self):
        """Also whether it now serves another goal; a goal that is only worded anew is still the same."""
        before = self.previous_id
        changes = _compare(before, self, LINE_COMPARED)
        if self.goal_id.previous_id != before.goal_id:
            label = self._fields["goal_name"]._description_string(self.env)
            changes.append((label, before.goal_name or "", self.goal_name or ""))
        return changes


def _compare(old, new, names):
    """``(label, before, now)`` of each field that differs, as it is shown."""
    changes = []
    for name in names:
        before, now = _shown(old, name), _shown(new, name)
        if before != now and not (name in ASKED_ANEW and not now):
            changes.append((new._fields[name]._description_string(new.env), before, now))
    return changes


def _shown(record, name):
    field, value = record._fields[name], record[name]
    if value is False or value is None:
        return ""
    if field.type == "date":
        return format_date(record.env, value)
    if field.type == "selection":
        return dict(field._description_selection(record.env)).get(value, "")
    if field.relational:
        return ", ".join(name for name in value.mapped("display_name") if name)
    return str(value)
