from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

SIGNS = ("no_relation", "same_surname", "same_address", "colleague", "odd_hours", "mass_reading")


class CareAccessReviewLine(models.Model):
    """One person who opened one client's file in the month, with what may speak against it."""

    _name = "care.access.review.line"
    _description = "Access to Review"
    _inherit = ["care.walled"]
    _wall_on_double = True
    _order = "review_id, sign_count desc, id"
    _made_by_verb = True
    _frozen_with = "review_id"
    _retained_with = "client_id"

    review_id = fields.Many2one(
        "care.access.review", required=True, readonly=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="review_id.unit_id", store=True, precompute=True, frozen=False)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True, frozen=False)
    client_id = fields.Many2one(
        "care.client", required=True, readonly=True, index=True, ondelete="cascade", frozen="id"
    )
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, ondelete="restrict", frozen="id"
    )
    first_at = fields.Datetime("First", required=True, readonly=True, frozen="id")
    last_at = fields.Datetime("Last", required=True, readonly=True, frozen="id")
    times = fields.Integer(
        readonly=True, help="Lines in the read log; one stands for five minutes.", frozen="id"
    )
    emergency_id = fields.Many2one("care.emergency.access", readonly=True, ondelete="set null", frozen="id")

    # What may speak against it
    no_relation = fields.Boolean("No Work Relation Then", readonly=True, frozen="id")
    same_surname = fields.Boolean(readonly=True, frozen="id")
    same_address = fields.Boolean(readonly=True, frozen="id")
    colleague = fields.Boolean("The Client Is a Colleague", readonly=True, frozen="id")
    odd_hours = fields.Boolean("Unusual Hours", readonly=True, frozen="id")
    mass_reading = fields.Boolean("Many Files in a Day", readonly=True, frozen="id")
    sign_count = fields.Integer(
        "Signs", compute="_compute_sign_count", store=True, precompute=True, frozen=False
    )
    signs = fields.Char("What Stands Out", compute="_compute_signs")

    # The judgement
    judgement = fields.Selection(
        [("ok", "Right"), ("ask", "Ask the person"), ("not_ok", "Not right")],
        copy=False,
        frozen=True,
    )
    comment = fields.Char(copy=False, frozen=True)
    judged_by_id = fields.Many2one(
        "res.users", "Judged by", readonly=True, copy=False, ondelete="restrict", frozen=True
    )
    judged_at = fields.Datetime("Judged", readonly=True, copy=False, frozen=True)
    is_mine = fields.Boolean("My Own", compute="_compute_is_mine")

    _by_another = models.Constraint(
        "CHECK (judged_by_id IS NULL OR judged_by_id <> user_id)", "Nobody reviews themselves."
    )
    _frozen = models.Constraint("CHECK (TRUE)", "A review that is done is not changed.")

    @api.model
    def _domain_left(self):
        """Not judged, or judged with a question that nobody has answered."""
        return Domain("judgement", "=", False) | Domain("judgement", "=", "ask")

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
        # sudo: only who opened the files is compared with the reader, of closed lines in the list too
        me = (self.env.user | self.sudo().user_id)._care_same_person()[self.env.user]
        for line in self:
            # sudo: a yes or no about the reader, on whichever line of the list
            line.is_mine = line.sudo().user_id in me

    @api.model
    def _guard_message(self, operation):
        if operation == "write":
            return self.env._("Only the judgement and the comment are written here.")
        return self.env["care.access.review"]._guard_message(operation)

    def write(self, vals):
        """A judgement, which carries who made it and when."""
        if not (given := self._not_decided(vals)):
            return super().write(vals)
        if set(given) - {"judgement", "comment"}:
            raise UserError(self._guard_message("write"))
        self.check_access("write")
        self.review_id._check_reviewer()
        stamped = {"judged_by_id": self.env.uid, "judged_at": fields.Datetime.now()}
        for line in self:
            judged = {"judgement": line.judgement, "comment": line.comment, **vals}
            line._check_judge(judged["judgement"], judged["comment"])
            line._write_decided({**judged, "comment": line._with_others_words(judged["comment"]), **stamped})
        return True

    def _check_judge(self, judgement, comment):
        if self.review_id.state == "done":
            raise UserError(self.env._("The review is done."))
        if self.is_mine:
            raise AccessError(
                self.env._(
                    "You have opened this file yourself. Another manager or the privacy officer judges it."
                )
            )
        if judgement in ("ask", "not_ok") and not (comment or "").strip():
            raise UserError(self.env._("Write in a few words what is to be asked, or what is not right."))
        if self._is_judged_by_another() and not (self.judgement == "ask" and judgement):
            # sudo: whoever judged is named, though Odoo may hide the login from the reader
            raise UserError(
                self.env._(
                    "%(name)s has judged this already. Ask them to change it, if they agree.",
                    name=self.judged_by_id.sudo().care_name,
                )
            )

    def _is_judged_by_another(self):
        return bool(self.judgement) and self.judged_by_id != self.env.user

    def _with_others_words(self, comment):
        """What another reviewer has asked stands before the answer."""
        asked = self.comment if self.judged_by_id != self.env.user else False
        return (
            comment if not asked or asked in (comment or "") else " - ".join(filter(None, [asked, comment]))
        )

    def action_ok(self):
        """One tap for what is plainly right."""
        self.write({"judgement": "ok"})
