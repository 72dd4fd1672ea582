from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

TELLS = "social_care.activity_type_access_change"
PROPOSAL = "lockout_proposal"
# What nobody reads about themselves; the rule says the same.
NOT_OF_ONESELF = ("lockout", PROPOSAL, "miss", "openings")


class CareAccessChange(models.Model):
    """Somebody has changed who may do what: a group, a rule, an employee's user, code, a setting that opens.

    Made by the system, told to the privacy officers, changed by nobody; an officer notes that it has
    been seen. No content is named here, and a client by the reference alone, of a stay that was taken back.
    """

    _name = "care.access.change"
    _description = "Change of Access"
    _inherit = ["care.guarded", "care.activity.mixin"]
    _order = "date desc, id desc"
    _made_by_verb = True
    _frozen_from = "id"
    _retained_with = None

    name = fields.Char("What", required=True, readonly=True, frozen=True)
    date = fields.Datetime("When", required=True, readonly=True, default=fields.Datetime.now, frozen=True)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, ondelete="restrict", frozen=True
    )
    kind = fields.Selection(
        [
            ("group", "Role of a user"),
            ("rule", "Record rule"),
            ("acl", "Access line"),
            ("employee_user", "User of an employee"),
            ("sign_in", "Sign-in of a user"),
            ("code", "Code that reads as superuser"),
            ("report", "Print or page"),
            ("job", "Job of the app"),
            ("lever", "Setting that opens or watches"),
            ("membership", "Membership"),
            ("stay", "Stay taken back"),
            ("lockout", "Lockout made by itself"),
            (PROPOSAL, "Proposed lockout"),
            ("miss", "Missed emergency accesses"),
            ("openings", "Many emergency accesses"),
            ("review", "Review of the read log"),
            ("found", "Found by an upgrade"),
        ],
        required=True,
        readonly=True,
        frozen=True,
    )
    subject_user_id = fields.Many2one(
        "res.users", "Whose Access", readonly=True, ondelete="set null", frozen=True
    )
    former_user_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="set null",
        help="The user that the employee had before.",
        frozen=True,
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True, frozen=True)
    before = fields.Text(readonly=True, frozen=True)
    after = fields.Text(readonly=True, frozen=True)
    is_alarm = fields.Boolean(
        readonly=True, help="Told to the privacy officers until one has seen it.", frozen=True
    )
    seen_by_id = fields.Many2one(
        "res.users", "Seen by", readonly=True, copy=False, ondelete="restrict", frozen="seen_at"
    )
    seen_at = fields.Datetime("Seen", readonly=True, copy=False, frozen="seen_at")
    comment = fields.Char(readonly=True, copy=False, frozen="seen_at")

    _frozen = models.Constraint("CHECK (TRUE)", "A change of access stays as it was noted.")
    _unseen_idx = models.Index("(company_id, id) WHERE is_alarm AND seen_at IS NULL")
    _subject_idx = models.Index("(subject_user_id) WHERE subject_user_id IS NOT NULL")
    _former_idx = models.Index("(former_user_id) WHERE former_user_id IS NOT NULL")

    @api.model
    def _guard_message(self, operation):
        if operation == "create":
            return self.env._("Changes of access are noted by the system.")
        return self.env._("A change of access stays as it was noted. Mark it as seen instead.")

    def action_see(self):
        """A privacy officer has looked at it; never at a change of one's own making or of one's own access."""
        self.check_access("read")
        for change in self.filtered(lambda change: change.is_alarm and not change.seen_at):
            if change.kind != PROPOSAL:  # which is answered, not seen
                change._check_not_of_oneself()
                change._mark_seen()
        self._keep_officers_told()

    def _check_not_of_oneself(self):
        for change in self:
            concerned = change.user_id | change.subject_user_id | change.former_user_id
            if self.env.user._care_is_person(concerned) and change._others():
                raise UserError(self.env._("This concerns yourself. Another privacy officer looks at it."))

    def _mark_seen(self, comment=False):
        seen = {"seen_by_id": self.env.uid, "seen_at": fields.Datetime.now(), "comment": comment}
        # sudo: nobody writes a change but its verbs
        self.sudo()._write_decided(seen)

    def _others(self):
        return self.company_id._care_privacy_officers() - self.env.user

    # ------------------------------------------------------------------
    # Noting and telling
    # ------------------------------------------------------------------

    @api.model
    def _note(self, rows, alarm=True, were_officers=None):
        """Note changes and tell the privacy officers, as they were before and are now.

        :param list rows: dicts of ``kind``, ``name`` and the other fields
        :param were_officers: users who were privacy officers until this very change
        """
        if not rows:
            return self.browse()
        # sudo: the system notes it, whoever's deed it is
        changes_sudo = self.sudo().create(
            [{"user_id": self.env.uid, "is_alarm": alarm, **vals} for vals in rows]
        )
        if alarm:
            self._keep_officers_told()
            self._tell_former_officers(were_officers)
        return changes_sudo

    @api.model
    def _tell_former_officers(self, users):
        """On no record: what there is to look at is not theirs to open any more."""
        type_ = self.env.ref("mail.mail_activity_data_todo")
        # sudo: Odoo lets nobody remind somebody else of what hangs on no record
        self.env["mail.activity"].sudo().create(
            [
                {
                    "activity_type_id": type_.id,
                    "summary": self.with_context(lang=user.lang).env._("You are no longer a privacy officer"),
                    "user_id": user.id,
                    "automated": True,
                }
                for user in (users or self.env["res.users"]).sudo().filtered("active")
            ]
        )

    @api.model
    def _keep_officers_told(self):
        """One activity for each officer and company, at the oldest change that nobody has seen.

        A hundred new colleagues are one thing to look at, not a hundred. Each proposal is one, for each
        is decided by itself.
        """
        # sudo: whoever has made a change reads none, and the officers are told of all companies' changes
        changes_sudo = self.sudo()
        users_of = dict.fromkeys(changes_sudo._reminded(TELLS), self.env["res.users"])
        unseen = Domain("is_alarm", "=", True) & Domain("seen_at", "=", False)
        proposed = Domain("kind", "=", PROPOSAL)
        waiting = changes_sudo.search(unseen & proposed)
        for _company, id_ in changes_sudo._read_group(unseen & ~proposed, ["company_id"], ["id:min"]):
            waiting |= changes_sudo.browse(id_)
        companies = {change.company_id for change in waiting}
        officers = {company: company._care_privacy_officers() for company in companies}
        secret = waiting.filtered(lambda change: change.kind in NOT_OF_ONESELF)
        same = secret.subject_user_id.union(*officers.values())._care_same_person()
        for change in waiting:
            subject = (change & secret).subject_user_id
            users_of[change] = officers[change.company_id] - same.get(subject, subject)
        self._sync_activities(TELLS, users_of)
