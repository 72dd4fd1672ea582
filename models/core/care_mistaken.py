from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CareMistaken(models.AbstractModel):
    """A record that was entered by mistake, such as in another client's file, is taken back with a reason.

    Until the end of the day after it was entered, and while nothing rests on it, its writer or a manager of
    the unit removes it: another person's data do not stay in the file. Afterwards a manager ends it as entered
    by mistake, and it stays and says so. Either way the access log keeps who, what, when and why.
    """

    _name = "care.mistaken"
    _description = "Taken Back when Entered by Mistake"
    _inherit = ["care.walled"]

    mistake_reason = fields.Char("Entered by Mistake", readonly=True, copy=False, by_verb=True)
    mistake_at = fields.Datetime(readonly=True, copy=False, by_verb=True)

    def action_take_back(self, reason=None):
        """Take back what was entered by mistake.

        :param str reason: why, without a name
        :raise AccessError: for whoever may not write here, or neither wrote it nor manages the unit
        """
        for record in self:
            record.check_access("write")
            if record.mistake_reason:
                raise UserError(self.env._("This was taken back already."))
            if not (reason or "").strip():
                raise UserError(self.env._("Say why it is taken back."))
            removed = record._is_removable()
            if not self.env.su and not (removed and record.create_uid == self.env.user):
                self.env["care.unit.member"]._check_manages(record.unit_id)
            record._note_taken_back(reason.strip())
            if removed:
                record._remove_mistaken()
            else:
                record._write_decided({"mistake_reason": reason.strip(), "mistake_at": fields.Datetime.now()})
                record._end_mistaken()

    def action_open_take_back(self):
        """Ask for the reason."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entered by Mistake"),
            "res_model": "care.take.back",
            "view_mode": "form",
            "target": "new",
            "context": {"default_model": self._name, "default_res_id": self.id},
        }

    def _note_taken_back(self, reason):
        """For a log, which keeps it whatever becomes of the record."""

    @api.depends("mistake_at")
    def _compute_period(self):
        """It opens nothing from that moment on, whatever its days, and did until then. For those with a period."""
        super()._compute_period()
        for record in self.filtered("mistake_at"):
            seen = max(record.mistake_at, record.opens_at)
            record.closes_at = min(record.closes_at or seen, seen)

    def _is_removable(self):
        local = self._where_care_is()
        entered = fields.Datetime.context_timestamp(local, self.create_date).date()
        return fields.Date.context_today(local) <= entered + timedelta(days=1) and not self._is_rested_on()

    def _where_care_is(self):
        """With the clock where care is given, whatever time zone the caller sends."""
        return self.with_context(tz=self.company_id.care_tz)

    def _is_rested_on(self):
        """Whether another record names this one."""
        for name, field in self._fields_that_name():
            # sudo: others may rest on it behind other walls; a yes or no
            rows_sudo = self.env[name].sudo().with_context(active_test=False)
            if rows_sudo.search_count([(field, "in", self.ids)], limit=1):
                return True
        return False

    @api.model
    def _fields_that_name(self):
        for name, model in self.env.registry.items():
            if model._auto and not model._abstract and not model._transient:
                for field in model._fields.values():
                    ours = field.store and field.type in ("many2one", "many2many")
                    if ours and field.comodel_name == self._name:
                        yield name, field.name

    def _remove_mistaken(self):
        """Whatever the role may delete: the verb has asked who, and what rests on it."""
        with self._deciding():
            # sudo: no role deletes these
            self.sudo().unlink()

    def _end_mistaken(self):
        """So that it holds no longer. Where it has a period, its last day was yesterday."""
        yesterday = fields.Date.context_today(self._where_care_is()) - timedelta(days=1)
        if not self.date_to or self.date_to > yesterday:
            self.date_to = max(self.date_from, yesterday)
