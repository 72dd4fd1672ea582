from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class CareStay(models.Model):
    """A move to another dwelling of the unit: the next stay follows the day after, and nothing ends between."""

    _inherit = "care.stay"

    moved_from_id = fields.Many2one(
        "care.stay",
        "Moved Here from",
        readonly=True,
        copy=False,
        by_verb=True,
        index="btree_not_null",
        ondelete="set null",
        help="The stay in another dwelling of the unit, which this one goes on from.",
    )

    def action_move(self, dwelling_id=None, date_from=None):
        """Let the client live in another dwelling of the unit from a day on; plan, roles and visits go on.

        :param int dwelling_id: a dwelling of the stay's unit
        :param date date_from: the first day there; today when empty
        :return: the stay in the new dwelling
        :raise AccessError: for everyone but a manager of the unit
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.su:
            self.env["care.unit.member"]._check_manages(self.unit_id)
        day = fields.Date.to_date(date_from) or self._today()
        dwelling = self.env["care.dwelling"].browse(dwelling_id).exists()
        self._check_moves(dwelling, day)
        values = {
            "client_id": self.client_id.id,
            "unit_id": self.unit_id.id,
            "decision_id": self.decision_id.id,
            "dwelling_id": dwelling.id,
            "date_from": day,
            "date_to": self.date_to,
            "moved_from_id": self.id,
        }
        with self._deciding("moved_from_id"):  # what ends with a stay waits for the next one
            self._write_decided({"date_to": day - timedelta(days=1), "end_reason": "moved"})
            return self.create([values])

    def _check_moves(self, dwelling, day):
        if self.state != "active":
            raise UserError(
                self.env._("Only a client who stays here now moves. Change the dwelling instead.")
            )
        if not dwelling or dwelling == self.dwelling_id:
            raise UserError(self.env._("Choose another dwelling of the unit."))
        if day <= self.date_from or (self.date_to and day > self.date_to):
            raise UserError(
                self.env._("The move lies outside the stay. Choose a day after its first and until its last.")
            )

    def action_end(self, date_to=None, end_reason=None):
        """Not while a move lies ahead: the client would be back on that day."""
        ahead = [("moved_from_id", "in", self.ids), ("state", "=", "planned")]
        if end_reason not in ("deceased", "mistake") and self.search_count(ahead, limit=1):
            raise UserError(
                self.env._(
                    "A move to another dwelling is planned. Remove that stay first, then end this one."
                )
            )
        return super().action_end(date_to, end_reason)

    def unlink(self):
        called_off = self._moves_to_call_off()
        result = super().unlink()
        self._call_off(called_off)
        return result

    def _moves_to_call_off(self):
        """Where the clients lived before a move that is taken back, until the day of it, and their last day."""
        today = self._today()
        return [
            (stay.moved_from_id, stay.date_to)
            for stay in self
            if stay.moved_from_id.end_reason == "moved" and stay.date_from >= today
        ]

    def _call_off(self, moves):
        for stay, last_day in moves:
            stay._write_decided({"date_to": last_day, "end_reason": False})

    def _is_moving(self):
        """Whether the next stay follows in this very step."""
        return not self._not_decided(["moved_from_id"])

    def action_open_move(self):
        """Ask for the dwelling and the day."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to Another Dwelling"),
            "res_model": "care.stay.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_stay_id": self.id},
        }
