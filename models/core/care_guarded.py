from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.own_work import own_work

# (model, field) of what is being decided now.
_DECIDED = ContextVar("care_decided", default=frozenset())
PARAMETERS = frozenset({"by_verb", "by_context", "frozen", "signed"})


@contextmanager
def _nothing_decided():
    """Odoo writes: what follows from commands in the values, or from defaults, is the caller's and no verb's."""
    token = _DECIDED.set(frozenset())
    try:
        yield
    finally:
        _DECIDED.reset(token)


class CareGuarded(models.AbstractModel):
    """Each field says itself who sets it, from when on it is fixed, and whether it is part of what is signed.

    ``readonly=True``: no user writes it: not by a write, a creation, the context (``default_state``) or
    ``ir.default``, which every user may fill. Odoo itself hides such fields on the screen alone.
    ``by_context=True``: a readonly field that a screen of ours fills through the context; the model checks.
    ``by_verb=True``: set by the model's verbs alone; by nobody's write or creation, superuser code included.
    ``frozen=...``: see ``care_guarded_frozen.py``. ``signed=...``: see ``care_guarded_signed.py``.

    A verb writes through ``_transition`` (``care_guarded_states.py``), ``_write_decided`` and
    ``_create_decided``. They pass every guard of the ORM for the fields that they are given, and run all
    overrides of ``write`` and ``create`` as ever. The database's triggers hold for them too.
    """

    _name = "care.guarded"
    _description = "Guarded by its Fields"

    # Rows that superuser code of ours makes, that verbs alone change and nobody takes away: all fields are
    # by_verb ones but for those that say ``by_verb=False``.
    _made_by_verb = False

    @api.model
    def _valid_field_parameter(self, field, name):
        return name in PARAMETERS or super()._valid_field_parameter(field, name)

    # ------------------------------------------------------------------
    # What a caller may hand in
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """A new record begins as its model says. Verbs create through here too, with the caller's context."""
        own = [name for name in fields if self._is_own_value(name)]
        values = super().default_get([name for name in fields if name not in own])
        for name in own:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                values[name] = field.convert_to_write(field.convert_to_record(value, self), self)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self._check_handed_in({name for vals in vals_list for name in vals}, "create")
        with _nothing_decided():
            return super().create(vals_list)

    def write(self, vals):
        self._check_handed_in(vals, "write")
        self._check_frozen(vals)
        with _nothing_decided():
            return super().write(vals)

    def copy_data(self, default=None):
        """A copy begins as a new record does."""
        rows = super().copy_data(default)
        for row in rows:
            for name in row.keys() - (default or {}).keys():
                if getattr(self._fields[name], "by_verb", False) or self._is_own_column(name):
                    del row[name]
        return rows

    def _check_handed_in(self, names, operation):
        """Refuse values for what the model decides. In readonly fields superuser code is ours to trust."""
        names = self._not_decided(names)
        if self.env.su and operation == "create" and not self.env.registry.ready:
            return  # the story that the demo tells, with what became of it
        if self._made_by_verb:
            if any(map(self._is_by_verb, names)) if operation == "write" else not self.env.su:
                self._refuse(operation, self._guard_message(operation))
        elif verbs := list(filter(self._is_by_verb, names)):
            sentence = self.env._("%s is set by the buttons alone, not written.", self._labels(verbs))
            self._refuse(operation, sentence)
        if not self.env.su and (own := list(filter(self._is_own_column, names))):
            sentence = self.env._("%s is set by Odoo itself. Leave it out.", self._labels(own))
            self._refuse(operation, sentence)
        computed = list(filter(self._is_computed_column, names))
        if computed and (operation == "write" or not self.env.su):
            labels = self._labels(computed)
            raise UserError(self.env._("%s follows from other fields. Change those.", labels))

    def _refuse(self, operation, sentence):
        """Whoever may not open the record learns no more, where the sentence tells how it stands with it."""
        if not self._made_by_verb:
            self.check_access(operation)
        raise UserError(sentence)

    @api.model
    def _guard_message(self, operation):
        """What is said where verbs make all, and somebody tries to ``create``, ``write`` or ``unlink``."""
        return self._frozen_message()

    @api.model
    def _labels(self, names):
        fields = [self._fields[name] for name in names]
        return ", ".join(field._description_string(self.env) or field.name for field in fields)

    # ------------------------------------------------------------------
    # What the model decides itself
    # ------------------------------------------------------------------

    @api.model
    @contextmanager
    def _deciding(self, *names):
        """Inside, the model itself writes these fields of its own: a verb, or an override of create.

        Not in the context, which a caller over RPC chooses.
        """
        token = _DECIDED.set(_DECIDED.get() | {(self._name, name) for name in (*names, "id")})
        try:
            yield
        finally:
            _DECIDED.reset(token)

    def _write_decided(self, vals):
        """Write what a verb decides. Private: the caller has checked the state; access is checked as ever."""
        with self._deciding(*vals):
            return self.write(vals)

    @api.model
    def _create_decided(self, vals_list):
        """Create what only a verb may, checked by the caller like ``_write_decided``."""
        with self._deciding(*{name for vals in vals_list for name in vals}):
            return self.create(vals_list)

    @api.model
    def _not_decided(self, names):
        """Those that a caller has handed in, and that no verb is writing now."""
        decided = _DECIDED.get()
        return [name for name in names if (self._name, name) not in decided]

    def _compute_field_value(self, field):
        """A column follows from others, whoever has changed them; what is not stored is a look."""
        with own_work(anyone=True) if field.store else nullcontext():
            return super()._compute_field_value(field)

    # ------------------------------------------------------------------
    # What kind of field it is
    # ------------------------------------------------------------------

    @api.model
    def _is_by_verb(self, name):
        """Fields of Odoo's mixins are not ours to guard: activities write on the record that they hang on."""
        field = self._fields.get(name)
        if not field or not self._made_by_verb:
            return bool(getattr(field, "by_verb", False))
        return getattr(field, "by_verb", "social_care" in field._modules)

    @api.model
    def _is_own_value(self, name):
        field = self._fields.get(name)
        if not field or getattr(field, "by_context", False):
            return False
        return field.readonly or self._made_by_verb or self._is_by_verb(name)

    @api.model
    def _is_own_column(self, name):
        field = self._fields.get(name)
        if not field or self._is_by_verb(name) or getattr(field, "by_context", False):
            return False
        return field.store and field.readonly and (not field.compute or field.inverse)

    @api.model
    def _is_computed_column(self, name):
        field = self._fields.get(name)
        return bool(field and field.store and field.readonly and field.compute and not field.inverse)
