"""Odoo's tools that choose a model leave the models of care out, whoever chooses.

Webhooks, automations, goals, recycling, templates, aliases, fields of an administrator's own: what they choose
they read and change as superuser, beside every wall. They are known by what they hold, a relation to a model, so
that those of apps installed later are among them.
"""

import re

from odoo import api, models, tools
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import UserError

# By which of its fields a row names a model.
NAMED_BY = {"ir.model": ("model",), "ir.model.fields": ("model", "relation"), "ir.filters": ("model_id",)}
# What a user does in a form of one's own, Odoo's history of a message, and what is watched instead.
NO_TOOLS = {"ir.default", "mail.activity.schedule", "mail.tracking.value", "ir.rule", "ir.model.access"}
# An entry in a menu: what it opens is chosen by another field.
MENU_ENTRY = "binding_model_id"
TEXTS = {"char", "text", "html", "reference"}


class Base(models.AbstractModel):
    _inherit = "base"

    def _validate_fields(self, field_names, excluded_names=()):
        field_names = list(field_names)
        # the files of modules may choose: reviewers have read them
        if self._care_choosing() and self.env.registry.ready:
            self._care_check_left_out(field_names)
        return super()._validate_fields(field_names, excluded_names)

    def unlink(self):
        """What guards a deletion rests while a module is uninstalled, not because a caller's context says so."""
        if (
            self._name.startswith("care.")
            and self.env.registry.ready
            and MODULE_UNINSTALL_FLAG in self.env.context
        ):
            return super(Base, self.with_context(**{MODULE_UNINSTALL_FLAG: False})).unlink()
        return super().unlink()

    @api.model
    @tools.ormcache("self._name")
    def _care_choosing(self):
        """The fields by which a row chooses a model. What hangs on one record chooses none."""
        if self._name in NO_TOOLS or any(
            field.type == "many2one_reference" for field in self._fields.values()
        ):
            return ()
        own = NAMED_BY[self._name] if self._name in ("ir.model", "ir.model.fields") else ()
        return own + tuple(
            field.name
            for field in self._fields.values()
            if field.store
            and field.type in ("many2one", "many2many")
            and field.comodel_name in NAMED_BY
            and field.name != MENU_ENTRY
        )

    @api.model
    @tools.ormcache()
    def _care_words(self):
        """What in a path, a domain or code names care: models, their tables, fields that lead to them."""
        registry = self.env.registry
        care = [model for name, model in registry.items() if name.startswith("care.")]
        words = {word for model in care for word in (model._name, model._table)}
        words |= {
            field.name
            for name, model in registry.items()
            if not name.startswith("care.")
            for field in model._fields.values()
            if (field.comodel_name or "").startswith("care.")
        }
        return re.compile(rf"(?<!\w)({'|'.join(sorted(map(re.escape, words)))})(?!\w)")

    def _care_check_left_out(self, field_names):
        choosing = self._care_choosing()
        texts = [name for name in field_names if name in self._fields and self._fields[name].type in TEXTS]
        if not texts and not set(choosing).intersection(field_names):
            return
        # sudo: users read no ir.model, by which a row names a model; only whether it is one of care is asked
        for row_sudo in self.sudo():
            if self._name in NAMED_BY and "state" in self._fields and row_sudo.state == "base":
                continue  # a module's own model or field, whose label somebody translates
            if row_sudo._care_chosen() or any(
                self._care_words().search(str(row_sudo[name] or "")) for name in texts
            ):
                raise UserError(
                    self.env._(
                        "Odoo's tools leave the records of care out, so that nothing of a client leaves by them."
                        " Choose another model, or leave what names one out of the text."
                    )
                )

    def _care_chosen(self):
        """Whether the row chooses a model of care, itself or by what it points at."""
        named = [self[name] for name in self._care_choosing()]
        for value in list(named):
            if isinstance(value, models.BaseModel):
                named += [row[name] for row in value for name in NAMED_BY[value._name]]
        return any(isinstance(name, str) and name.startswith("care.") for name in named)
