from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_datetime


class CareGuarded(models.AbstractModel):
    """One life cycle: a table beside the state field, one way to another state, one hook after it."""

    _inherit = "care.guarded"

    # {state: the states that may follow it}; "" where the field is empty.
    _transitions = {}
    _state_field = "state"

    def _transition(self, state, **vals):
        """The one way to another state, and what the verb decides with it. Holds for superuser code too.

        :raise AccessError: unless the user may write the records
        :raise UserError: where the table knows no such step
        """
        self._check_transition(state)
        before = {record: record[self._state_field] for record in self}
        self.env.flush_all()  # what hangs on the records, before they freeze it
        self._write_decided({self._state_field: state, **vals})
        self.flush_recordset()  # the database has its say now
        self._after_transition(before)

    def _check_transition(self, state):
        """For verbs that do something before the step itself."""
        self.check_access("write")
        labels = dict(self._fields[self._state_field]._description_selection(self.env))
        for record in self:
            now = record[self._state_field] or ""
            if state not in self._transitions.get(now, ()):
                # sudo: the colleague's name alone, whichever company the login is of
                person = record.write_uid.sudo().care_name
                raise UserError(
                    self.env._(
                        "What is “%(state)s” does not become “%(next)s”. %(person)s changed it last, at %(time)s."
                        " Reload the page and see how it stands now.",
                        state=labels.get(now, now),
                        next=labels.get(state, state),
                        person=person,
                        time=format_datetime(self.env, record.write_date, dt_format="short"),
                    )
                )

    def _after_transition(self, before):
        """Everything that follows from a step hangs here, whichever verb took it.

        :param dict before: ``{record: the state it had}``; ``self`` has the new one, in the database too
        """
