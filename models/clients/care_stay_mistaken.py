from odoo import api, fields, models
from odoo.exceptions import UserError


class CareStay(models.Model):
    """A stay that was entered by mistake opens the file to nobody from that moment on, the managers included.

    It is never removed: it says who could open the file until then, and why.
    """

    _inherit = "care.stay"

    ended_intake = fields.Boolean(readonly=True, copy=False, by_verb=True)

    def write(self, vals):
        given = self._not_decided(vals)
        is_new = "end_reason" in given and vals["end_reason"] == "mistake"
        if is_new or (
            {"end_reason", "ended_at", "date_from", "date_to"} & set(given)
            and any(stay.end_reason == "mistake" for stay in self)
        ):
            raise UserError(
                self.env._("What was entered by mistake is taken back by its button, and stays so.")
            )
        return super().write(vals)

    def _is_removable(self):
        return False

    @api.ondelete(at_uninstall=False)
    def _give_back_intake(self):
        """The intake that the stay had ended goes on; not where it is over in the ordinary way."""
        for stay in self.filtered(lambda stay: stay.ended_intake and stay.state != "ended"):
            # sudo: the intake is as it was before, whoever sees the client by the stay alone
            client_sudo = stay.client_id.sudo()
            if not client_sudo.intake_unit_id:
                client_sudo.write({"intake_unit_id": stay.unit_id.id})

    def _end_mistaken(self):
        called_off = self._moves_to_call_off()
        self._give_back_intake()
        today = self._today()
        # sudo: the file closes to whoever takes it back in the very act; the verb has asked who
        self.sudo()._write_decided(
            {
                "date_to": max(self.date_from, min(today, self.date_to or today)),
                "end_reason": "mistake",
                "ended_at": fields.Datetime.now(),
            }
        )
        self._call_off(called_off)
