from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, groupby

PLAN_COMPARED = (
    "date_from", "review_date", "own_goals", "participation", "influence", "cooperation", "follow_up", "child_view",
    "guardian_view", "family_contact", "board_contact",
)  # fmt: skip
# The three questions are asked anew: no answer yet is no change.
ASKED_ANEW = {"understandable", "manageable", "meaning"}
GOAL_COMPARED = ("name", "heading", "understandable", "manageable", "meaning")
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
    )
    @api.depends_context("lang")
    def _compute_changes(self):
        for plan in self:
            rows = plan._changes() if plan.previous_id else []
            plan.changes = rows and plan._changes_list(rows)

    def _changes(self):
        """What differs from the version before.

        :return: a list of ``(kind, what, field, old, new)``; kind is ``new``, ``gone`` or ``changed``
        """
        self.ensure_one()
        rows = [
            ("changed", self.env._("The plan"), *change)
            for change in _compare(self.previous_id, self, PLAN_COMPARED)
        ]
        for parts, earlier, names in (
            (self.goal_ids, self.previous_id.goal_ids, GOAL_COMPARED),
            (self.line_ids, self.previous_id.line_ids, LINE_COMPARED),
        ):
            for part in parts:
                if part.previous_id not in earlier:
                    rows.append(("new", part.name, "", "", ""))
                else:
                    rows += [
                        ("changed", part.name, *change) for change in _compare(part.previous_id, part, names)
                    ]
            rows += [("gone", part.name, "", "", "") for part in earlier - parts.previous_id]
        return rows

    def _changes_list(self, rows):
        """One block for each goal or line that is new, gone or changed; what it said before is struck out."""
        kinds = {"new": self.env._("New"), "gone": self.env._("Gone"), "changed": self.env._("Changed")}
        colours = {"new": "success", "gone": "danger", "changed": "info"}
        blocks = []
        for (kind, what), group in groupby(rows, key=lambda row: row[:2]):
            changes = Markup().join(
                Markup("<div class='ms-3'>%s: <del class='text-muted'>%s</del> → %s</div>")
                % (field, old or "–", new or "–")
                for _kind, _what, field, old, new in group
                if field
            )
            blocks.append(
                Markup("<div class='mb-3'><span class='badge text-bg-%s me-2'>%s</span><b>%s</b>%s</div>")
                % (colours[kind], kinds[kind], what, changes)
            )
        return Markup().join(blocks)


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
    return value.display_name or "" if field.relational else str(value)
