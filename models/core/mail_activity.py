from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ...tools.attached import by_app, is_by_app, is_ours

PLACE = frozenset({"res_model_id", "res_model", "res_id"})
# What a person can write or hang on an activity; calendar_event_id is there where the calendar is installed.
WRITTEN = frozenset({"summary", "note", "feedback", "attachment_ids", "calendar_event_id"})
TELLING = WRITTEN | PLACE | {"activity_type_id"}
# Types of other categories make something of an activity: a meeting that colleagues see, a file.
REMINDING = (False, "default", "phonecall")


class MailActivity(models.Model):
    """On a record of ours an activity is a type, a day and a person: what is written belongs in the record.

    Its note would go on as a message, an e-mail, or a meeting in a calendar that every colleague reads.
    """

    _inherit = "mail.activity"

    is_care = fields.Boolean(compute="_compute_is_care")

    @api.depends("res_model")
    def _compute_is_care(self):
        for activity in self:
            activity.is_care = is_ours(activity.res_model)

    @api.model
    def default_get(self, fields):
        """What the app makes carries nothing that somebody wrote, by a default of one's own neither."""
        return super().default_get([name for name in fields if name not in WRITTEN or not is_by_app()])

    @api.model_create_multi
    def create(self, vals_list):
        self._check_place(vals_list)
        activities = super().create(vals_list)
        activities._check_bare()
        activities._check_assigned()
        return activities

    @api.model
    def _check_place(self, vals_list):
        """Before Odoo looks for followers, which such records do not have."""
        context = self.env.context
        # sudo: users read no models; the technical name of the one that is named is all that is read
        models_sudo = self.env["ir.model"].sudo()
        for vals in vals_list:
            model_id = vals.get("res_model_id", context.get("default_res_model_id"))
            name = models_sudo.browse(model_id).model or vals.get(
                "res_model", context.get("default_res_model")
            )
            if is_ours(name) and not is_by_app() and not self._shows_activities(name):
                raise UserError(self._bare_message())

    def write(self, vals):
        if not PLACE.isdisjoint(vals):
            self._check_place([vals])
        result = super().write(vals)
        if not TELLING.isdisjoint(vals):
            self._check_bare()
        if not (PLACE | {"user_id"}).isdisjoint(vals):
            self._check_assigned()
        return result

    def _check_assigned(self):
        """Whoever is given an activity reads it, on whatever record it hangs: so only who may open that, by what lasts."""
        if is_by_app():
            return
        # sudo: whoever gives an activity away may open it no more; the check is of the one it is given to
        for activity_sudo in self.sudo().filtered(lambda activity: is_ours(activity.res_model)):
            record = self.env[activity_sudo.res_model].browse(activity_sudo.res_id)
            user_sudo = activity_sudo.user_id
            if user_sudo and not record._who_is_told({record: user_sudo}, {record: record})[record]:
                raise UserError(
                    self.env._(
                        "%(name)s cannot open this record. Choose somebody who can.",
                        name=user_sudo.care_name,
                    )
                )

    def _check_bare(self):
        if is_by_app():
            return
        # sudo: it is checked even if it is closed to its writer by now; nothing of it is told
        for activity_sudo in self.sudo():
            if is_ours(activity_sudo.res_model) and not activity_sudo._is_bare():
                raise UserError(self._bare_message())

    def _is_bare(self):
        """Nothing on it but what the type of the activity says of itself."""
        type_ = self.activity_type_id
        return (
            self._shows_activities(self.res_model)
            and type_.category in REMINDING
            and self.summary in (False, "", type_.name, type_.summary)
            and (is_html_empty(self.note) or self.note == type_.default_note)
            and is_html_empty(self.feedback)
            and not self.attachment_ids
            and not ("calendar_event_id" in self._fields and self.calendar_event_id)
        )

    @api.model
    def _shows_activities(self, model_name):
        """Behind relative support's wall the app alone reminds."""
        model = self.env[model_name]
        return "activity_ids" in model._fields and model._wall != "neutral"

    @api.model
    def _bare_message(self):
        return self.env._(
            "An activity here has a type, a day and a person, and is no meeting: texts and files of activities"
            " leave the record. Write what happened in the journal or in the record itself."
        )

    def action_notify(self):
        """The mail says what ``message_notify`` of our records makes it say."""
        with by_app():
            return super().action_notify()

    def _action_done(self, feedback=False, attachment_ids=None):
        # sudo: only on which models they hang is read; Odoo asks for the right to finish them
        ours = self.sudo().filtered(lambda activity: is_ours(activity.res_model))
        if not ours:
            return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if feedback or attachment_ids:
            raise UserError(self._bare_message())
        with by_app():
            return super()._action_done()
