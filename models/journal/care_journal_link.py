from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import frozen

LINK = (
    "chain_id", "position", "act", "entry_id", "objection_id", "made_at", "digest", "previous_hash", "hash",
)  # fmt: skip


class CareJournalLink(models.Model):
    """One act in a journal: a keyed hash of what was done and of the link before. Never content.

    It is also the tombstone: when the note is lawfully deleted its link stays, and the chain verifies.
    """

    _name = "care.journal.link"
    _description = "Link of a Journal's Chain"
    _inherit = ["care.closed"]
    _order = "chain_id, position"
    _log_access = False

    chain_id = fields.Many2one("care.journal.chain", required=True, ondelete="restrict")
    company_id = fields.Many2one(related="chain_id.company_id")
    position = fields.Integer(required=True, aggregator=None)
    act = fields.Selection(
        [("sign", "Signed"), ("strike", "Struck"), ("objection", "Objection")], required=True
    )
    # Numbers, not references: they outlive what they stand for.
    entry_id = fields.Integer("Note's Number", required=True, index=True, aggregator=None)
    objection_id = fields.Integer("Objection's Number", aggregator=None)
    made_at = fields.Datetime(required=True)
    digest = fields.Char(required=True, help="Keyed hash of the content.")
    previous_hash = fields.Char(required=True)
    hash = fields.Char(required=True, help="Keyed hash of this link with the one before it.")

    _once = models.UniqueIndex("(chain_id, position)", "The chain has this link already.")
    _frozen = models.Constraint("CHECK (TRUE)", "A link of a journal's chain is never changed or deleted.")

    def init(self):
        frozen.guard(self.env.cr, "care_journal_link", update=frozen.changed(*LINK), delete="TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Links are made by signing, striking and objecting."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A link of a journal's chain is never changed or deleted."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A link of a journal's chain is never changed or deleted."))
