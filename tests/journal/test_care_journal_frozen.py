from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools.frozen import thawed
from ..common_journal import JournalCase


@tagged("post_install", "-at_install")
class TestCareJournalFrozen(JournalCase, TransactionCase):
    """What is signed is frozen: by the ORM under sudo and in batch, and by the database."""

    def _refused_by_database(self, query, *params):
        with (
            self.assertRaises(IntegrityError, msg=query),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, params)

    def test_the_orm_refuses_every_change(self):
        draft = self._draft()
        old, new = self._amended()
        for entry in (self._signed(), old, new, self._struck()):
            objection = self._objection(entry)
            for record, vals in (
                (entry, {"body": "x"}),
                (entry, {"event_at": "2026-01-01 00:00:00"}),
                (entry, {"kind": "event"}),
                (entry, {"present": "x"}),
                (entry, {"goal_id": False}),
                (entry, {"objection_ids": [Command.clear()]}),
                (entry | draft, {"body": "x"}),
                (objection, {"body": "x"}),
                (objection, {"said_on": "2026-01-01"}),
            ):
                for env_record in (record, record.sudo()):
                    with self.subTest(state=entry.state, vals=vals), self.assertRaises(UserError):
                        env_record.write(vals)
            for record in (entry, entry | draft, objection):
                with self.assertRaises(UserError):
                    record.sudo().unlink()
        self.assertEqual(draft.body, "Vi gick till affären.")
        links = self.env["care.journal.link"].sudo().search([("chain_id", "=", self._chain().id)])
        for attempt in (
            lambda: links.write({"digest": "x"}),
            lambda: links.unlink(),
            lambda: self._chain().sudo().unlink(),
            lambda: self._as(self.north_manager, self._chain()).write({"link_count": 0}),
        ):
            with self.assertRaises(UserError):
                attempt()
        chain = self._as(self.privacy_officer, self._chain()).with_context(lang="en_US")
        with self.assertRaisesRegex(UserError, "written by signing alone"):
            chain.write({"link_count": 0})
        for model, sentence in (
            ("care.journal.chain", "made and written by signing alone"),
            ("care.journal.link", "A link of a journal"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self._as(self.north_manager, self.env[model]).create({})

    def test_the_database_refuses_every_change(self):
        old, new = self._amended()
        struck = self._struck()
        objection = self._objection(new)
        chain = self._chain()
        self.env.flush_all()
        entry = "UPDATE care_journal_entry SET {} WHERE id = %s"
        for record in (old, new, struck):
            for change in (
                "body = 'x'", "event_at = now()", "entered_at = now()", "is_late = NOT is_late",
                "author_id = 1", "author_name = 'x'", "author_title = 'x'", "kind = 'event'", "present = 'x'",
                "about = 'x'", "signed_at = now()", "is_auto_signed = TRUE", "state = 'draft'",
                f"client_id = {self.bo.id}", f"unit_id = {self.south.id}", "struck_at = now()", "strike_reason = 'x'",
            ):  # fmt: skip
                self._refused_by_database(entry.format(change), record.id)
            self._refused_by_database("DELETE FROM care_journal_entry WHERE id = %s", record.id)
        for query, *params in (
            (entry.format("state = 'signed'"), old.id),
            (entry.format("state = 'signed', strike_reason = NULL"), struck.id),
            (entry.format("state = 'struck'"), new.id),
            (entry.format("replaces_id = NULL"), new.id),
            ("UPDATE care_journal_objection SET body = 'x' WHERE id = %s", objection.id),
            ("UPDATE care_journal_objection SET noted_by_name = 'x' WHERE id = %s", objection.id),
            ("UPDATE care_journal_objection SET entry_id = %s WHERE id = %s", old.id, objection.id),
            ("DELETE FROM care_journal_objection WHERE id = %s", objection.id),
            ("UPDATE care_journal_link SET digest = 'x' WHERE chain_id = %s", chain.id),
            ("DELETE FROM care_journal_link WHERE chain_id = %s", chain.id),
            ("UPDATE care_journal_chain SET link_count = link_count - 1, head = 'x' WHERE id = %s", chain.id),
            ("UPDATE care_journal_chain SET seal = 'x' WHERE id = %s", chain.id),
            ("DELETE FROM care_journal_chain WHERE id = %s", chain.id),
            ("INSERT INTO care_journal_entry (client_id, unit_id, event_at, entered_at, author_id, author_name, kind,"
             " body, state, signed_at) VALUES (%s, %s, now(), now(), 1, 'x', 'note', 'x', 'signed', now())",
             self.astrid.id, self.north.id),
        ):  # fmt: skip
            self._refused_by_database(query, *params)
        draft = self._draft()
        self.env.flush_all()
        self._refused_by_database(
            "INSERT INTO care_journal_objection (entry_id, client_id, unit_id, said_by, said_on, body)"
            " VALUES (%s, %s, %s, 'client', now(), 'x')",
            draft.id, self.astrid.id, self.north.id,
        )  # fmt: skip

    def test_lawful_moves_pass(self):
        entry = self._signed()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_journal_entry SET write_date = now(), company_id = company_id WHERE id = %s",
            [entry.id],
        )
        draft = self._draft()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM care_journal_entry WHERE id = %s", [draft.id])

    def test_a_migration_may_thaw(self):
        entry = self._signed()
        self.env.flush_all()
        with thawed(self.env.cr, "care_journal_entry"):
            self.env.cr.execute("UPDATE care_journal_entry SET author_title = 'x' WHERE id = %s", [entry.id])
        self._refused_by_database("UPDATE care_journal_entry SET author_title = 'y' WHERE id = %s", entry.id)
