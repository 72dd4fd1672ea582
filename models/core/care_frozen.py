from odoo import api, models
from odoo.exceptions import UserError


class CareFrozen(models.AbstractModel):
    """A walled record that is not changed any more once it is agreed or signed.

    The ORM refuses with a sentence one can act on, under sudo and in batch too; the triggers of
    ``tools/frozen.py`` refuse the rest. ``_move`` is the way of the verbs.
    """

    _name = "care.frozen"
    _description = "Frozen when Signed"
    _inherit = ["care.walled"]

    def _is_frozen(self):
        """Whether the record's content is fixed. Overridden where a state or a parent says so."""
        self.ensure_one()
        return False

    def _frozen_message(self):
        return self.env._(
            "What is proposed or signed is not changed. Revise it instead: the earlier version stays readable."
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_verb_fields(vals)
        records = super().create(vals_list)
        records._check_parent_open()
        return records

    def write(self, vals):
        self._check_verb_fields(vals)
        if vals and any(record._is_frozen() for record in self.sudo()):
            raise UserError(self._frozen_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_frozen(self):
        """Deletion of what is frozen is the retention run's alone."""
        frozen = self.sudo().filtered(lambda record: record._is_frozen())
        if frozen and frozen - frozen._listed_for_retention():
            raise UserError(
                self.env._(
                    "What is proposed or signed stays in the file. Only an approved retention run deletes it."
                )
            )

    def _listed_for_retention(self):
        lines = (
            self.env["care.retention.line"]
            .sudo()
            .search_fetch(
                [("model", "=", self._name), ("res_id", "in", self.ids), ("run_id.state", "=", "approved")],
                ["res_id"],
            )
        )
        return self.browse(lines.mapped("res_id"))

    def _check_parent_open(self):
        """Nothing is added to a frozen whole. Overridden by the parts."""

    @api.model
    def _check_verb_fields(self, vals):
        if found := sorted(self._verb_fields & vals.keys()):
            labels = ", ".join(self._fields[name]._description_string(self.env) or name for name in found)
            raise UserError(self.env._("%s is set by the buttons alone, not written.", labels))

    def _move(self, vals):
        """Write what the verbs decide. Private: every caller has checked person and state."""
        beyond_the_guard = super().write
        with self._deciding(*vals):
            return beyond_the_guard(vals)

    @api.model
    def _create_by_verb(self, vals_list):
        """Create what only a verb may, checked by the caller like ``_move``."""
        beyond_the_guard = super().create
        with self._deciding(*{name for vals in vals_list for name in vals}):
            return beyond_the_guard(vals_list)
