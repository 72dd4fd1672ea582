from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.attached import by_app


class CareQuiet(models.AbstractModel):
    """A record with activities and no chat (see ``mail.thread``).

    ``_keep_told`` keeps one open activity for each person who is to act, and takes back those whose
    cause is gone, so that jobs may call it as often as they like.
    """

    _name = "care.quiet"
    _description = "Activities without a Chat"
    _inherit = ["care.guarded", "mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"

    @api.model
    def _keep_told(self, type_xmlid, users_of, deadline_of):
        """Let each record have one open activity of the type for each of its users, and no others.

        :param dict users_of: ``{record: users}``; no users take the record's activities back
        :param deadline_of: a function of the record that gives a date
        """
        # sudo: who is told is decided by the system, whoever's deed it follows from.
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        type_ = self.env.ref(type_xmlid)
        ids = [record.id for record in users_of]
        open_ = activities.search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", ids)
            & Domain("activity_type_id", "=", type_.id)
        )
        wanted = {(record.id, user.id): record for record, users in users_of.items() for user in users}
        told = {(activity.res_id, activity.user_id.id): activity for activity in open_}
        activities.browse(activity.id for key, activity in told.items() if key not in wanted).unlink()
        with by_app():
            activities.create(
                [
                    {
                        "res_model_id": self.env["ir.model"]._get_id(self._name),
                        "res_id": id_,
                        "activity_type_id": type_.id,
                        "summary": type_.with_context(
                            lang=self.env["res.users"].sudo().browse(user_id).lang
                        ).name,
                        "date_deadline": deadline_of(record) or fields.Date.context_today(self),
                        "user_id": user_id,
                        "automated": True,
                        "active": True,  # whatever default its cause may have stored
                    }
                    for (id_, user_id), record in wanted.items()
                    if (id_, user_id) not in told
                ]
            )
