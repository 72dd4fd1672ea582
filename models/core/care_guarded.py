from odoo import api, models
from odoo.exceptions import UserError


class CareGuarded(models.AbstractModel):
    """A record that the app itself makes, and that only its verbs change: not even superuser code writes it.

    Who makes it is often whom it speaks of. So no value comes from the caller's context or stored defaults,
    or an emergency access could be born reviewed, and a change of access seen.
    """

    _name = "care.guarded"
    _description = "Made by the App, Changed by Verbs"
    _inherit = ["care.own.values"]

    # What activities write on the record that they hang on.
    _guard_passes = frozenset({"activity_ids", "message_ids", "message_follower_ids"})

    @api.model
    def default_get(self, fields):
        """The fields' own defaults: neither the caller's context nor a stored default is looked up."""
        values = super().default_get([])
        for field in (self._fields[name] for name in fields if name in self._fields):
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                values[field.name] = field.convert_to_write(field.convert_to_record(value, self), self)
        return values

    @api.model
    def _guard_message(self, operation):
        """What is said to whoever tries to ``create``, ``write`` or ``unlink`` one."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self._guard_message("create"))
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - self._guard_passes:
            raise UserError(self._guard_message("write"))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._guard_message("unlink"))

    def _move(self, vals):
        """Write what the verbs decide. Private: every caller has checked person and state."""
        beyond_the_guard = super().write
        with self._deciding(*vals):
            return beyond_the_guard(vals)
