from odoo import api, fields, models
from odoo.fields import Domain


class CareSafetyWalkPoint(models.Model):
    """Not mended in time: the team's lead is reminded, once, until it is mended, declined or put off.

    The owner of a point is an organisation; the lead is the one who asks it.
    """

    _name = "care.safety.walk.point"
    _inherit = ["care.safety.walk.point", "care.activity.mixin"]

    reminded_at = fields.Datetime(readonly=True, copy=False, by_verb=True)

    def write(self, vals):
        result = super().write(vals)
        if "due_date" in vals:
            self._forget_reminder()
        return result

    @api.model
    def _no_chat_message(self):
        return self.env._("Write what there is to say in the point itself.")

    def _after_transition(self, before):
        super()._after_transition(before)
        self._forget_reminder()

    def _forget_reminder(self):
        """It is done, or has another day; when that one passes it is time for a new reminder."""
        # sudo: the reminder is the lead's own; it has no cause any more, whoever of the crew saw to that
        reminded_sudo = self.sudo().filtered("reminded_at")
        reminded_sudo.with_context(active_test=False).activity_ids.unlink()  # done ones too: it begins anew
        reminded_sudo._write_decided({"reminded_at": False})

    @api.model
    def _cron_remind(self):
        late = self.search(self._domain_to_mend() & Domain("overdue", "=", True), order="id")
        self.env["ir.cron"]._care_batches(late, lambda points: points._remind(), 100)

    def _remind(self):
        points = self.try_lock_for_update().filtered("overdue")
        if new := points.filtered(lambda point: not point.reminded_at):
            new._write_decided({"reminded_at": fields.Datetime.now()})
        leads = points.unit_id._leads_now()
        self._sync_activities(
            "social_care.mail_activity_walk_point",
            {point: leads[point.unit_id] for point in points},
            summary_of=lambda point: point.env._("Not mended in time: ask the owner"),
            once=True,
        )
