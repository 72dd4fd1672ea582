from odoo import api, models
from odoo.exceptions import UserError

from ...tools import frozen

# What makes an attachment what it is, and whose.
ATTACHMENT = ("store_fname", "db_datas", "checksum", "res_model", "res_field", "res_id", "name")


class CareGuarded(models.AbstractModel):
    """What is fixed from some moment on: refused by the ORM in a sentence one can act on, and by a trigger.

    The row: ``_frozen_from`` names the state from which on it is fixed, in the order of the selection, or
    the field whose being filled fixes it (``signed_at``; ``id``: from its creation). ``_frozen_with`` names
    the field that leads to a whole of which the row is a part, and with which it is fixed: then it is
    not added, changed, moved or taken away any more.

    The field: ``frozen=True``, with the row. ``frozen="active"`` or ``frozen="seen_at"``, from that state,
    or from when that field is filled, on: a field that names itself is filled once. ``frozen="id"``: from
    the row's creation. ``frozen=False``: never. What says nothing is refused by the ORM alone, with the row;
    a test asks for an answer of each column of such a model.

    Deletion of what is fixed is an approved retention run's alone, which lists the row itself, or what
    ``_retained_with`` leads to. From this follow the ORM's guard and the trigger, which ``init`` makes anew.
    """

    _inherit = "care.guarded"

    _frozen_from = None
    _frozen_with = None
    # Whose listing in a retention run deletes the row; None: nothing does.
    _retained_with = "id"

    # ------------------------------------------------------------------
    # In the ORM
    # ------------------------------------------------------------------

    def _is_frozen(self, since=True):
        """Whether what is ``frozen=since`` is fixed by now; by default the row."""
        self.ensure_one()
        if since is True and self._frozen_with:
            return self[self._frozen_with]._is_frozen()
        since = self._frozen_from if since is True else since
        if since in self._fields:
            return bool(self[since])
        return bool(since) and (self[self._state_field] or "") not in self._states_before(since)

    def _frozen_message(self):
        """The sentence of the database's own refusal, ``_frozen``, which stands on the model."""
        # sudo: users read no constraints; a text of the app's own comes back
        constraints_sudo = self.env["ir.model.constraint"].sudo()
        return constraints_sudo.search([("name", "=", f"{self._table}_frozen")], limit=1).message

    def _check_frozen(self, vals):
        """Refuse what a caller, and no verb, would change of what is fixed by now."""
        names = self._not_decided(vals)
        # sudo: it is asked before the right to the record, and of its whole; ``_refuse`` asks before it tells
        for record_sudo in self.sudo() if names else ():
            if sentence := record_sudo._why_fixed(vals, names):
                self._refuse("write", sentence)

    @api.model_create_multi
    def create(self, vals_list):
        if self._frozen_with:
            self._check_whole_open(vals_list)
        records = super().create(vals_list)
        records._wholes()._after_part_written()
        return records

    def write(self, vals):
        result = super().write(vals)
        if self._not_decided(vals):
            self._wholes()._after_part_written()
        return result

    def unlink(self):
        wholes = self._wholes()
        result = super().unlink()
        wholes.exists()._after_part_written()
        return result

    def _wholes(self):
        return self[self._frozen_with] if self._frozen_with else self.browse()

    def _after_part_written(self):
        """For a whole that keeps in mind that one of its parts was added, changed or taken away."""

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_frozen(self):
        """Deletion of what is frozen is the retention run's alone."""
        # sudo: whoever deletes a row need not open the whole that it is fixed with
        frozen_ones = self.sudo().filtered(lambda record: record._is_frozen())
        if (
            self._made_by_verb and self._not_decided(["id"]) and self.env.registry.ready
        ):  # else it is the demo
            frozen_ones = self
        if not frozen_ones or not frozen_ones - frozen_ones._listed_for_retention():
            return
        if self._made_by_verb or not self._retained_with:
            raise UserError(self._guard_message("unlink"))
        raise UserError(
            self.env._("This is fixed and stays in the file. Only an approved retention run deletes it.")
        )

    def _why_fixed(self, vals, names):
        """What is said where one of the fields, given by a caller, has its final value already."""
        kinds = {name: self._frozen_since(name) for name in names}
        if moved := [name for name in names if self._stays(name, kinds[name]) and self._differs(vals, name)]:
            return self.env._("%s stays as it is. Make a new one where it belongs.", self._labels(moved))
        kinds = {since for name, since in kinds.items() if since and not self._stays(name, since)}
        return self._frozen_message() if any(self._is_frozen(since) for since in kinds) else None

    @api.model
    def _stays(self, name, since):
        """What places a row that is otherwise open is fixed from its creation; a form may send it along."""
        return name == self._frozen_with or (since == "id" and self._frozen_from != "id")

    def _differs(self, vals, name):
        return self._fields[name].convert_to_write(self[name], self) != vals[name]

    @api.model
    def _frozen_since(self, name):
        """From when on a field is fixed; fields of Odoo's own mixins (activities) never are."""
        field = self._fields.get(name)
        if not field or "social_care" not in field._modules:
            return False
        return self._frozen_by(field, default=bool(self._frozen_from or self._frozen_with))

    @api.model
    def _frozen_by(self, field, default=False):
        return getattr(field, "frozen", getattr(field, "signed", None) is not None or default)

    @api.model
    def _states_before(self, state):
        states = self._fields[self._state_field].get_values(self.env)
        return ["", *states[: states.index(state)]]

    @api.model
    def _check_whole_open(self, vals_list):
        """Nothing is added to a frozen whole, by a default neither: told before the database refuses."""
        default = self.default_get([self._frozen_with]).get(self._frozen_with)
        ids = {vals.get(self._frozen_with, default) for vals in vals_list} - {None, False}
        # what the writer does not open is refused as if it were not there, where it is named
        wholes = self._model_of(self._frozen_with).browse(ids)._filtered_access("read")
        # sudo: the state may be kept from the writer; that the whole is fixed is all that is told
        wholes_sudo = wholes.sudo()
        if any(whole._is_frozen() for whole in wholes_sudo):
            raise UserError(self._frozen_message())

    def _listed_for_retention(self):
        """Those that an approved retention run lists, or whose whole it lists."""
        if not self._retained_with:
            return self.browse()
        if self._retained_with != "id":
            listed = self[self._retained_with]._listed_for_retention()
            return self.filtered(lambda record: record[self._retained_with] in listed)
        return self.env["care.retention.line"]._listed(self)

    # ------------------------------------------------------------------
    # In the database
    # ------------------------------------------------------------------

    def init(self):
        super().init()
        if self._abstract or not self._auto:
            return
        if conditions := self._guard_conditions():
            frozen.guard(self.env.cr, self._table, **conditions)
        for field in self._frozen_fields():
            if field.type == "many2many":
                self._guard_relation(field)
            elif field.type == "binary" and field.attachment:
                self._guard_file(field)

    @api.model
    def _frozen_fields(self):
        """The stored fields that are fixed from some moment on."""
        return [field for field in self._fields.values() if field.store and self._frozen_by(field)]

    @api.model
    def _guard_conditions(self):
        """What ``tools/frozen.guard`` is told; none where nothing is fixed. Overridden to add to it."""
        changes = {}
        for field in self._frozen_fields():
            if field.column_type:
                changes.setdefault(self._frozen_by(field), []).append(self._changed_sql(field))
        if not changes:
            return {}
        update = [f"(({' OR '.join(them)}) AND {self._still_sql(since)})" for since, them in changes.items()]
        if self._transitions:
            update.insert(0, frozen.illegal_move(self._transitions, self._state_field))
        conditions = {"update": " OR ".join(update)}
        if self._frozen_with:
            whole = self._fields[self._frozen_with]
            conditions["update"] += f" OR {frozen.changed(whole.name)}"
            conditions["insert"] = self._frozen_sql("NEW")
        if self._frozen_with or self._frozen_from:
            conditions["delete"] = self._frozen_sql("OLD")
            conditions["listed"] = self._listed_sql("OLD")
        if self._retained_with not in ("id", self._frozen_with, None):
            whole = self._model_of(self._retained_with)._table
            conditions["delete"] += f" AND {frozen.exists(whole, f'{whole}.id = OLD.{self._retained_with}')}"
        return conditions

    @api.model
    def _changed_sql(self, field):
        """A reference becomes empty once what it names is deleted, where its ``ondelete`` lets it."""
        changed = frozen.changed(field.name)
        if field.type == "many2one" and field.ondelete == "set null":
            target = self.env[field.comodel_name]._table
            gone = f"NOT {frozen.exists(target, f'{target}.id = OLD.{field.name}')}"
            changed += f" AND NOT (NEW.{field.name} IS NULL AND {gone})"
        return changed

    @api.model
    def _still_sql(self, since):
        """Frozen before and after: a step back to an open state lets go of what was filled."""
        before = self._frozen_sql("OLD", since)
        is_filled = since in self._fields and since != "id" and self._transitions
        return f"{before} AND {self._frozen_sql('NEW')}" if is_filled else before

    @api.model
    def _frozen_sql(self, alias, since=True):
        """What ``_is_frozen`` says, of the row that is called ``alias``."""
        if since is True and self._frozen_with:
            whole = self._model_of(self._frozen_with)
            same = f"{whole._table}.id = {alias}.{self._frozen_with}"
            return frozen.exists(whole._table, f"{same} AND {whole._frozen_sql(whole._table)}")
        since = self._frozen_from if since is True else since
        if since in self._fields:
            return f"{alias}.{since} IS NOT NULL"
        before = ", ".join(f"'{state}'" for state in self._states_before(since))
        return f"COALESCE({alias}.{self._state_field}, '') NOT IN ({before})"

    @api.model
    def _listed_sql(self, alias):
        if not self._retained_with:
            return "FALSE"
        if self._retained_with == "id":
            return f"care_retention_lists('{self._name}', {alias}.id)"
        whole, column = self._model_of(self._retained_with), f"{alias}.{self._retained_with}"
        if whole._retained_with == "id":
            return f"care_retention_lists('{whole._name}', {column})"
        return frozen.exists(
            whole._table, f"{whole._table}.id = {column} AND {whole._listed_sql(whole._table)}"
        )

    @api.model
    def _guard_relation(self, field):
        """Rows of a many2many are content of the row that holds it.

        They go with it, and with what they name where a retention run alone deletes that. What is fixed from
        its creation gets them then.
        """
        since = self._frozen_by(field)
        fixed = self._frozen_sql(self._table, since)
        row = frozen.exists(self._table, f"{self._table}.id = {{}}.{field.column1} AND {fixed}")
        named = self.env[field.comodel_name]
        kept = frozen.exists(named._table, f"{named._table}.id = OLD.{field.column2}")
        is_kept = getattr(named, "_frozen_from", None) or getattr(named, "_frozen_with", None)
        is_born_fixed = (self._frozen_from if since is True else since) == "id"
        frozen.guard(
            self.env.cr,
            field.relation,
            insert="FALSE" if is_born_fixed else row.format("NEW"),
            update=f"{row.format('OLD')} OR {row.format('NEW')}",
            delete=f"{row.format('OLD')} AND {kept}" if is_kept else row.format("OLD"),
            key=field.column1,
            constraint=f"{self._table}_frozen",
        )

    @api.model
    def _guard_file(self, field):
        """The file of a field is content of its row, too; it goes once the row is gone."""
        fixed = self._frozen_sql(self._table, self._frozen_by(field))
        row = frozen.exists(self._table, f"{self._table}.id = OLD.res_id AND {fixed}")
        frozen.guard(
            self.env.cr,
            "ir_attachment",
            name=f"{self._table}_{field.name}",
            when=f"OLD.res_model = '{self._name}' AND OLD.res_field = '{field.name}'",
            update=f"{frozen.changed(*ATTACHMENT)} AND {row}",
            delete=row,
            constraint=f"{self._table}_frozen",
        )

    @api.model
    def _model_of(self, name):
        return self.env[self._fields[name].comodel_name]
