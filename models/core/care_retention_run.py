from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import frozen

RUN_TRANSITIONS = {
    "draft": {"proposed", "cancelled"},
    "proposed": {"approved", "draft", "cancelled"},
    "approved": {"done", "cancelled"},
    "done": set(),
    "cancelled": set(),
}
# What may be listed: the heads of what is frozen. Their rows go with them.
DECIDED = ("first_approver_id", "first_approved_at", "second_approver_id", "second_approved_at", "done_at")

RETENTION_MODELS = [
    ("care.plan", "Plan"),
    ("care.journal.entry", "Journal note"),
    ("care.relative.case", "Relative's case"),
    ("care.subject.request", "Register extract"),
    ("care.disclosure", "Disclosure"),
]


class CareRetentionRun(models.Model):
    """The one way to delete what is frozen: a list, its lawful reason, and two persons who approve it.

    The database looks the list up, so that nothing else deletes a frozen row, superuser or plain SQL.
    """

    _name = "care.retention.run"
    _description = "Retention Run"
    _inherit = ["care.guarded"]
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True

    reference = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    reason = fields.Text(required=True, help="Why the rows are deleted now.")
    source = fields.Char("Legal Source", required=True, help="The paragraph that allows or demands it.")
    line_ids = fields.One2many("care.retention.line", "run_id", "Rows")
    line_count = fields.Integer(compute="_compute_line_count")
    first_approver_id = fields.Many2one("res.users", "Approved by", readonly=True, copy=False)
    first_approved_at = fields.Datetime("Approved", readonly=True, copy=False)
    second_approver_id = fields.Many2one("res.users", "Also Approved by", readonly=True, copy=False)
    second_approved_at = fields.Datetime("Also Approved", readonly=True, copy=False)
    done_at = fields.Datetime("Done", readonly=True, copy=False)

    _two_persons = models.Constraint(
        "CHECK (state NOT IN ('approved', 'done') OR (first_approver_id IS NOT NULL"
        " AND second_approver_id IS NOT NULL AND first_approver_id <> second_approver_id))",
        "Two different persons approve a retention run.",
    )
    _frozen = models.Constraint(
        "CHECK (TRUE)", "An approved retention run is not changed. Cancel it, make another."
    )

    def init(self):
        """The list is fixed when the first person has approved it."""
        self.env.cr.execute(frozen.LISTED_FUNCTION)
        lists, company = "care_retention_lists(varchar, integer)", "care_retention_company(varchar, integer)"
        frozen.mark(self.env.cr, lists, company)
        frozen.guard(
            self.env.cr,
            "care_retention_run",
            update=f"{frozen.illegal_move(RUN_TRANSITIONS)} OR {frozen.changed('company_id')}"
            f" OR (OLD.state IN ('approved', 'done') AND "
            f"{frozen.changed('first_approver_id', 'second_approver_id', 'reason', 'source')})",
            delete="OLD.state IN ('approved', 'done')",
        )

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["care.retention.line"]._read_group([("run_id", "in", self.ids)], ["run_id"], ["__count"])
        )
        for run in self:
            run.line_count = counts.get(run._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_verbs(vals)
            vals["reference"] = self.env["ir.sequence"].sudo().next_by_code("care.retention.run")
        with self._deciding("reference"):
            return super().create(vals_list)

    def write(self, vals):
        self._refuse_verbs(vals)
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("Only a draft can be changed. Take the run back first."))
        if "company_id" in vals and any(run.company_id.id != vals["company_id"] for run in self):
            raise UserError(self.env._("A run stays in its company. Make another one there."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("A retention run that was proposed stays. Cancel it instead."))

    def action_propose(self):
        """Fix the list, so that both approvers see the same."""
        for run in self:
            run._move("proposed")
            if not run.line_ids:
                raise UserError(self.env._("The list is empty. Add what is to be deleted."))

    def action_return(self):
        self._move(
            "draft",
            first_approver_id=False,
            first_approved_at=False,
            second_approver_id=False,
            second_approved_at=False,
        )

    def action_cancel(self):
        self._move("cancelled")

    def action_approve(self):
        """The first person, then another one; the second approval opens the deletion."""
        self.check_access("write")
        now = fields.Datetime.now()
        for run in self:
            if not self.env.user.has_group("social_care.group_privacy_officer"):
                raise AccessError(self.env._("Only privacy officers approve a retention run."))
            if run.state != "proposed":
                raise UserError(self.env._("Only a proposed run can be approved."))
            if not run.first_approver_id:
                run._set({"first_approver_id": self.env.uid, "first_approved_at": now})
            elif self.env.user._care_is_person(run.first_approver_id):
                raise AccessError(
                    self.env._("You have approved this run already. Another privacy officer must do so too.")
                )
            else:
                run._move("approved", second_approver_id=self.env.uid, second_approved_at=now)

    def action_execute(self):
        """Delete what the list names; the list itself, ids without content, stays as the proof."""
        self.check_access("write")
        for run in self:
            if run.state != "approved":
                raise UserError(self.env._("Two persons must have approved the run first."))
            self.env.flush_all()
            for model, lines in run.line_ids.grouped("model").items():
                # sudo: the officer opens no content, and the guard looks the list up.
                rows_sudo = self.env[model].sudo().browse(lines.mapped("res_id")).exists()
                rows_sudo.filtered(lambda row, run=run: row.company_id == run.company_id).unlink()
            self.env.flush_all()
            run._move("done", done_at=fields.Datetime.now())

    def _move(self, state, **vals):
        self.check_access("write")
        for run in self:
            if state not in RUN_TRANSITIONS[run.state]:
                raise UserError(self.env._("This retention run cannot take that step now."))
        return self._set({"state": state, **vals})

    def _set(self, vals):
        beyond_the_guard = super().write
        with self._deciding(*vals):
            return beyond_the_guard(vals)

    @api.model
    def _refuse_verbs(self, vals):
        if {"state", "reference", *DECIDED} & vals.keys():
            raise UserError(self.env._("Use the buttons to propose and approve a retention run."))
