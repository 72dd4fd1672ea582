from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import ormcache, split_every
from odoo.tools.constants import PREFETCH_MAX

from ...tools.own_work import own_work


class Base(models.AbstractModel):
    """Whoever names a closed record, on whichever model, is refused as if it did not exist.

    Odoo asks for a right to the record that is written and not to those it points at; what follows from
    them (computed and related fields, rules that look along the relation) would tell of a closed one.
    """

    _inherit = "base"

    # The wall that its rows are behind: "file" (care.walled), "neutral" (care.neutral), "closed" (others of care.closed).
    _wall = None

    @api.model_create_multi
    def create(self, vals_list):
        self._check_all_named(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_all_named([vals])
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """Defaults come from the caller's context, too."""
        values = super().default_get(fields)
        self._check_all_named([values])
        return values

    def onchange(self, values, field_names, fields_spec):
        named = {name: value for name, value in values.items() if not self._is_known_from(name, values)}
        self._check_all_named([named], with_lines=True)
        return super().onchange(values, field_names, fields_spec)

    def _is_known_from(self, name, values):
        """Whether a form sends back a record that its own record tells the user, or one that it names besides."""
        field, source, path = self._fields.get(name), self, name
        if self.env.su or name not in self._care_naming_fields() or field.type != "many2one":
            return False
        if not self and field.related:
            first, _dot, path = field.related.partition(".")
            model, ids = self._named_by(self._fields[first], {first: values.get(first)}, None)
            source = self.env[model or self._fields[first].comodel_name].browse(ids)
        return bool(source) and source.mapped(path).ids == self._named_by(field, values, None)[1]

    def modified(self, fnames, create=False, before=False):
        """Odoo looks for what depends on the fields as superuser, whoever has changed them, and tells nobody."""
        with own_work(anyone=True):
            return super().modified(fnames, create, before)

    def _check_named(self, name, records):
        """Refuse closed records as the value of field ``name``. Overridden where another right serves.

        What lasts is not opened by an emergency access, which ends.
        """
        if not self._transient:
            records = records.with_context(care_wall_changes=True)
        records.check_access("read")

    @api.model
    def _check_all_named(self, vals_list, with_lines=False):
        """:param with_lines: look into new lines, too, which nothing else will do where they are not created"""
        if self.env.su or not self.env.registry.ready:
            return
        for name, comodel in self._care_naming_fields().items():
            ids = {}
            for vals in vals_list:
                if vals.get(name):
                    model, found = self._named_by(self._fields[name], vals, comodel)
                    ids.setdefault(model, set()).update(found)
            for model in ids:
                if self._is_closed_model(model) and ids[model]:
                    self._check_named(name, self.env[model].browse(sorted(ids[model])))
        if with_lines:
            self._check_named_by_lines(vals_list)

    @api.model
    def _check_named_by_lines(self, vals_list):
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field and field.type in ("one2many", "many2many") and value:
                    lines = [
                        command[2] for command in value if command[0] in (Command.CREATE, Command.UPDATE)
                    ]
                    self.env[field.comodel_name]._check_all_named(lines, with_lines=True)

    @api.model
    @ormcache("self._name")
    def _care_naming_fields(self):
        """``{name: comodel}`` of the fields that can name a closed record; no comodel where the value says it."""
        return {
            name: None if field.type in ("reference", "many2one_reference") else field.comodel_name
            for name, field in self._fields.items()
            if field.type in ("reference", "many2one_reference")
            or (field.relational and self._is_closed_model(field.comodel_name))
        }

    def _refused_by_rules(self, operation):
        """As Odoo's ``_check_access``, but the database is asked once, and not record by record and rule."""
        if not any(self._ids):
            return None
        rules = self.env["ir.rule"]
        domain = rules._compute_domain(self._name, operation)
        lasting = operation != "read" or self.env.context.get("care_wall_changes", False)
        # sudo: the user's own rules are asked; what they look along may be closed, ids alone come back
        rows_sudo = self.sudo().with_context(active_test=False, care_wall_changes=lasting)
        allowed = []
        with own_work(anyone=True):  # the question whether the user may
            for ids in split_every(PREFETCH_MAX, self.ids):  # with more of them at once each costs more
                allowed += rows_sudo._search(domain & Domain("id", "in", ids)).get_result_ids()
        forbidden = self - self.browse(allowed)
        return (forbidden, lambda: rules._make_access_error(operation, forbidden)) if forbidden else None

    @api.model
    def _is_closed_model(self, name):
        return bool(name in self.env and self.env[name]._wall)

    @api.model
    def _named_by(self, field, vals, comodel):
        """The model and ids that the value of a field names, as a caller or a form writes it."""
        value = vals[field.name]
        if field.type == "reference":
            model, _comma, id_ = str(value).partition(",")
            return model, [int(id_)] if id_.isdecimal() else []
        if field.type == "many2one_reference":
            return vals.get(field.model_field), [value] if isinstance(value, int) else []
        if field.type == "many2one":
            value = value.get("id") if isinstance(value, dict) else value
            value = value[0] if isinstance(value, (list, tuple)) else value
            return comodel, [value] if isinstance(value, int) else []
        return comodel, _linked(value)


def _linked(commands):
    """The ids that commands of a one2many or many2many add. Others are asked for as Odoo does."""
    ids = []
    for command in commands:
        if isinstance(command, int):
            ids.append(command)
        elif command[0] == Command.LINK:
            ids.append(command[1])
        elif command[0] == Command.SET:
            ids += command[2]
    return ids
