from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools import frozen


class CareAccessReview(models.Model):
    """A month's sample of who opened a unit's files, looked at by a person.

    The systematic and recurring control that lagen (2001:454) 10 § asks for. Ids and references, never
    content. Nobody judges what they themselves have opened.
    """

    _name = "care.access.review"
    _description = "Review of the Read Log"
    _inherit = ["care.guarded", "care.activity.mixin"]
    _order = "month desc, unit_id"
    _made_by_verb = True
    _frozen_from = "done"
    _transitions = {"open": {"done"}}
    _retained_with = None

    unit_id = fields.Many2one(
        "care.unit", required=True, readonly=True, index=True, ondelete="cascade", frozen="id"
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)
    month = fields.Date(required=True, readonly=True, help="The first day of the month.", frozen="id")
    state = fields.Selection(
        [("open", "To be reviewed"), ("done", "Done")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        frozen=True,
    )
    due_date = fields.Date("To Be Reviewed by", required=True, readonly=True, frozen=True)
    pairs = fields.Integer(
        "Readers and Clients",
        readonly=True,
        help="So many persons opened so many files, counted in pairs.",
        frozen="id",
    )
    line_ids = fields.One2many("care.access.review.line", "review_id", "Sample", by_verb=False, frozen=False)
    line_count = fields.Integer("In the Sample", compute="_compute_counts")
    left_count = fields.Integer("Left to Judge", compute="_compute_counts")
    done_by_id = fields.Many2one(
        "res.users", "Finished by", readonly=True, copy=False, ondelete="restrict", frozen=True
    )
    done_at = fields.Datetime("Finished", readonly=True, copy=False, frozen=True)

    _month_uniq = models.UniqueIndex("(unit_id, month)", "The unit has a review of that month.")
    _frozen = models.Constraint("CHECK (TRUE)", "A review that is done is not changed.")
    _open_idx = models.Index("(company_id, due_date) WHERE state = 'open'")

    @api.model
    def _guard_conditions(self):
        """It goes with its unit, and with nothing else."""
        unit = frozen.exists("care_unit", "care_unit.id = OLD.unit_id")
        return super()._guard_conditions() | {"listed": f"NOT {unit}"}

    @api.depends("unit_id", "month")
    def _compute_display_name(self):
        for review in self:
            review.display_name = (
                f"{review.unit_id.name or ''} {(review.month and review.month.strftime('%Y-%m')) or ''}"
            )

    @api.depends("line_ids.judgement")
    def _compute_counts(self):
        lines = self.env["care.access.review.line"]
        mine = Domain("review_id", "in", self.ids)
        count = dict(lines._read_group(mine, ["review_id"], ["__count"]))
        left = dict(lines._read_group(mine & lines._domain_left(), ["review_id"], ["__count"]))
        for review in self:
            review.line_count = count.get(review._origin, 0)
            review.left_count = left.get(review._origin, 0)

    @api.model
    def _guard_message(self, operation):
        return {
            "create": self.env._("Reviews are drawn by the system, once a month."),
            "write": self.env._("A review is finished with its button, and otherwise not changed."),
            "unlink": self.env._("A review stays."),
        }[operation]

    def action_done(self):
        """Finish when every line has been judged, by whoever may judge it."""
        self._check_reviewer()
        for review in self:
            # sudo: nobody writes a review but its verb; a locked-out reviewer's lines count too
            review_sudo = review.sudo()
            review_sudo._check_transition("done")
            left = review_sudo.line_ids.filtered_domain(self.env["care.access.review.line"]._domain_left())
            if left:
                raise UserError(
                    self.env._(
                        "%(count)s lines are not judged yet, or wait for an answer. What you have opened yourself is judged by another"
                        " manager or the privacy officer.",
                        count=len(left),
                    )
                )
            review_sudo._transition("done", done_by_id=self.env.uid, done_at=fields.Datetime.now())

    def _after_transition(self, before):
        super()._after_transition(before)
        self._tell_of_findings()
        self._keep_reviewers_told()

    def _tell_of_findings(self):
        # sudo: lines that are closed to who finishes the review are counted too; the number alone is told
        count = len(self.sudo().line_ids.filtered(lambda line: line.judgement == "not_ok"))
        if count:
            self.env["care.access.change"]._note(
                [
                    {
                        "kind": "review",
                        "name": self.display_name,
                        "company_id": self.company_id.id,
                        "after": self.env._("%(count)s accesses were judged as not right.", count=count),
                    }
                ]
            )

    def _check_reviewer(self):
        """A manager of the unit now, or a privacy officer."""
        self.check_access("read")
        if self.env.user.has_group("social_care.group_privacy_officer"):
            return
        try:
            self.env["care.unit.member"]._check_manages(self.unit_id)
        except AccessError as error:
            raise AccessError(self.env._("The unit's manager or the privacy officer reviews.")) from error

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _keep_reviewers_told(self):
        """The unit's managers; the privacy officers where those cannot judge all; after the last day both."""
        today, nobody = fields.Date.context_today(self), self.env["res.users"]
        managers, beyond = self.unit_id._managers_now(), self._beyond_managers()
        # sudo: who is told follows from the unit and the day, whatever the one who finishes a review may open
        reviews_sudo = self.sudo()
        officers = {company: company._care_privacy_officers() for company in reviews_sudo.company_id}
        early, late = {}, {}
        for review in reviews_sudo:
            first = managers[review.unit_id]
            if not first or review in beyond:
                first |= officers[review.company_id]
            waits, is_late = review.state == "open", review.due_date < today
            early[review] = first if waits and not is_late else nobody
            late[review] = first | officers[review.company_id] if waits and is_late else nobody
        for suffix, users_of in (("", early), ("_late", late)):
            self._sync_activities(
                f"social_care.activity_type_access_review{suffix}", users_of, lambda review: review.due_date
            )

    def _beyond_managers(self):
        """Reviews with a line that no manager of the unit can judge: their own, or of a client closed to them."""
        managers = self.unit_id._managers_now()
        # sudo: lines that are closed to whoever has just judged count too; only their reviews come back
        lines_sudo = self.env["care.access.review.line"].sudo()
        left = lines_sudo.search(Domain("review_id", "in", self.ids) & lines_sudo._domain_left())
        users = self.env["res.users"].union(*managers.values())
        same = (users | left.user_id)._care_same_person()
        # sudo: managers may not know of all lockouts; only whom to tell of a review follows from them
        lockouts_sudo = self.env["care.client.lockout"].sudo()
        domain = Domain("user_id", "in", users.ids) & Domain("client_id", "in", left.client_id.ids)
        locked = defaultdict(users.browse)
        for lockout in lockouts_sudo.search(domain & lockouts_sudo._domain_now()):
            locked[lockout.client_id] |= lockout.user_id
        return left.filtered(
            lambda line: not managers[line.unit_id] - same[line.user_id] - locked[line.client_id]
        ).review_id

    @api.model
    def _review_due(self, company):
        return self.env["care.unit.member"]._today() + self.env["care.rule"]._period("access_review", company)
