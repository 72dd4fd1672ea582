from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.fields import selection_of
from .care_neutral import TAKEN_AWAY


class CareOutreachLine(models.Model):
    """One person that a round turns to. The name is there for the round only."""

    _name = "care.outreach.line"
    _description = "Person in an Outreach"
    _inherit = ["care.neutral"]
    _order = "next_attempt, id"
    _neutral_parent = "outreach_id"

    outreach_id = fields.Many2one(
        "care.outreach", "Round", required=True, index=True, ondelete="cascade", frozen="id"
    )
    alias = fields.Char("Card Number", naming="alias")
    name = fields.Char(naming=True)
    phone = fields.Char(naming=True)
    street = fields.Char(naming=True)
    zip = fields.Char("ZIP", naming=True)
    city = fields.Char(naming=True)
    remark = fields.Char(naming=True)
    age_band = fields.Selection(
        selection_of("care.relative.contact", "age_band"),
        "Age",
        required=True,
        default="unknown",
    )
    answer = fields.Selection(
        [
            ("open", "Not asked yet"),
            ("unreached", "Not reached"),
            ("later", "Later"),
            ("yes", "Yes"),
            ("no", "No"),
        ],
        required=True,
        default="open",
    )
    answered_on = fields.Date("Answered", readonly=True, copy=False, by_verb=True)
    attempts = fields.Integer(readonly=True, copy=False, by_verb=True)
    next_attempt = fields.Date()
    erased = fields.Boolean(readonly=True, copy=False, by_verb=True)

    _mode_keeps = models.Constraint(
        "CHECK (mode = 'named' OR (name IS NULL AND phone IS NULL AND street IS NULL AND zip IS NULL"
        " AND city IS NULL AND remark IS NULL AND (mode = 'pseudonym' OR alias IS NULL)))",
        "This unit keeps no names: write the answer only.",
    )
    _erased_is_nameless = models.Constraint(
        "CHECK (NOT erased OR (name IS NULL AND phone IS NULL AND street IS NULL AND zip IS NULL"
        " AND city IS NULL AND remark IS NULL AND alias IS NULL))",
        "The names of this round are erased; none comes back.",
    )
    _list_idx = models.Index("(outreach_id, next_attempt, id)")

    @api.depends("outreach_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._("Person %(number)s", number=line._origin.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever has said no before is not turned to again."""
        lines = super().create(vals_list)
        if any(line.outreach_id.erased_at and not line.erased for line in lines):
            raise UserError(self.env._("The names of this round are gone. Start a new round."))
        lines._check_refusals()
        lines.filtered(lambda line: line.answer == "no")._remember_no()
        return lines

    def write(self, vals):
        if any(vals.get(name) for name in self._naming(TAKEN_AWAY["none"])) and any(
            line.erased for line in self
        ):
            raise UserError(self.env._("The names of this round are erased; none comes back."))
        if vals.get("answer", "no") != "no":
            self.filtered(lambda line: line.answer == "no")._forget_no()
        result = super().write(vals)
        if any(vals.get(name) for name in ("name", "phone", "zip")):
            self._check_refusals()
        if "answer" in vals:
            self._write_decided({"answered_on": fields.Date.context_today(self)})
            self.filtered(lambda line: line.answer == "no")._remember_no()
        return result

    def _check_refusals(self):
        # sudo: nobody reads the list of those who said no; the day on which this one did comes back
        refusals_sudo = self.env["care.outreach.refusal"].sudo()
        for unit, lines in self.grouped("unit_id").items():
            keys = {line: line._known_keys() for line in lines if line.answer != "no"}
            every = [key for own in keys.values() for key in own]
            known = refusals_sudo.search([("unit_id", "=", unit.id), ("key", "in", every)])
            by_key = {refusal.key: refusal.date for refusal in known}
            for own in keys.values():
                dates = [by_key[key] for key in own if key in by_key]
                if dates:
                    raise UserError(
                        self.env._(
                            "This person said no on %(date)s and is not turned to again.", date=max(dates)
                        )
                    )

    def _refusal_keys(self):
        return self.env["care.outreach.refusal"]._keys(self.unit_id, self.phone, self.name, self.zip)

    def _known_keys(self):
        """Under which an earlier no may stand."""
        refusals = self.env["care.outreach.refusal"]
        who = (self.unit_id, self.phone, self.name, self.zip)
        return [*refusals._keys(*who), *refusals._keys_until_1_4(*who)]

    def _remember_no(self):
        """A no is remembered at once, so that it outlives the name."""
        for unit, lines in self.grouped("unit_id").items():
            keys = {key for line in lines for key in line._refusal_keys()}
            self.env["care.outreach.refusal"]._remember(unit, sorted(keys))

    def _forget_no(self):
        """The answer was mistaken, or the person thought again."""
        for unit, lines in self.grouped("unit_id").items():
            keys = [key for line in lines for key in line._known_keys()]
            self.env["care.outreach.refusal"]._forget(unit, keys)

    def action_yes(self):
        self._answer("yes")

    def action_no(self):
        self._answer("no")

    def action_not_reached(self):
        self._answer("unreached")

    def action_later(self):
        self._answer("later")

    def _answer(self, answer):
        """Note the answer of this attempt."""
        self.check_access("write")
        for line in self:
            line._write_decided(
                {
                    "answer": answer,
                    "attempts": line.attempts + 1,
                    "next_attempt": line.next_attempt if answer in ("unreached", "later") else False,
                }
            )

    def _erase_names(self):
        """The answer stays, as a number."""
        empty = dict.fromkeys(self._naming(TAKEN_AWAY["none"]), False)
        self._write_decided({**empty, "next_attempt": False, "erased": True})

    @api.model
    def _neutral_forbidden(self, unit, mode):
        domain = self._domain_naming(TAKEN_AWAY[mode]) & fields.Domain("unit_id", "=", unit.id)
        gone = dict.fromkeys(self._naming(TAKEN_AWAY[mode]), False)
        return [(self.env._("people in outreach lose their names"), domain, gone)]
