from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import frozen

# What may be listed: the heads of what is frozen. Their rows go with them.
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
    # The list is fixed before the first person approves it, so that both see the same.
    _frozen_from = "proposed"
    _retained_with = None
    _transitions = {
        "draft": {"proposed", "cancelled"},
        "proposed": {"approved", "draft", "cancelled"},
        "approved": {"done", "cancelled"},
    }

    reference = fields.Char(readonly=True, copy=False, by_verb=True, frozen=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        frozen="id",
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
        by_verb=True,
    )
    reason = fields.Text(required=True, help="Why the rows are deleted now.", frozen=True)
    source = fields.Char(
        "Legal Source", required=True, help="The paragraph that allows or demands it.", frozen=True
    )
    line_ids = fields.One2many("care.retention.line", "run_id", "Rows")
    line_count = fields.Integer(compute="_compute_line_count")
    first_approver_id = fields.Many2one(
        "res.users",
        "Approved by",
        ondelete="restrict",
        readonly=True,
        copy=False,
        by_verb=True,
        frozen="approved",
    )
    first_approved_at = fields.Datetime(
        "Approved", readonly=True, copy=False, by_verb=True, frozen="approved"
    )
    second_approver_id = fields.Many2one(
        "res.users",
        "Also Approved by",
        ondelete="restrict",
        readonly=True,
        copy=False,
        by_verb=True,
        frozen="approved",
    )
    second_approved_at = fields.Datetime(
        "Also Approved", readonly=True, copy=False, by_verb=True, frozen="approved"
    )
    done_at = fields.Datetime("Done", readonly=True, copy=False, by_verb=True, frozen="done")

    _two_persons = models.Constraint(
        "CHECK (state NOT IN ('approved', 'done') OR (first_approver_id IS NOT NULL"
        " AND second_approver_id IS NOT NULL AND first_approver_id <> second_approver_id))",
        "Two different persons approve a retention run.",
    )
    _frozen = models.Constraint(
        "CHECK (TRUE)",
        "A retention run that was proposed stays as it is. Take it back, or cancel it and make another.",
    )

    def init(self):
        self.env.cr.execute(frozen.LISTED_FUNCTION)
        lists, company = "care_retention_lists(varchar, integer)", "care_retention_company(varchar, integer)"
        frozen.mark(self.env.cr, lists, company)
        super().init()

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["care.retention.line"]._read_group([("run_id", "in", self.ids)], ["run_id"], ["__count"])
        )
        for run in self:
            run.line_count = counts.get(run._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_handed_in({name for vals in vals_list for name in vals}, "create")
        for vals in vals_list:
            # sudo: the app's counters are closed to all; the next number alone comes back
            vals["reference"] = self.env["ir.sequence"].sudo().next_by_code("care.retention.run")
        with self._deciding("reference"):
            return super().create(vals_list)

    def action_propose(self):
        """Fix the list, so that both approvers see the same."""
        for run in self:
            run._transition("proposed")
            if not run.line_ids:
                raise UserError(self.env._("The list is empty. Add what is to be deleted."))

    def action_return(self):
        self._transition(
            "draft",
            first_approver_id=False,
            first_approved_at=False,
            second_approver_id=False,
            second_approved_at=False,
        )

    def action_cancel(self):
        self._transition("cancelled")

    def action_approve(self):
        """The first person, then another one; the second approval opens the deletion."""
        now = fields.Datetime.now()
        for run in self:
            if not self.env.user.has_group("social_care.group_privacy_officer"):
                raise AccessError(self.env._("Only privacy officers approve a retention run."))
            run._check_transition("approved")
            if not run.first_approver_id:
                run._write_decided({"first_approver_id": self.env.uid, "first_approved_at": now})
            elif self.env.user._care_is_person(run.first_approver_id):
                raise AccessError(
                    self.env._("You have approved this run already. Another privacy officer must do so too.")
                )
            else:
                run._transition("approved", second_approver_id=self.env.uid, second_approved_at=now)

    def action_execute(self):
        """Delete what the list names; the list itself, ids without content, stays as the proof."""
        for run in self:
            run._check_transition("done")
            self.env.flush_all()
            for model, lines in run.line_ids.grouped("model").items():
                # sudo: the officer opens no content, and the guard looks the list up.
                rows_sudo = self.env[model].sudo().browse(lines.mapped("res_id")).exists()
                rows_sudo.filtered(lambda row, run=run: row.company_id == run.company_id).unlink()
            self.env.flush_all()
            run._transition("done", done_at=fields.Datetime.now())
