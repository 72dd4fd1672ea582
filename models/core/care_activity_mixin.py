from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.attached import by_app


class CareActivityMixin(models.AbstractModel):
    """A record with activities and no chat (see ``mail.thread``), and the one place where the app makes them."""

    _name = "care.activity.mixin"
    _description = "Activities without a Chat"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"

    @api.model
    def _sync_activities(
        self, type_xmlid, users_of, deadline_of=None, summary_of=None, *, days=0, once=False, **where
    ):
        """Let each cause have one open activity of the type for each of its users, and no others.

        Jobs and verbs may call it as often as they like: what has no cause any more is taken back, and where
        somebody has left the next in charge is told. Only who may open the record is told, in their own language.

        :param dict users_of: ``{cause: users}``: all of them, or of a list the first who may open it; none take
            the activities of the cause back
        :param deadline_of: a function of the cause that gives a day; else it is so many ``days`` after the telling
        :param summary_of: a function of the cause, in the user's language, that gives no content; else the type's
        :param once: whoever has done it is not told again
        :param where: ``hung_on``, the cause's field with the record of this model that carries the activity, and
            ``kept_in``, the cause's field that keeps it; else the cause carries it
        :return: ``{cause: new activities}``
        """
        type_ = self.env.ref(type_xmlid, raise_if_not_found=False)
        # whoever deletes a type wants no such reminders, and keeps nobody from work
        if not type_ or not users_of:
            return {}
        carriers = {cause: cause[where["hung_on"]] if where else cause for cause in users_of}
        wanted = {
            (cause, user): {
                "date_deadline": deadline_of and deadline_of(cause),
                "summary": self._activity_summary(type_, cause, user, summary_of),
            }
            for cause, users in self._who_is_told(users_of, carriers).items()
            for user in users
        }
        # sudo: who is told is decided by the system, whoever's deed it follows from
        known = self.sudo()._activities_known(type_, carriers, where.get("kept_in"), with_done=once)
        with by_app():
            self._update_activities(known, wanted)
            first_day = fields.Date.context_today(self) + relativedelta(days=days)
            # sudo: as above; whoever does the deed may be unable to give colleagues an activity
            return self.sudo()._create_activities(type_, wanted, carriers, first_day)

    @api.model
    def _reminded(self, *type_xmlids):
        """Records with an open activity of the types, whose cause may be gone."""
        types = [self.env.ref(xmlid, raise_if_not_found=False) for xmlid in type_xmlids]
        domain = [
            ("res_model", "=", self._name),
            ("activity_type_id", "in", [type_.id for type_ in types if type_]),
        ]
        # sudo: colleagues' activities too; the ids of the records that they hang on are all that is read
        activities_sudo = self.env["mail.activity"].sudo().search(domain)
        return self.browse(sorted(set(activities_sudo.mapped("res_id")))).exists()

    @api.model
    def _who_is_told(self, users_of, carriers):
        """Those who may open what carries the activity, now and by what lasts: one query a person."""
        asked, opened = defaultdict(list), set()
        for cause, users in users_of.items():
            for user in users:
                asked[user.id].append(carriers[cause].id)
        # sudo: who is told may be of a company that the user does not see; whether the login is in use
        for user_sudo in self.env["res.users"].sudo().browse(asked).filtered("active"):
            records = self.browse(asked[user_sudo.id]).with_user(user_sudo)
            lasting = records.with_context(
                allowed_company_ids=[], care_wall_changes=True
            )  # each has own companies
            opened |= {(id_, user_sudo.id) for id_ in lasting._filtered_access("read").ids}
        told = {}
        for cause, users in users_of.items():
            may = [user for user in users if (carriers[cause].id, user.id) in opened]
            told[cause] = may[:1] if isinstance(users, list) else may
        return told

    @api.model
    def _activity_summary(self, type_, cause, user, summary_of):
        # sudo: what is told is in the language of whoever is told, of whom the user may see nothing
        lang = user.sudo().lang
        if summary_of:
            return summary_of(cause.with_context(lang=lang))
        type_ = type_.with_context(lang=lang)
        return type_.summary or type_.name

    @api.model
    def _activities_known(self, type_, carriers, kept_in, with_done):
        """Pairs of a cause and an activity that it has, the open ones first."""
        activities = self.env["mail.activity"].with_context(
            active_test=not with_done, mail_activity_quick_update=True
        )
        if kept_in:
            # sudo: of the activities that the cause keeps some are colleagues', which the user may not open
            pairs = [
                (cause, activity.with_env(activities.env))
                for cause in carriers
                for activity in cause.sudo().with_context(active_test=not with_done)[kept_in]
            ]
            return [(cause, activity) for cause, activity in pairs if activity.activity_type_id == type_]
        by_id = {cause.id: cause for cause in carriers}
        found = activities.search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", list(by_id))
            & Domain("activity_type_id", "=", type_.id)
            & Domain("automated", "=", True),  # what somebody has planned is theirs
            order="active desc, id",
        )
        return [(by_id[activity.res_id], activity) for activity in found]

    @api.model
    def _update_activities(self, known, wanted):
        """Take back what is not wanted, change what is; what is left in ``wanted`` is to be made."""
        # sudo: what the app has given to colleagues it changes and takes back, which the user could not
        over_sudo = self.env["mail.activity"].sudo()
        changed = defaultdict(over_sudo.browse)
        for cause, activity in known:
            vals = wanted.pop((cause, activity.user_id), None)
            if not activity.active:
                continue
            if vals is None:
                over_sudo |= activity
            elif news := {name: value for name, value in vals.items() if value and activity[name] != value}:
                changed[tuple(news.items())] |= activity
        over_sudo.unlink()
        for news, same in changed.items():
            same.write(dict(news))

    @api.model
    def _create_activities(self, type_, wanted, carriers, first_day):
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        created = activities.create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": carriers[cause].id,
                    "activity_type_id": type_.id,
                    "summary": vals["summary"],
                    "date_deadline": vals["date_deadline"] or first_day,
                    "user_id": user.id,
                    "automated": True,
                    "active": True,  # whatever default its cause may have stored
                }
                for (cause, user), vals in wanted.items()
            ]
        )
        made = defaultdict(activities.browse)
        for (cause, _user), activity in zip(wanted, created, strict=True):
            made[cause] |= activity
        return made
