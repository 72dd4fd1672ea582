from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

# The three questions are asked anew: no answer yet is no change.
ASKED_ANEW = {"understandable", "manageable", "meaning"}


class CarePlan(models.Model):
    """What a version changes, line by line."""

    _inherit = "care.plan"

    changes = fields.Html("What Has Changed", compute="_compute_changes")

    @api.depends(lambda self: self._all_compared())
    @api.depends_context("lang")
    def _compute_changes(self):
        for plan in self:
            blocks = plan._change_blocks() if plan.previous_id else []
            plan.changes = blocks and plan._changes_list(blocks)

    @api.model
    def _all_compared(self):
        parts = {"goal_ids": self.env["care.plan.goal"], "line_ids": self.env["care.plan.line"]}
        of_parts = [f"{name}.{field}" for name, part in parts.items() for field in part._compared_fields()]
        return ["previous_id", *self._compared_fields(), *of_parts, "line_ids.goal_id"]

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
        blocks = [("changed", self.env._("The plan"), _compare(before, self))]
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
        return _compare(self.previous_id, self)


class CarePlanLine(models.Model):
    _inherit = "care.plan.line"

    @api.model
    def _compared_fields(self):
        """Who comes and when is told in words; which goal it serves, below."""
        words = {
            name: text
            for text in ("who_text", "when_text")
            for name in getattr(type(self), f"_compute_{text}")._depends
        }
        compared = [words.get(name, name) for name in super()._compared_fields() if name != "goal_id"]
        return list(dict.fromkeys(compared))

    def _compare_with_previous(self):
        """Also whether it now serves another goal; a goal that is only worded anew is still the same."""
        before = self.previous_id
        changes = _compare(before, self)
        if self.goal_id.previous_id != before.goal_id:
            label = self._fields["goal_name"]._description_string(self.env)
            changes.append((label, before.goal_name or "", self.goal_name or ""))
        return changes


def _compare(old, new):
    """``(label, before, now)`` of each field that differs, as it is shown."""
    changes = []
    for name in new._compared_fields():
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
