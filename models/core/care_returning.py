from odoo import api, fields, models

from ...tools import frozen


class CareReturning(models.AbstractModel):
    """What ends together with something else comes back with it, when that end is taken back in time.

    ``_returns`` are the steps back. No verb of the model takes them; the database lets them pass only for a
    row that has a day until which it returns.
    """

    _name = "care.returning"
    _description = "Comes Back with What Ended It"
    _inherit = ["care.guarded"]
    _returns = {}

    returns_until = fields.Date(
        readonly=True,
        copy=False,
        by_verb=True,
        frozen=False,
        help="Ended by something else, and back with it when that is taken back until the end of this day.",
    )

    @api.model
    def _guard_conditions(self):
        conditions = super()._guard_conditions()
        if not conditions:
            return conditions
        illegal = frozen.illegal_move(self._transitions, self._state_field)
        known = frozen.illegal_move({**self._transitions, **self._returns}, self._state_field)
        back = f"OLD.returns_until IS NOT NULL AND NEW.returns_until IS NULL AND NOT {known}"
        return conditions | {
            "update": conditions["update"].replace(illegal, f"({illegal} AND NOT ({back}))", 1)
        }

    def _return(self):
        """Give back the state that each had. Called by what is taken back, which has checked who and until when."""
        before = {record: record[self._state_field] for record in self}
        for record in self:
            record._write_decided({"returns_until": False, **record._returned_vals()})
        self.flush_recordset()
        self._after_transition(before)

    def _returned_vals(self):
        """The state before the end, and what the end had filled."""
        raise NotImplementedError
