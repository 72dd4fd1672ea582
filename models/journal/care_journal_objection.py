from odoo import api, fields, models
from odoo.exceptions import UserError


class CareJournalObjection(models.Model):
    """The client says that something in a note is wrong: noted at the note, in the client's words.

    It is fixed at once, and follows the note wherever it is shown, and the note that replaces it too.
    """

    _name = "care.journal.objection"
    _description = "Objection to a Journal Note"
    _inherit = ["care.walled"]
    _order = "noted_at, id"
    _frozen_from = "id"
    _retained_with = "entry_id"
    _wall_on_double = True  # it is said of a note that stands there

    entry_id = fields.Many2one(
        "care.journal.entry", "Note", required=True, index=True, ondelete="cascade", signed=True
    )
    entry_text = fields.Text(related="entry_id.body", string="What the Note Says", related_sudo=False)
    client_id = fields.Many2one(related="entry_id.client_id", store=True, precompute=True, index=True)
    unit_id = fields.Many2one(related="entry_id.unit_id", store=True, precompute=True)
    company_id = fields.Many2one(related="entry_id.company_id", store=True, precompute=True)
    said_by = fields.Selection(
        [("client", "The client"), ("representative", "The client's representative")],
        "Who Objects",
        required=True,
        default="client",
        signed="said",
    )
    said_on = fields.Date(
        "When", required=True, default=fields.Date.context_today, signed="said", happened=True
    )
    body = fields.Text("In the Client's Words", required=True, signed=True)
    noted_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="restrict",
        default=lambda self: self.env.uid,
        by_verb=True,
        signed="noted",
    )
    noted_by_name = fields.Char(
        "Noted by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user.care_name,
        by_verb=True,
        signed="noted",
    )
    noted_at = fields.Datetime(
        "Noted", readonly=True, copy=False, default=fields.Datetime.now, by_verb=True, signed="noted"
    )

    _frozen = models.Constraint(
        "CHECK (TRUE)", "An objection is not changed and not taken away. Note a new one."
    )

    @api.model
    def _guard_conditions(self):
        draft = "EXISTS (SELECT 1 FROM care_journal_entry e WHERE e.id = NEW.entry_id AND e.state = 'draft')"
        return super()._guard_conditions() | {"insert": draft}

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["entry_id"]).get("entry_id")
        ids = {vals.setdefault("entry_id", default) for vals in vals_list}
        entries = self.env["care.journal.entry"].browse(id_ for id_ in ids if id_)
        entries.check_access("read")
        if any(entry.state == "draft" for entry in entries):
            raise UserError(self.env._("Sign the note first. A draft is read by nobody but you."))
        objections = super().create(vals_list)
        objections.flush_recordset()
        # sudo: nobody writes a chain; an objection makes it grow
        self.env["care.journal.chain"].sudo()._append("objection", objections.sudo())
        return objections
