from odoo import api, models
from odoo.exceptions import UserError

from ...tools import frozen


class CarePlanPart(models.AbstractModel):
    """A goal or a line: written while its plan is a draft, frozen with it, never moved to another plan."""

    _name = "care.plan.part"
    _description = "Part of a Plan"
    _inherit = ["care.frozen"]

    def _is_frozen(self):
        self.ensure_one()
        return self.plan_id.state != "draft"

    def _frozen_message(self):
        return self.env["care.plan"]._frozen_message()

    def _listed_for_retention(self):
        """A part goes with its plan."""
        listed = self.plan_id._listed_for_retention()
        return self.filtered(lambda part: part.plan_id in listed)

    @api.model_create_multi
    def create(self, vals_list):
        goals = self.env["care.plan.goal"].browse(self._ids_in(vals_list, "goal_id"))
        plans = self.env["care.plan"].browse(self._ids_in(vals_list, "plan_id"))
        if any(plan._is_frozen() for plan in (plans | goals.plan_id).sudo()):
            raise UserError(self._frozen_message())
        parts = super().create(vals_list)
        parts.plan_id._note_authors()
        return parts

    @api.model
    def _ids_in(self, vals_list, name):
        """What the rows are given, also by a default: asked before PostgreSQL, which logs what it refuses."""
        default = self.default_get([name]).get(name) if name in self._fields else None
        return {vals.get(name, default) for vals in vals_list} - {None, False}

    def write(self, vals):
        if "plan_id" in vals and any(part.plan_id.id != vals["plan_id"] for part in self):
            raise UserError(self.env._("A goal or a line stays in its plan. Revise the plan to carry it on."))
        result = super().write(vals)
        if vals:
            self.plan_id._note_authors()
        return result

    def unlink(self):
        plans = self.plan_id
        result = super().unlink()
        plans.exists()._note_authors()
        return result

    def _guard(self, table, content):
        """The same in the database."""
        parent = "EXISTS (SELECT 1 FROM care_plan p WHERE p.id = {}.plan_id AND p.state <> 'draft')"
        frozen.guard(
            self.env.cr,
            table,
            insert=parent.format("NEW"),
            update=f"({parent.format('OLD')} AND ({frozen.changed(*content)} OR {frozen.relinked('previous_id')}))"
            f" OR (OLD.plan_id IS DISTINCT FROM NEW.plan_id AND {parent.format('NEW')})",
            delete=parent.format("OLD"),
            listed="care_retention_lists('care.plan', OLD.plan_id)",
        )
