import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import keyed_hash
from .care_journal_chain import START

_logger = logging.getLogger(__name__)
BATCH = 200


class CareJournalChain(models.Model):
    """Does every link still fit what the journal holds?"""

    _inherit = "care.journal.chain"

    def action_verify(self):
        """Verify now. Whoever reads the journal may ask; the answer holds numbers, no content."""
        self.check_access("read")
        # sudo: nobody writes what was found, and verifying reads links and notes that are closed to who asks
        faults = self.sudo()._verify_and_note()
        return self._answer(faults)

    def _answer(self, faults):
        if faults:
            message = "\n".join(f"{chain.display_name}: {text}" for chain, text in faults.items())
        else:
            # sudo: how many links there are, also for whoever reads the notes and no chain
            message = self.env._(
                "%s links verified: nothing has been changed.", sum(self.sudo().mapped("link_count"))
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "danger" if faults else "success", "message": message, "sticky": bool(faults)},
        }

    @api.model
    def _cron_verify(self, after_batch=None):
        """Verify every journal once a night, those that waited longest first, and tell of what broke."""
        # A run that is cut short goes on where it stopped, and not from the beginning.
        # no rule: a night's run
        tonight = fields.Datetime.now() - timedelta(hours=20)
        chains = self.search(
            Domain("verified_at", "=", False) | Domain("verified_at", "<", tonight), order="id"
        )
        self.env["ir.cron"]._care_batches(
            chains, lambda batch: batch._verify_and_note(), BATCH, progress=after_batch
        )
        self.search([("fault", "!=", False)])._keep_officers_told(once=True)

    def _verify_and_note(self):
        """Verify, remember the result, and tell the privacy officers of what is newly broken.

        :return: ``{chain: what does not verify}``
        """
        now = fields.Datetime.now()
        faults = {chain: text for chain, text in self._faults().items() if text}
        fine = self.filtered(lambda chain: chain not in faults)
        fine._write_decided({"verified_at": now, "fault": False, "fault_found_at": False})
        told = self.filtered(lambda chain: faults.get(chain, False) == chain.fault)
        for chain, text in faults.items():
            _logger.error("The journal's chain %s does not verify: %s", chain.id, text)
            chain._write_decided(
                {"verified_at": now, "fault": text, "fault_found_at": chain.fault_found_at or now}
            )
        told._keep_officers_told(once=True)
        (self - told)._keep_officers_told(once=False)
        return faults

    def _keep_officers_told(self, once):
        """References alone."""
        officers = {company: company._care_privacy_officers() for company in self.company_id}
        self._sync_activities(
            "social_care.activity_journal_fault",
            {chain: officers[chain.company_id] if chain.fault else [] for chain in self},
            once=once,
        )

    # ------------------------------------------------------------------
    # What does not verify
    # ------------------------------------------------------------------

    def _faults(self):
        """What is wrong with each chain, or an empty text. Five queries for any number of chains.

        :return: ``{chain: lines of text with the numbers of links and notes}``
        """
        self.env.flush_all()
        self.env.invalidate_all()
        secret = keyed_hash.key(self.env.cr)
        links = self.env["care.journal.link"].search([("chain_id", "in", self.ids)])
        by_chain = links.grouped("chain_id")
        held = self._held(links)
        lawful = self._lawfully_deleted(links, held)
        loose = self._loose_entries(links)
        return {
            chain: "\n".join(
                [
                    *chain._chain_faults(secret, by_chain.get(chain, links.browse())),
                    *chain._content_faults(secret, by_chain.get(chain, links.browse()), held, lawful),
                    *(
                        self.env._("Note %s is signed or struck without a link", ref)
                        for ref in loose.get(chain, [])
                    ),
                ]
            )
            for chain in self
        }

    def _held(self, links):
        """The rows that the links stand for, as the database holds them."""
        entries = self.env["care.journal.entry"].browse(set(links.mapped("entry_id"))).exists()
        objection_ids = {link.objection_id for link in links if link.objection_id}
        objections = self.env["care.journal.objection"].browse(objection_ids).exists()
        return {(record._name, record.id): record for group in (entries, objections) for record in group}

    def _lawfully_deleted(self, links, held):
        """Numbers of deleted entries that a retention run of two persons had listed."""
        gone = {link.entry_id for link in links if ("care.journal.entry", link.entry_id) not in held}
        lines = self.env["care.retention.line"].search_fetch(
            [
                ("model", "=", "care.journal.entry"),
                ("res_id", "in", list(gone)),
                ("run_id.state", "in", ["approved", "done"]),
            ],
            ["res_id"],
        )
        return set(lines.mapped("res_id"))

    def _loose_entries(self, links):
        """Signed and struck notes of these journals that no link stands for."""
        acts = {(link.act, link.entry_id) for link in links}
        entries = self.env["care.journal.entry"].search_fetch(
            Domain("client_id", "in", self.client_id.ids) & Domain("state", "!=", "draft"),
            ["client_id", "unit_id", "state"],
        )
        chain_of = {(chain.client_id, chain.unit_id): chain for chain in self}
        loose = {}
        for entry in entries:
            wanted = {"sign", "strike"} if entry.state == "struck" else {"sign"}
            chain = chain_of.get((entry.client_id, entry.unit_id))
            if chain and any((act, entry.id) not in acts for act in wanted):
                loose.setdefault(chain, []).append(entry.reference)
        return loose

    def _chain_faults(self, secret, links):
        previous, position = START, 0
        for link in links:
            position += 1
            vals = {name: link[name] for name in link._fields if name != "chain_id"}
            if link.position != position:
                yield self.env._("Link %s is missing", position)
                position = link.position
            elif link.previous_hash != previous:
                yield self.env._("Link %s does not follow the one before it", position)
            if link.hash != self._link_hash(secret, vals):
                yield self.env._("Link %s has been changed", position)
            previous = link.hash
        if (self.link_count, self.head) != (position, previous) or (
            self.link_count and self.seal != self._seal(secret, self.link_count, self.head)
        ):
            yield self.env._("The chain ends at link %(found)s, not at %(wanted)s",
                             found=position, wanted=self.link_count)  # fmt: skip

    def _content_faults(self, secret, links, held, lawful):
        for link in links:
            is_entry = link.act != "objection"
            entry = held.get(("care.journal.entry", link.entry_id))
            record = entry if is_entry else held.get(("care.journal.objection", link.objection_id))
            note = f"J{link.entry_id:07}"
            if not record:
                if link.entry_id not in lawful:
                    yield self.env._("Note %(note)s of link %(link)s is gone, and no retention run lists it",
                                     note=note, link=link.position)  # fmt: skip
            elif (record.client_id, record.unit_id) != (self.client_id, self.unit_id):
                yield self.env._("Note %(note)s of link %(link)s is in another journal",
                                 note=note, link=link.position)  # fmt: skip
            elif not self._fits(secret, link, record):
                yield self.env._("Note %(note)s of link %(link)s has been changed since",
                                 note=note, link=link.position)  # fmt: skip

    def _fits(self, secret, link, record):
        """The content is what was hashed, and the state is one that its acts explain."""
        if link.act == "strike" and record.state != "struck":
            return False
        if link.act == "sign" and record.state not in record._states_explained():
            return False
        return keyed_hash.digest(secret, link.act, record._chained_content(link.act)) == link.digest


class CareJournalEntry(models.Model):
    _inherit = "care.journal.entry"

    def _states_explained(self):
        """A note that a signed one replaces is amended, and only such a note is."""
        self.ensure_one()
        replaced = any(entry.state != "draft" for entry in self.replacement_ids)
        return {"amended"} if replaced else {"signed", "struck"}

    def action_verify(self):
        """Verify the journals that these notes stand in."""
        self.check_access("read")
        # sudo: on-call staff read notes in an emergency, but no chain; the answer holds numbers alone
        chains_sudo = (
            self.env["care.journal.chain"]
            .sudo()
            .search([("client_id", "in", self.client_id.ids), ("unit_id", "in", self.unit_id.ids)])
        )
        faults = chains_sudo._verify_and_note()
        return chains_sudo._answer(faults)
