from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.own_work import own_work

# (model, field) of what is being decided now.
_DECIDED = ContextVar("care_decided", default=frozenset())


class CareOwnValues(models.AbstractModel):
    """What a model decides itself, and no caller: fields that are readonly on the model, and its verbs' fields.

    Odoo hides them on the screen alone. Over RPC a value may come through the context (``default_state``),
    through ``ir.default``, which every user may fill, or through a plain write of a computed column, such
    as the moment at which an access opens.
    """

    _name = "care.own.values"
    _description = "Decides its Own Values"

    # Written by verbs alone, in every state.
    _verb_fields = frozenset()
    # Readonly fields that a screen of ours fills through the context; the model checks them.
    _context_fields = frozenset()

    @api.model
    def default_get(self, fields):
        """A new record begins as its model says. Verbs create through here too, with the caller's context."""
        own = [name for name in fields if self._is_own_value(name)]
        values = super().default_get([name for name in fields if name not in own])
        for name in own:
            field = self._fields[name]
            if field.default:
                cached = field.convert_to_cache(field.default(self), self, validate=False)
                values[name] = field.convert_to_write(cached, self)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        names = {name for vals in vals_list for name in vals}
        self._check_own_columns(names, "create")
        if not self.env.su:
            self._check_computed_columns(names)
        return super().create(vals_list)

    def copy_data(self, default=None):
        """A copy begins as a new record does."""
        rows = super().copy_data(default)
        for row in rows:
            for name in [name for name in row if self._is_own_column(name) and name not in (default or {})]:
                del row[name]
        return rows

    def write(self, vals):
        self._check_own_columns(vals, "write")
        self._check_computed_columns(vals)
        return super().write(vals)

    def _check_own_columns(self, names, operation):
        """Refuse a user's values for what the model decides. Superuser code is ours, or a migration's."""
        if self.env.su:
            return
        decided = _DECIDED.get()
        if own := [
            self._fields[name]
            for name in names
            if self._is_own_column(name) and (self._name, name) not in decided
        ]:
            self.check_access(operation)
            labels = ", ".join(field._description_string(self.env) or field.name for field in own)
            raise UserError(self.env._("%s is set by Odoo itself. Leave it out.", labels))

    def _check_computed_columns(self, names):
        if computed := [self._fields[name] for name in names if self._is_computed_column(name)]:
            labels = ", ".join(field._description_string(self.env) or field.name for field in computed)
            raise UserError(self.env._("%s follows from other fields. Change those.", labels))

    @api.model
    @contextmanager
    def _deciding(self, *names):
        """Inside, these fields of this model are written by the model itself: a verb, or an override of create.

        Not in the context, which a caller over RPC chooses.
        """
        token = _DECIDED.set(_DECIDED.get() | {(self._name, name) for name in names})
        try:
            yield
        finally:
            _DECIDED.reset(token)

    def _write_decided(self, vals):
        """Write what a verb decides. Private: every caller has checked the state; access is checked as ever."""
        with self._deciding(*vals):
            return self.write(vals)

    def _compute_field_value(self, field):
        """A column follows from others, whoever has changed them; what is not stored is a look."""
        with own_work(anyone=True) if field.store else nullcontext():
            return super()._compute_field_value(field)

    @api.model
    def _is_own_value(self, name):
        field = self._fields.get(name)
        if not field or name in self._context_fields:
            return False
        return name in self._verb_fields or field.readonly

    @api.model
    def _is_own_column(self, name):
        field = self._fields.get(name)
        if not field or name in self._verb_fields or name in self._context_fields:
            return False
        return field.store and field.readonly and (not field.compute or field.inverse)

    @api.model
    def _is_computed_column(self, name):
        field = self._fields.get(name)
        if not field or name in self._verb_fields:  # which the model guards itself
            return False
        return field.store and field.readonly and field.compute and not field.inverse
