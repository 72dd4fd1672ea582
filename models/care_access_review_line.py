from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import frozen

SIGNS = ("no_relation", "same_surname", "same_address", "colleague", "odd_hours", "mass_reading")
DRAWN = ("review_id", "client_id", "user_id", "first_at", "last_at", "times", "emergency_id", *SIGNS)


class CareAccessReviewLine(models.Model):
    """One person who opened one client's file in the month, with what may speak against it."""

    _name = "care.access.review.line"
    _description = "Access to Review"
    _inherit = ["care.walled"]
    _order = "review_id, sign_count desc, id"

    review_id = fields.Many2one(
        "care.access.review", required=True, readonly=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="review_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    client_id = fields.Many2one("care.client", required=True, readonly=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True, ondelete="restrict")
    first_at = fields.Datetime("First", required=True, readonly=True)
    last_at = fields.Datetime("Last", required=True, readonly=True)
    times = fields.Integer(readonly=True, help="Lines in the read log; one stands for five minutes.")
    emergency_id = fields.Many2one("care.emergency.access", readonly=True, ondelete="set null")

    # What may speak against it
    no_relation = fields.Boolean("No Work Relation Then", readonly=True)
    same_surname = fields.Boolean(readonly=True)
    same_address = fields.Boolean(readonly=True)
    colleague = fields.Boolean("The Client Is a Colleague", readonly=True)
    odd_hours = fields.Boolean("Unusual Hours", readonly=True)
    mass_reading = fields.Boolean("Many Files in a Day", readonly=True)
    sign_count = fields.Integer("Signs", compute="_compute_sign_count", store=True, precompute=True)
    signs = fields.Char("What Stands Out", compute="_compute_signs")

    # The judgement
    judgement = fields.Selection(
        [("ok", "Right"), ("ask", "Ask the person"), ("not_ok", "Not right")], copy=False
    )
    comment = fields.Char(copy=False)
    judged_by_id = fields.Many2one("res.users", "Judged by", readonly=True, copy=False)
    judged_at = fields.Datetime("Judged", readonly=True, copy=False)
    is_mine = fields.Boolean("My Own", compute="_compute_is_mine")

    _by_another = models.Constraint(
        "CHECK (judged_by_id IS NULL OR judged_by_id <> user_id)", "Nobody reviews themselves."
    )
    _frozen = models.Constraint("CHECK (TRUE)", "A review that is done is not changed.")

    def init(self):
        done = "EXISTS (SELECT 1 FROM care_access_review r WHERE r.id = OLD.review_id AND r.state = 'done')"
        frozen.guard(
            self.env.cr,
            "care_access_review_line",
            update=f"({done} AND {frozen.changed('judgement', 'comment', 'judged_by_id', 'judged_at')})"
            f" OR {frozen.changed(*[name for name in DRAWN if name != 'emergency_id'])}",
            delete=done,
            listed="care_retention_lists('care.client', OLD.client_id)",
        )

    @api.depends(*SIGNS)
    def _compute_sign_count(self):
        for line in self:
            line.sign_count = sum(bool(line[name]) for name in SIGNS)

    @api.depends(*SIGNS, "emergency_id")
    def _compute_signs(self):
        labels = {name: self._fields[name]._description_string(self.env) for name in SIGNS}
        for line in self:
            found = [labels[name] for name in SIGNS if line[name]]
            if line.emergency_id:
                found.insert(0, self.env._("Emergency access"))
            line.signs = ", ".join(found)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.env.user.sudo()
        for line in self:
            theirs = line.sudo().user_id
            line.is_mine = theirs == mine or bool(theirs.employee_ids & mine.employee_ids)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Reviews are drawn by the system, once a month."))
        return super().create(vals_list)

    def write(self, vals):
        """A judgement, which carries who made it and when."""
        if vals.keys() - {"judgement", "comment"}:
            raise UserError(self.env._("Only the judgement and the comment are written here."))
        if not vals:
            return True
        self.check_access("write")
        self.review_id._check_reviewer()
        for line in self:
            if line.review_id.state == "done":
                raise UserError(self.env._("The review is done."))
            if line.is_mine:
                raise AccessError(
                    self.env._(
                        "You have opened this file yourself. Another manager or the privacy officer judges it."
                    )
                )
            judgement = vals.get("judgement", line.judgement)
            if judgement in ("ask", "not_ok") and not (vals.get("comment", line.comment) or "").strip():
                raise UserError(self.env._("Write in a few words what is to be asked, or what is not right."))
        stamped = {"judged_by_id": self.env.uid, "judged_at": fields.Datetime.now()}
        return super().write({**vals, **stamped})

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A review stays."))

    def action_ok(self):
        """One tap for what is plainly right."""
        self.write({"judgement": "ok"})
