from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import frozen

OBJECTION_CONTENT = (
    "entry_id", "client_id", "unit_id", "said_by", "said_on", "body", "noted_by_id", "noted_by_name", "noted_at",
)  # fmt: skip


class CareJournalObjection(models.Model):
    """The client says that something in a note is wrong: noted at the note, in the client's words.

    It is fixed at once, and follows the note wherever it is shown, and the note that replaces it too.
    """

    _name = "care.journal.objection"
    _description = "Objection to a Journal Note"
    _inherit = ["care.frozen"]
    _order = "noted_at, id"

    entry_id = fields.Many2one("care.journal.entry", "Note", required=True, index=True, ondelete="cascade")
    entry_text = fields.Text(related="entry_id.body", string="What the Note Says", related_sudo=False)
    client_id = fields.Many2one(related="entry_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="entry_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="entry_id.company_id", store=True, precompute=True)
    said_by = fields.Selection(
        [("client", "The client"), ("representative", "The client's representative")],
        "Who Objects",
        required=True,
        default="client",
    )
    said_on = fields.Date("When", required=True, default=fields.Date.context_today)
    body = fields.Text("In the Client's Words", required=True)
    noted_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    noted_by_name = fields.Char("Noted by", readonly=True, copy=False)
    noted_at = fields.Datetime("Noted", readonly=True, copy=False)

    _frozen = models.Constraint(
        "CHECK (TRUE)", "An objection is not changed and not taken away. Note a new one."
    )
    _verb_fields = frozenset({"noted_by_id", "noted_by_name", "noted_at"})

    def init(self):
        entry = "EXISTS (SELECT 1 FROM care_journal_entry e WHERE e.id = {}.entry_id {})"
        frozen.guard(
            self.env.cr,
            "care_journal_objection",
            insert=entry.format("NEW", "AND e.state = 'draft'"),
            update=frozen.changed(*OBJECTION_CONTENT),
            delete=entry.format("OLD", ""),
            listed="care_retention_lists('care.journal.entry', OLD.entry_id)",
        )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super  # _create_by_verb calls it
        for vals in vals_list:
            self._check_verb_fields(vals)
        default = self.default_get(["entry_id"]).get("entry_id")
        ids = {vals.setdefault("entry_id", default) for vals in vals_list}
        entries = self.env["care.journal.entry"].browse(id_ for id_ in ids if id_)
        entries.check_access("read")
        if any(entry.state == "draft" for entry in entries):
            raise UserError(self.env._("Sign the note first. A draft is read by nobody but you."))
        noted = {
            "noted_by_id": self.env.uid,
            "noted_by_name": self.env.user.care_name,
            "noted_at": fields.Datetime.now(),
        }
        objections = self._create_by_verb([{**vals, **noted} for vals in vals_list])
        objections.flush_recordset()
        self.env["care.journal.chain"].sudo()._append("objection", objections.sudo())
        return objections

    def _is_frozen(self):
        return bool(self.id)

    def _frozen_message(self):
        return self.env._("An objection is not changed and not taken away. Note a new one.")

    def _listed_for_retention(self):
        listed = self.entry_id._listed_for_retention()
        return self.filtered(lambda objection: objection.entry_id in listed)
