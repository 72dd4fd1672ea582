from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

BATCH = 200


class CareEmergencyAccess(models.Model):
    """Every emergency access is looked at afterwards, by another person than the one who opened it."""

    _inherit = "care.emergency.access"

    is_waiting = fields.Boolean("To Be Reviewed", compute="_compute_is_waiting", search="_search_is_waiting")
    can_review = fields.Boolean(compute="_compute_can_review")
    seen = fields.Text("What Was Opened", compute="_compute_seen")

    @api.depends("judgement")
    def _compute_is_waiting(self):
        for access in self:
            access.is_waiting = (access.judgement or "") in self._transitions

    @api.model
    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = Domain("judgement", "=", False) | Domain("judgement", "=", "investigate")
        if len(value) != 1:
            return Domain.TRUE if value else Domain.FALSE
        return waiting if next(iter(value)) else ~waiting

    @api.depends("judgement", "user_id")
    @api.depends_context("uid")
    def _compute_can_review(self):
        mine = self._reviewable()
        for access in self:
            access.can_review = access.is_waiting and access in mine

    def _compute_seen(self):
        """Of the read log: each way and what was seen by it, so that a judgement need not be made blindly."""
        # sudo: whoever may read the access may know what it was used for; ids and kinds, no content
        logs_sudo = self.env["care.access.log"].sudo()
        seen = {}
        if self._origin:
            lines = logs_sudo._read_group(
                Domain("client_id", "in", self.client_id.ids)
                & Domain("date", ">=", min(self.mapped("date_from")))
                & Domain("date", "<=", max(self.mapped("date_to")))
                & Domain("emergency_id", "in", self._origin.ids)
                & Domain("model", "!=", self._name),
                ["emergency_id", "operation", "model"],
            )
            operations = dict(logs_sudo._fields["operation"]._description_selection(self.env))
            names = logs_sudo._names_of_kinds(model for _id, _operation, model in lines)
            for access_id, operation, model in lines:
                seen.setdefault(access_id, {}).setdefault(operations[operation], []).append(names[model])
        for access in self:
            access.seen = "\n".join(
                f"{operation}: {', '.join(sorted(kinds))}"
                for operation, kinds in seen.get(access._origin.id, {}).items()
            )

    def _reviewable(self):
        """Those that the current user may judge: the unit's managers and the privacy officers, never oneself."""
        # sudo: only who opened the files is compared with the user, of closed accesses in the list too
        me = (self.env.user | self.sudo().user_id)._care_same_person()[self.env.user]
        # sudo: whether it is another's; the rules are asked next, and only what they open is returned
        others = self.filtered(lambda access: access.sudo().user_id not in me)
        if self.env.user.has_group("social_care.group_privacy_officer"):
            return others._filtered_access("read")
        if not self.env.user.has_group("social_care.group_care_manager"):
            return self.browse()
        return self.search([("id", "in", others.ids), ("opened_by", "=", "management")])

    def action_review(self, judgement, comment):
        """Judge, with a few words on why.

        :param str judgement: ``motivated``, ``not_motivated``, or ``investigate`` and later one of them
        :param str comment: what the judgement rests on
        """
        comment = (comment or "").strip() if isinstance(comment, str) else ""
        if not comment:
            raise UserError(self.env._("Write in a few words what the judgement rests on."))
        self.check_access("read")
        if self - self._reviewable():
            raise AccessError(
                self.env._(
                    "The unit's manager or the privacy officer reviews an emergency access, never the one who"
                    " opened the file."
                )
            )
        for access in self:
            # sudo: nobody writes an access but its verbs; who may judge it was asked above
            access.sudo()._transition(
                judgement,
                reviewed_by_id=self.env.uid,
                reviewed_at=fields.Datetime.now(),
                review_comment="\n".join(filter(None, [access.review_comment, comment])),
            )

    def _after_transition(self, before):
        super()._after_transition(before)
        self._keep_reviewers_told()

    def action_judge(self):
        """Ask for the comment; the button says which judgement."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Judge an Emergency Access"),
            "res_model": "care.emergency.judge",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_access_id": self.id,
                "default_judgement": self.env.context.get("judgement", "motivated"),
            },
        }

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Whoever is to review is told, new managers too; after the last day in other words."""
        # sudo: every access that waits is told of, in whichever companies the job's user may be
        waiting_sudo = self.sudo().search([("is_waiting", "=", True)], order="id")
        self.env["ir.cron"]._care_batches(
            waiting_sudo, lambda accesses: accesses._keep_reviewers_told(), BATCH
        )

    def _keep_reviewers_told(self):
        today = fields.Date.context_today(self)
        # sudo: who is told is decided by the system; whoever opens a file does not read who else is to judge
        accesses_sudo = self.sudo()
        reviewers = accesses_sudo._reviewers()
        nobody = self.env["res.users"]
        early, late = {}, {}
        for access in accesses_sudo:
            is_late = access.review_due < today
            users = reviewers[access] if access.is_waiting else nobody
            early[access], late[access] = (nobody, users) if is_late else (users, nobody)
        for type_, users_of in (("emergency", early), ("emergency_late", late)):
            self._sync_activities(
                f"social_care.activity_type_{type_}", users_of, lambda access: access.review_due
            )

    def _reviewers(self):
        """Whom to tell: ``{access: users}``."""
        managers = self.client_id._managers_now()
        officers = {company: company._care_privacy_officers() for company in self.company_id}
        users = {access: managers[access.client_id] | officers[access.company_id] for access in self}
        same = self.env["res.users"].union(self.user_id, *users.values())._care_same_person()
        return {access: users[access] - same[access.user_id] for access in self}
