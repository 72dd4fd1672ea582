from odoo import api, fields, models
from odoo.exceptions import UserError


class CareSubjectJudge(models.TransientModel):
    """Asks what of a record is given to the person, and why. What was shown is gone when it is answered."""

    _name = "care.subject.judge"
    _description = "Judge a Record"
    _transient_max_hours = 0.5

    item_id = fields.Many2one("care.subject.item", required=True, readonly=True, ondelete="cascade")
    client_id = fields.Many2one(related="item_id.client_id", related_sudo=False)
    outcome = fields.Selection(
        [("give", "Give"), ("part", "Give in part"), ("hold", "Hold back")], required=True, default="part"
    )
    reason = fields.Text("Judgement", help="Who could be harmed by what, and why, or why not.")
    legal_basis_id = fields.Many2one("care.legal.basis", domain=[("regime", "=", "disclosure")])
    line_ids = fields.One2many("care.subject.judge.line", "judge_id", "Fields")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        item = self.env["care.subject.item"].browse(values.get("item_id")).exists()
        if item:
            item.check_access("write")
            before = item.given or {}
            values["line_ids"] = [
                (
                    0,
                    0,
                    {
                        "name": name,
                        "label": label,
                        "value": value,
                        "given": before.get(name, value),
                        "about_others": third,
                    },
                )
                for name, label, value, third in item.content or []
            ]
        return values

    def action_judge(self):
        self.ensure_one()
        # What is stored is looked up again: a form's values are whatever the caller sends.
        stored = {name: value for name, _label, value, _third in self.item_id.content or []}
        told = {line.name: "[…]" if line.hold else line.given or "[…]" for line in self.line_ids}
        given = {name: text for name, text in told.items() if text != stored.get(name)}
        if self.outcome == "part" and not given:
            raise UserError(self.env._("Take out what is held back, or give the whole record."))
        self.item_id.judge(self.outcome, self.reason, given, self.legal_basis_id.id)
        self.unlink()
        return {"type": "ir.actions.act_window_close"}


class CareSubjectJudgeLine(models.TransientModel):
    _name = "care.subject.judge.line"
    _description = "Field of a Judged Record"

    judge_id = fields.Many2one("care.subject.judge", required=True, ondelete="cascade")
    name = fields.Char("Technical Name")
    label = fields.Char("Field", readonly=True)
    value = fields.Text("Stored", readonly=True)
    given = fields.Text()
    hold = fields.Boolean("Hold Back")
    about_others = fields.Boolean(readonly=True)

    def _read_format(self, fnames, load="_classic_read"):
        """The dialog holds a copy of the record's fields: whoever reads it reads the record."""
        rows = super()._read_format(fnames, load)
        if not self.env.su and {"value", "given"} & set(fnames):
            # sudo: only which record the dialog is about; whether the reader opens it is asked next
            items = self.browse(row["id"] for row in rows).sudo().judge_id.item_id.sudo(False)
            items.check_access("read")
            self.env["care.access.log"]._note(items)
        return rows
