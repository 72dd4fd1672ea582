from odoo import api, fields, models
from odoo.exceptions import UserError

MASK = "[…]"


class CareSubjectItem(models.Model):
    """One record in a unit's part: as it was when it was collected, and whether it is given to the person.

    A record that tells of somebody else is judged (OSL 10:3, 26:1 and GDPR 15.4): given, given in part, or
    held back, with the reason, by whom and when.
    """

    _name = "care.subject.item"
    _description = "Record in a Register Extract"
    _inherit = ["care.walled"]
    _order = "sequence, date desc, id"
    _wall_on_double = True  # as its part
    _made_by_verb = True
    _frozen_with = _retained_with = "part_id"

    part_id = fields.Many2one(
        "care.subject.part", required=True, readonly=True, index=True, ondelete="cascade"
    )
    client_id = fields.Many2one(
        related="part_id.client_id", store=True, precompute=True, index=True, frozen=True
    )
    unit_id = fields.Many2one(related="part_id.unit_id", store=True, precompute=True, frozen=True)
    company_id = fields.Many2one(related="part_id.company_id", store=True, precompute=True, frozen=False)
    processing_id = fields.Many2one("care.processing", readonly=True, ondelete="restrict", frozen=True)
    sequence = fields.Integer(readonly=True, frozen=True)
    model = fields.Char(required=True, readonly=True, frozen=True)
    res_id = fields.Integer("Row", required=True, readonly=True, frozen=True)
    beside = fields.Char(
        readonly=True, help="A file, message or activity that hangs on the row.", frozen=True
    )
    title = fields.Char("What", readonly=True, frozen=True)
    date = fields.Date(readonly=True, frozen=True)
    content = fields.Json(readonly=True, exportable=False, frozen=True)
    given = fields.Json(readonly=True, exportable=False, copy=False, frozen=True)
    text = fields.Text("What It Says", compute="_compute_text")
    has_third = fields.Boolean("About Others", readonly=True, frozen=True)
    has_text = fields.Boolean("Free Text", readonly=True, frozen=True)
    outcome = fields.Selection(
        [("give", "Given"), ("part", "Given in part"), ("hold", "Held back")],
        readonly=True,
        copy=False,
        frozen=True,
    )
    reason = fields.Text("Judgement", readonly=True, copy=False, frozen=True)
    legal_basis_id = fields.Many2one("care.legal.basis", readonly=True, ondelete="restrict", frozen=True)
    judged_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", frozen=True)
    judged_at = fields.Datetime("Judged", readonly=True, copy=False, frozen=True)

    _once = models.UniqueIndex(
        "(part_id, model, res_id, COALESCE(beside, ''))", "The record is in it already."
    )
    _judged = models.Constraint(
        "CHECK (outcome IS NULL OR outcome = 'give' AND NOT has_third OR (reason IS NOT NULL"
        " AND judged_by_id IS NOT NULL AND judged_at IS NOT NULL))",
        "A judgement has a person, a time and a reason.",
    )
    _frozen = models.Constraint("CHECK (TRUE)", "What was released is not changed. Register a new request.")
    _list_idx = models.Index("(part_id, sequence, date DESC, id)")

    @api.model
    def _wall_ways(self):
        return super()._wall_ways() | {"part": self._wall_by_part}

    def _wall_named(self, alias):
        return [*super()._wall_named(alias), self._wall_by_part(alias, ())]

    def _wall_by_part(self, alias, ways):
        return self.env["care.subject.part"]._wall_of_part(self, alias)

    @api.depends("content", "given", "outcome")
    def _compute_text(self):
        for item in self:
            item.text = "\n".join(f"{label}: {value}" for label, value in item._given_lines(every=True))

    def _given_lines(self, every=False):
        """What the person gets of the record: ``[(label, text)]``.

        :param every: what is held back too, for whoever judges it
        """
        self.ensure_one()
        if self.outcome == "hold" and not every:
            return []
        given = (self.given or {}) if self.outcome == "part" and not every else {}
        return [(label, given.get(name, value)) for name, label, value, _third in self.content or []]

    # ------------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------------

    @api.model
    def _guard_message(self, operation):
        return self.env._("Records are collected, not written. Use the buttons to judge one.")

    def action_judge(self):
        """Ask for the judgement of one record, field by field."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.title,
            "res_model": "care.subject.judge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_item_id": self.id},
        }

    def judge(self, outcome, reason, given=None, legal_basis_id=None):
        """Decide what the person gets of the records.

        :param str outcome: ``give``, ``part`` or ``hold``
        :param str reason: the harm test: who could be harmed by what, and why (not)
        :param dict given: for ``part``, per field the text with ``[…]`` in the place of what is held back
        :raise UserError: when the reason is missing, or the text is another one
        """
        self.check_access("write")
        if outcome not in dict(self._fields["outcome"].selection):
            raise UserError(self.env._("Choose whether the record is given, given in part or held back."))
        if not (reason or "").strip():
            raise UserError(self.env._("Write the judgement: who could be harmed by what, and why."))
        if any(part.state != "collected" for part in self.part_id):
            raise UserError(self.env._("What was released is not changed. Register a new request."))
        for item in self:
            item._check_masked(outcome, given or {})
        return self._write_decided(
            {
                "outcome": outcome,
                "reason": reason.strip(),
                "given": given if outcome == "part" else False,
                "legal_basis_id": legal_basis_id or False,
                "judged_by_id": self.env.uid,
                "judged_at": fields.Datetime.now(),
            }
        )

    def _delete_uncollected(self):
        """What is collected anew; before the release nothing of it has left."""
        if any(part.state != "collected" for part in self.part_id):
            raise UserError(self.env._("What was released is not changed. Register a new request."))
        with self._deciding():
            return self.unlink()

    def _check_masked(self, outcome, given):
        """Passages are taken out, and none is put in."""
        values = {name: value for name, _label, value, _third in self.content or []}
        if outcome != "part":
            return
        if not given or any(name not in values for name in given):
            raise UserError(self.env._("Take out what is held back, or give the whole record."))
        for name, text in given.items():
            if not _is_masked(values[name], text):
                raise UserError(
                    self.env._(
                        "Put %(mask)s in the place of what is held back, and change nothing else.", mask=MASK
                    )
                )


def _is_masked(original, text):
    """``text`` is the original with passages replaced by the mask."""
    pieces, position = text.split(MASK), 0
    if len(pieces) < 2 or not original.startswith(pieces[0]) or not original.endswith(pieces[-1]):
        return False
    for piece in pieces:
        found = original.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return True
