import logging
from datetime import date

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_datetime


class Base(models.AbstractModel):
    """Two who write in one record, from pages opened at different times, do not overwrite one another silently.

    A form sends, in the context of its save, what each field that it writes said on the screen: ``care_seen``,
    ``{field: value, lines: {id: {field: value}}}``. Whoever sends nothing writes as ever.
    """

    _inherit = "base"

    def web_save(self, vals, specification, next_id=None):
        if self and (seen := self.env.context.get("care_seen")):
            self._check_seen(vals, seen)
        return super().web_save(vals, specification, next_id=next_id)

    def _check_seen(self, vals, seen):
        """Refuse to write over what somebody has saved since. Of two at the same moment the database runs one again.

        :raise UserError: saying who, when and what; its context tells the form where, and what it says now
        """
        self.ensure_one()
        changed = list(self._changed_since(vals, seen))
        if changed:
            error = UserError(
                "\n\n".join(record._changed_message(name, yours) for record, name, yours, *_ in changed)
            )
            error.loglevel = logging.NOTSET  # Odoo's log is no place for what people write
            error.context = {"care_changed": [{"path": path, "now": now} for *_, path, now in changed]}
            raise error

    def _changed_since(self, vals, seen, path=()):
        """Each field that says neither what the writer had seen nor what is written."""
        for name in seen.keys() & vals.keys() & self._fields.keys():
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                yield from self._lines_changed_since(field, vals[name], seen[name], (*path, name))
            elif field.store and field.type != "binary":
                now = field.convert_to_write(self[name], self) or False
                if isinstance(now, date):
                    now = field.to_string(now)
                if now not in (seen[name] or False, vals[name] or False):
                    yield self, name, vals[name], (*path, name), now

    def _lines_changed_since(self, field, commands, seen, path):
        written = {command[1]: command[2] for command in commands if command[0] == Command.UPDATE}
        for line in self.env[field.comodel_name].browse(line for line in written if str(line) in seen):
            yield from line._changed_since(written[line.id], seen[str(line.id)], (*path, line.id))

    def _changed_message(self, name, yours):
        """Who saved the record last is known, and not who of several wrote this field."""
        field = self._fields[name]
        # sudo: the colleague's name alone, whichever company the login is of
        person = self.write_uid.sudo().care_name
        values = {
            "person": self.env._("you (in another window)") if self.write_uid == self.env.user else person,
            "field": field._description_string(self.env),
            "time": format_datetime(self.env, self.write_date, dt_format="short"),
            "value": self._now_in_words(field) or "-",
            "yours": yours or "-",
        }
        sentence = self.env._(
            "“%(field)s” has been changed while you were writing. Saved last by %(person)s, at %(time)s. It now says:\n"
            "%(value)s",
            **values,
        )
        if field.type not in ("char", "text"):
            return sentence
        return sentence + "\n\n" + self.env._("You have written:\n%(yours)s", **values)

    def _now_in_words(self, field):
        value = self[field.name]
        if field.type == "datetime":
            return value and format_datetime(self.env, value, dt_format="short")  # as the form shows it
        return field.convert_to_export(value, self)
