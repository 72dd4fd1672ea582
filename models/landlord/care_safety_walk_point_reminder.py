import logging

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.attached import by_app

_logger = logging.getLogger(__name__)


class CareSafetyWalkPoint(models.Model):
    """Not mended in time: the team's lead is reminded, once, until it is mended, declined or put off.

    The owner of a point is an organisation; the lead is the one who asks it.
    """

    _name = "care.safety.walk.point"
    _inherit = ["care.safety.walk.point", "mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"

    reminded_at = fields.Datetime(readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        if "due_date" in vals:
            self._forget_reminder()
        return result

    @api.model
    def _no_chat_message(self):
        return self.env._("Write what there is to say in the point itself.")

    def _set_state(self, state):
        result = super()._set_state(state)
        self._forget_reminder()
        return result

    def _forget_reminder(self):
        """It is done, or has another day; when that one passes it is time for a new reminder."""
        reminded = self.sudo().filtered("reminded_at")  # sudo: the activity is the lead's own
        reminded.activity_ids.unlink()
        reminded._move({"reminded_at": False})

    @api.model
    def _cron_remind(self):
        late = self.search(
            self._domain_to_mend() & Domain("overdue", "=", True) & Domain("reminded_at", "=", False),
            order="id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(late))
        for point in late:
            try:
                point._remind()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("No reminder of walk point %s", point.id)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _remind(self):
        self.ensure_one()
        if not self.try_lock_for_update() or self.reminded_at or not self.overdue:
            return
        self._move({"reminded_at": fields.Datetime.now()})
        for user in self.unit_id._oncall_leads():
            with by_app():
                self.activity_schedule(
                    "social_care.mail_activity_walk_point",
                    summary=self.with_context(lang=user.lang).env._("Not mended in time: ask the owner"),
                    user_id=user.id,
                )
