from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...tools import keyed_hash
from ...tools.frozen import thawed
from ..common_journal import JournalCase
from ..common_race import RaceCase

TABLES = ("care_journal_entry", "care_journal_objection", "care_journal_link", "care_journal_chain")


@tagged("post_install", "-at_install")
class TestCareJournalChain(JournalCase, TransactionCase):
    """Each act is a link that holds the hash of the one before; whatever is changed behind it shows."""

    def setUp(self):
        super().setUp()
        self.first = self._signed(body="Ett")
        self.second = self._signed(self.north_colleague, body="Två")
        self.third = self._signed(body="Tre")
        self.objection = self._objection(self.second)
        self._as(self.north_staff, self.third).action_strike("Fel")
        self.links = self.env["care.journal.link"].search([("chain_id", "=", self._chain().id)])
        self.chain = self._chain().sudo().with_context(lang="en_US")

    def _fault(self):
        return self.chain._faults()[self.chain]

    def _tamper(self, query, *params):
        """As somebody who owns the database but has not the key."""
        self.env.flush_all()
        with thawed(self.env.cr, *TABLES):
            self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def test_links_follow_one_another(self):
        self.assertEqual(self.links.mapped("position"), [1, 2, 3, 4, 5])
        self.assertEqual(self.links.mapped("act"), ["sign", "sign", "sign", "objection", "strike"])
        for before, after in zip(self.links, self.links[1:], strict=False):
            self.assertEqual(after.previous_hash, before.hash)
        self.assertEqual((self.chain.link_count, self.chain.head), (5, self.links[-1].hash))
        self.assertEqual(len(set(self.links.mapped("digest"))), 5)
        self.assertFalse(self._fault())

    def test_the_form_of_what_is_hashed_is_fixed(self):
        """Hashes of years ago were made of it; with a name, an order or a fraction changed none would verify."""
        entry, person = self.third, self.third.author_id
        self._tamper(
            "UPDATE care_journal_entry SET event_at = event_at + interval '0.25 s' WHERE id = %s", entry.id
        )
        text = entry._fields["event_at"].to_string
        signed = {
            "id": entry.id, "client": self.astrid.id, "unit": self.north.id, "kind": "note",
            "event_at": text(entry.event_at), "entered_at": text(entry.entered_at), "late": False,
            "author": [person.id, entry.author_name, entry.author_title or ""], "body": "Tre", "present": "",
            "about": "", "replaces": [False, ""], "signed_at": text(entry.signed_at), "by_system": False,
        }  # fmt: skip
        self.assertEqual(entry._chained_content("sign"), signed)
        struck = ["Fel", person.id, entry.struck_by_name, text(entry.struck_at)]
        self.assertEqual(entry._chained_content("strike"), [entry.id, *struck])
        said = self.objection
        objection = {
            "id": said.id, "entry": self.second.id, "said": [said.said_by, str(said.said_on)], "body": said.body,
            "noted": [said.noted_by_id.id, said.noted_by_name, text(said.noted_at)],
        }  # fmt: skip
        self.assertEqual(said._chained_content("objection"), objection)
        self.assertFalse(self._fault())

    def test_links_hold_no_content(self):
        self.assertNotIn("Ett", str(self.links.read()))
        self.assertNotIn(self.north_staff.name, str(self.links.read(["digest", "hash", "previous_hash"])))

    def test_whoever_is_locked_out_sees_no_link_either(self):
        links = self._as(self.privacy_officer, self.links)
        self.assertEqual(links.search([("id", "in", links.ids)]), links)
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.privacy_officer.id, "reason": "Syster"}
        )
        links = self._as(self.privacy_officer, self.links)
        self.assertFalse(links.search([("id", "in", links.ids)]))
        with self.assertRaises(AccessError):
            links.read(["entry_id"])

    def test_each_journal_has_its_own(self):
        other = self._signed(self.south_staff, client=self.bo, unit=self.south)
        chain = self._chain(self.bo, self.south)
        self.assertEqual((chain.link_count, self.chain.link_count), (1, 5))
        self.assertFalse(chain.sudo()._faults()[chain])
        self.assertEqual(other.state, "signed")

    def test_an_amendment_verifies(self):
        self._amended()
        self.assertFalse(self._fault())

    def test_whatever_is_changed_shows(self):
        note = self.second.reference
        for query, params, expected in [
            ("UPDATE care_journal_entry SET body = 'x' WHERE id = %s", [self.second.id], f"{note} of link 2 has been changed"),
            ("UPDATE care_journal_entry SET author_title = 'x' WHERE id = %s", [self.second.id], "of link 2"),
            ("UPDATE care_journal_entry SET event_at = now() WHERE id = %s", [self.second.id], "of link 2"),
            ("UPDATE care_journal_entry SET state = 'amended' WHERE id = %s", [self.second.id], "of link 2"),
            ("UPDATE care_journal_entry SET state = 'struck', strike_reason = 'x' WHERE id = %s", [self.second.id],
             f"{note} is signed or struck without a link"),
            ("UPDATE care_journal_entry SET state = 'signed', strike_reason = NULL WHERE id = %s", [self.third.id],
             "of link 5"),
            ("UPDATE care_journal_entry SET strike_reason = 'x' WHERE id = %s", [self.third.id], "of link 5"),
            ("UPDATE care_journal_objection SET body = 'x' WHERE id = %s", [self.objection.id], "of link 4"),
            ("DELETE FROM care_journal_objection WHERE id = %s", [self.objection.id], "of link 4 is gone"),
            ("UPDATE care_journal_entry SET client_id = %s WHERE id = %s", [self.bo.id, self.first.id],
             "link 1 is in another journal"),
            ("UPDATE care_journal_link SET digest = 'x' WHERE chain_id = %s AND position = 3", [self.chain.id],
             "Link 3 has been changed"),
            ("DELETE FROM care_journal_link WHERE chain_id = %s AND position = 2", [self.chain.id],
             "Link 2 is missing"),
            ("DELETE FROM care_journal_link WHERE chain_id = %s AND position = 5", [self.chain.id],
             "The chain ends at link 4, not at 5"),
            ("UPDATE care_journal_link SET entry_id = %s WHERE chain_id = %s AND position = 1",
             [self.second.id, self.chain.id], "Link 1 has been changed"),
        ]:  # fmt: skip
            with self.subTest(query=query):
                savepoint = self.env.cr.savepoint()
                self._tamper(query, *params)
                self.assertIn(expected, self._fault())
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertFalse(self._fault())

    def test_cutting_off_the_end_shows_even_when_the_head_is_turned_back(self):
        last, before = self.links[-1], self.links[-2]
        self._tamper(
            "DELETE FROM care_journal_link WHERE id = %(id)s; UPDATE care_journal_entry SET state = 'signed',"
            " strike_reason = NULL, struck_at = NULL, struck_by_id = NULL, struck_by_name = NULL WHERE id = %(entry)s;"
            " UPDATE care_journal_chain SET link_count = 4, head = %(head)s WHERE id = %(chain)s".replace("%(id)s", str(last.id))
            .replace("%(entry)s", str(self.third.id)).replace("%(chain)s", str(self.chain.id))
            .replace("%(head)s", f"'{before.hash}'")
        )  # fmt: skip
        self.assertIn("The chain ends", self._fault(), "the seal is of the real end")

    def test_without_the_key_nothing_is_forged(self):
        forged = keyed_hash.digest(b"guess", "sign", self.second._chained_content("sign"))
        self.assertNotEqual(forged, self.links[1].digest)

    def test_a_lawful_deletion_leaves_a_tombstone_that_verifies(self):
        second = self._user("second_officer", "social_care.group_privacy_officer")
        run = self._as(self.privacy_officer, self.env["care.retention.run"]).create(
            {
                "reason": "Fem år har gått",
                "source": "SoL 16 kap.",
                "line_ids": [
                    Command.create({"model": "care.journal.entry", "res_id": entry.id})
                    for entry in (self.second, self.third)
                ],
            }
        )
        self.assertEqual(run.line_ids.mapped("reference"), (self.second | self.third).mapped("reference"))
        run.action_propose()
        self._as(self.privacy_officer, run).action_approve()
        self._as(second, run).action_approve()
        self._as(self.privacy_officer, run).action_execute()
        self.env.invalidate_all()
        self.assertFalse((self.second | self.third).exists())
        self.assertFalse(self.objection.exists())
        self.assertEqual(len(self.links.exists()), 5)
        self.assertFalse(self._fault())
        self._tamper("DELETE FROM care_journal_entry WHERE id = %s", self.first.id)
        self.assertIn("of link 1 is gone, and no retention run lists it", self._fault())

    def test_a_note_is_deleted_with_its_corrections(self):
        """Whichever of them is listed: neither says alone what was said. The tombstones verify."""
        second = self._user("second_officer", "social_care.group_privacy_officer")
        old, new = self._amended()
        newer = self._as(self.north_staff, new)._amend()
        newer.write({"body": "Vi gick till banken.", "amend_reason": "Fel igen"})
        newer.action_sign()
        draft = self._as(self.north_staff, newer)._amend().with_env(self.env)
        family = old | new | newer.with_env(self.env) | draft
        self.assertEqual(old._family(), family)
        run = self._as(self.privacy_officer, self.env["care.retention.run"]).create(
            {
                "reason": "Fem år har gått",
                "source": "SoL 16 kap.",
                "line_ids": [Command.create({"model": "care.journal.entry", "res_id": new.id})],
            }
        )
        run.action_propose()
        self.assertEqual(set(run.line_ids.mapped("res_id")), set(family.ids))
        self._as(self.privacy_officer, run).action_approve()
        self._as(second, run).action_approve()
        self._as(self.privacy_officer, run).action_execute()
        self.env.invalidate_all()
        self.assertFalse(family.exists())
        self.assertFalse(self._fault())
        self.assertTrue(self.first.exists())

    def test_verify_answers_without_content(self):
        for action in (
            self._as(self.north_staff, self.second).action_verify(),
            self._as(self.north_staff, self.astrid).action_verify_journal(),
            self._as(self.privacy_officer, self.chain).action_verify(),
        ):
            self.assertEqual(action["params"]["type"], "success")
        self._tamper("UPDATE care_journal_entry SET body = 'Hemligt' WHERE id = %s", self.second.id)
        with mute_logger("odoo.addons.social_care.models.journal.care_journal_verify"):
            action = self._as(self.north_staff, self.second).action_verify()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn(self.second.reference, action["params"]["message"])
        self.assertNotIn("Hemligt", action["params"]["message"])

    def test_the_nightly_job_tells_the_privacy_officer_once(self):
        chains = self.env["care.journal.chain"]
        chains._cron_verify(lambda *args, **kwargs: 60)
        self.assertFalse(self.chain.fault)
        self.assertTrue(self.chain.verified_at)
        self._tamper("UPDATE care_journal_entry SET body = 'Hemligt' WHERE id = %s", self.second.id)
        self._tamper("UPDATE care_journal_chain SET verified_at = now() - interval '1 day'")
        for _night in range(2):
            with mute_logger("odoo.addons.social_care.models.journal.care_journal_verify"):
                chains._cron_verify(lambda *args, **kwargs: 60)
            self._tamper("UPDATE care_journal_chain SET verified_at = now() - interval '1 day'")
        self.assertIn("link 2", self.chain.fault)
        activity = self.chain.activity_ids.filtered(lambda a: a.user_id == self.privacy_officer)
        self.assertEqual(len(activity), 1)
        self.assertNotIn("Astrid", str(activity.read()))
        self.assertNotIn("Hemligt", str(activity.read()))


@tagged("post_install", "-at_install")
class TestCareJournalAtTheSameTime(RaceCase):
    """Two sign for the same client."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
            unit = env["care.unit"].create({"name": "Samtidigt", "code": "SAMTIDIGT"})
            client = env["care.client"].create({"lastname": "Samtidig"})
            users = [new_test_user(env, f"at_once_{n}", "social_care.group_care_staff") for n in (1, 2)]
            employees = env["hr.employee"].create([{"name": u.name, "user_id": u.id} for u in users])
            env["care.unit.member"].create([{"unit_id": unit.id, "employee_id": e.id} for e in employees])
            stay = env["care.stay"].create({"client_id": client.id, "unit_id": unit.id})
            drafts = [
                env["care.journal.entry"].with_user(user).create(
                    {"client_id": client.id, "unit_id": unit.id, "body": "Text"}
                ).id
                for user in users
            ]  # fmt: skip
            self.unit, self.client, self.stay = unit.id, client.id, stay.id
            self.drafts, self.users, self.employees = drafts, [user.id for user in users], employees.ids
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            with thawed(cr, *TABLES):
                cr.execute("DELETE FROM care_journal_entry WHERE unit_id = %s", [self.unit])
                cr.execute(
                    "DELETE FROM care_journal_link WHERE chain_id IN (SELECT id FROM care_journal_chain WHERE unit_id = %s)",
                    [self.unit],
                )
                cr.execute("DELETE FROM care_journal_chain WHERE unit_id = %s", [self.unit])
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("DELETE FROM care_stay WHERE unit_id = %s", [self.unit])
            cr.execute("DELETE FROM care_unit_member WHERE unit_id = %s", [self.unit])
            env["hr.employee"].browse(self.employees).unlink()
            env["res.users"].browse(self.users).action_archive()  # the access log names them
            cr.execute("DELETE FROM care_client WHERE id = %s", [self.client])
            cr.execute("DELETE FROM care_unit WHERE id = %s", [self.unit])

    def _sign(self, number):
        def sign(env):
            user_env = api.Environment(env.cr, self.users[number], {})
            user_env["care.journal.entry"].browse(self.drafts[number]).action_sign()
            user_env.flush_all()

        return sign

    def test_two_sign_at_once(self):
        error, tries = self._race(self._sign(0), self._sign(1))
        self.assertIsNone(error)
        self.assertGreater(tries, 1, "the first try waits for the head and then starts again")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            chain = env["care.journal.chain"].search([("unit_id", "=", self.unit)])
            links = env["care.journal.link"].search([("chain_id", "=", chain.id)])
            self.assertEqual(links.mapped("position"), [1, 2])
            self.assertEqual(links.mapped("entry_id"), self.drafts)
            self.assertFalse(chain._faults()[chain])
