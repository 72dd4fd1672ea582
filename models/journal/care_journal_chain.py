from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import frozen, keyed_hash

START = "0" * 64


class CareJournalChain(models.Model):
    """The journal of one client in one unit as a chain of keyed hashes, one link per act.

    A changed, removed, added or reordered note breaks a link. The row is the chain's head: whoever adds
    a link locks it, so that two who sign at once stand in a queue and not in each other's place. The head
    is sealed, so that cutting off the latest links shows too.
    """

    _name = "care.journal.chain"
    _description = "Journal's Chain"
    _inherit = ["care.walled", "care.activity.mixin"]
    _wall_on_double = True
    _order = "id"
    _made_by_verb = True

    client_id = fields.Many2one("care.client", readonly=True, ondelete="set null", frozen="id")
    # For those who open no client, as the display name is.
    client_reference = fields.Char("Reference", related="client_id.reference")
    unit_id = fields.Many2one(
        "care.unit", required=True, index=True, readonly=True, ondelete="restrict", frozen="id"
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, precompute=True)
    link_count = fields.Integer("Links", readonly=True, aggregator=None)
    head = fields.Char(readonly=True, help="The hash of the latest link.")
    seal = fields.Char(readonly=True, help="Keyed hash of length and head.")
    verified_at = fields.Datetime("Verified", readonly=True)
    fault = fields.Text("What Does Not Verify", readonly=True, help="Numbers of links and notes, no content.")
    fault_found_at = fields.Datetime("Found", readonly=True)

    _one = models.UniqueIndex("(client_id, unit_id)", "This journal has a chain already.")
    _verified_idx = models.Index("(verified_at NULLS FIRST, id)")
    _fault_idx = models.Index("(id) WHERE fault IS NOT NULL")
    _frozen = models.Constraint("CHECK (TRUE)", "A journal's chain is made and written by signing alone.")

    def init(self):
        keyed_hash.install(self.env.cr)
        super().init()

    @api.model
    def _guard_conditions(self):
        conditions = super()._guard_conditions()
        grows = "NEW.link_count > OLD.link_count AND NEW.head <> OLD.head"
        grown = f"{frozen.changed('link_count', 'head', 'seal')} AND NOT ({grows})"
        return {"update": f"{conditions['update']} OR ({grown})", "delete": "OLD.link_count > 0"}

    @api.depends("client_id", "unit_id")
    def _compute_display_name(self):
        """References alone, for the privacy officer's activities."""
        # sudo: the privacy officer opens no file; the client's reference and the unit's code come back
        for chain in self.sudo():
            chain.display_name = f"{chain.client_id.reference or chain.id} {chain.unit_id.code}"

    @api.ondelete(at_uninstall=False)
    def _unlink_only_empty(self):
        if any(chain.link_count for chain in self):
            raise UserError(self.env._("A journal's chain stays, also when its notes are lawfully deleted."))

    # ------------------------------------------------------------------
    # Growing
    # ------------------------------------------------------------------

    @api.model
    def _append(self, act, records):
        """Add a link for each of ``records``, entries or objections, to its journal's chain.

        Called by the verbs alone, in the transaction of the act. Always in the same order of journals, so
        that two who sign many notes at once wait for each other and do not deadlock.
        """
        secret = keyed_hash.key(self.env.cr)
        journals = records.grouped(lambda record: (record.client_id.id, record.unit_id.id))
        for (client_id, unit_id), here in sorted(journals.items()):
            self._lock_head(client_id, unit_id)._grow(secret, act, here.sorted("id"))

    @api.model
    def _lock_head(self, client_id, unit_id):
        """The chain, made if need be, and locked until the transaction ends.

        Whoever comes second waits here. Its snapshot is older than what it waited for, so PostgreSQL lets it
        fail, and Odoo repeats the request, which then sees the new head.
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO care_journal_chain (client_id, unit_id, company_id, link_count, head, create_uid, create_date)"
                " SELECT %s, u.id, u.company_id, 0, %s, %s, now() AT TIME ZONE 'UTC' FROM care_unit u WHERE u.id = %s"
                " ON CONFLICT (client_id, unit_id) DO NOTHING",
                client_id,
                START,
                self.env.uid,
                unit_id,
            )
        )
        self.env.cr.execute(
            SQL(
                "SELECT id FROM care_journal_chain WHERE client_id = %s AND unit_id = %s FOR UPDATE",
                client_id,
                unit_id,
            )
        )
        chain = self.browse(self.env.cr.fetchone()[0])
        chain.invalidate_recordset(["link_count", "head", "seal"])
        return chain

    def _grow(self, secret, act, records):
        self.ensure_one()
        records.invalidate_recordset()  # what is hashed is what the database holds
        position, head, now, vals_list = self.link_count, self.head, fields.Datetime.now(), []
        for record in records:
            position += 1
            is_entry = record._name == "care.journal.entry"
            vals = {
                "chain_id": self.id,
                "position": position,
                "act": act,
                "entry_id": record.id if is_entry else record.entry_id.id,
                "objection_id": False if is_entry else record.id,
                "made_at": now,
                "digest": keyed_hash.digest(secret, act, record._chained_content(act)),
                "previous_hash": head,
            }
            head = vals["hash"] = self._link_hash(secret, vals)
            vals_list.append(vals)
        self.env["care.journal.link"].create(vals_list)
        self._write_decided(
            {"link_count": position, "head": head, "seal": self._seal(secret, position, head)}
        )
        self.flush_recordset()

    def _link_hash(self, secret, vals):
        return keyed_hash.digest(
            secret,
            "link",
            self.id,
            vals["position"],
            vals["act"],
            vals["entry_id"],
            vals["objection_id"] or 0,
            fields.Datetime.to_string(vals["made_at"]),
            vals["digest"],
            vals["previous_hash"],
        )

    def _seal(self, secret, length, head):
        return keyed_hash.digest(secret, "head", self.id, length, head)


class CareJournalEntry(models.Model):
    _inherit = "care.journal.entry"

    def _chained_content(self, act):
        """What a link's digest stands for."""
        values = self._signed_values(empty="")
        struck = values.pop("struck")
        return [self.id, *struck] if act == "strike" else {"id": self.id, **values}


class CareJournalObjection(models.Model):
    _inherit = "care.journal.objection"

    def _chained_content(self, act):
        return {"id": self.id, **self._signed_values(empty="")}
