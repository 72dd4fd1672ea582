from odoo import fields, models


class CareJournalLink(models.Model):
    """One act in a journal: a keyed hash of what was done and of the link before. Never content.

    It is also the tombstone: when the note is lawfully deleted its link stays, and the chain verifies.
    """

    _name = "care.journal.link"
    _description = "Link of a Journal's Chain"
    _inherit = ["care.closed"]
    _order = "chain_id, position"
    _log_access = False
    _made_by_verb = True
    _frozen_from = "id"
    _retained_with = None

    chain_id = fields.Many2one("care.journal.chain", required=True, ondelete="restrict", frozen=True)
    company_id = fields.Many2one(related="chain_id.company_id")
    position = fields.Integer(required=True, aggregator=None, frozen=True)
    act = fields.Selection(
        [("sign", "Signed"), ("strike", "Struck"), ("objection", "Objection")],
        required=True,
        frozen=True,
    )
    # Numbers, not references: they outlive what they stand for.
    entry_id = fields.Integer("Note's Number", required=True, index=True, aggregator=None, frozen=True)
    objection_id = fields.Integer("Objection's Number", aggregator=None, frozen=True)
    made_at = fields.Datetime(required=True, frozen=True)
    digest = fields.Char(required=True, help="Keyed hash of the content.", frozen=True)
    previous_hash = fields.Char(required=True, frozen=True)
    hash = fields.Char(required=True, help="Keyed hash of this link with the one before it.", frozen=True)

    _once = models.UniqueIndex("(chain_id, position)", "The chain has this link already.")
    _frozen = models.Constraint("CHECK (TRUE)", "A link of a journal's chain is never changed or deleted.")
