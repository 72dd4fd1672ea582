from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common_relative import RelativeCase

SECRETS = ("Gun", "174 06", "Orolig", "K-1", "Åke")


@tagged("post_install", "-at_install")
class TestUnitModeChange(RelativeCase, TransactionCase):
    """A stricter mode erases what it forbids, after a dry run and a confirmation; not otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env, unit = cls.env, cls.relatives
        case = env["care.relative.case"].create(
            {"unit_id": unit.id, "name": "Gun Ek", "phone": "070-174 06 60"}
        )
        env["care.relative.note"]._create_decided(
            [{"case_id": case.id, "body": "Orolig", "signed_at": "2026-01-01 10:00:00"}]
        )
        env["care.relative.followup"].create({"case_id": case.id, "remark": "Orolig"})
        cls.contact = env["care.relative.contact"].create(
            {"case_id": case.id, "note": "Gun ringde", "minutes": 20}
        )
        cls.group = env["care.support.group"].create({"unit_id": unit.id, "name": "Onsdagar"})
        person = env["care.support.participant"].create({"group_id": cls.group.id, "name": "Gun Ek"})
        person.action_give_place()
        cls.session = env["care.support.session"].create(
            {"group_id": cls.group.id, "present_ids": person.ids}
        )
        outreach = env["care.outreach"].create(
            {
                "unit_id": unit.id,
                "name": "Brev",
                "purpose": "x",
                "source": "x",
                "offered": "x",
                "erase_on": cls._day(10),
            }
        )
        cls.line_row = env["care.outreach.line"].create({"outreach_id": outreach.id, "name": "Åke Sund"})

    def _decide(self, mode):
        return self.env["care.mode.decision"].create(
            {
                "unit_id": self.relatives.id,
                "number": "SN 1",
                "date": self.today,
                "mode": mode,
                "date_from": self.today,
            }
        )

    def _wizard(self, mode, user=None, **values):
        wizards = self._as(user or self.supporter, self.env["care.unit.mode.change"])
        return wizards.create({"unit_id": self.relatives.id, "mode": mode, **values})

    def _everything(self):
        """Each row of every table behind the wall, and of what Odoo hangs beside it."""
        self.env.flush_all()
        tables = [model._table for model in self.env["care.neutral"]._neutral_models()]
        found = []
        for table in tables:
            self.env.cr.execute(
                SQL(
                    "SELECT to_jsonb(t) FROM %s t WHERE unit_id = %s",
                    SQL.identifier(table),
                    self.relatives.id,
                )
            )
            found += [str(row) for row in self.env.cr.fetchall()]
        self.env.cr.execute("SELECT body, subject FROM mail_message WHERE model LIKE 'care.re%'")
        return " ".join(found) + str(self.env.cr.fetchall())

    def test_without_a_decision_or_a_yes_nothing_changes(self):
        with self.assertRaises(UserError):
            self._wizard("none", confirmed=True).action_change()
        self._decide("none")
        with self.assertRaises(UserError):
            self._wizard("none").action_change()
        self.assertEqual(self.relatives.documentation_mode, "named")
        self.assertIn("Gun", self._everything())

    def test_the_dry_run_counts_what_goes(self):
        self._send()
        text = self._wizard("none").dry_run
        self.assertEqual(len(text.splitlines()), 8, text)
        self.assertFalse(self._wizard("none", self.other_supporter).dry_run, "and counts for members only")

    def test_from_names_to_none(self):
        referral = self._referral(self._send())
        self._decide("none")
        wizard = self._wizard("none", confirmed=True)
        wizard.action_change()
        self.env.invalidate_all()
        everything = self._everything()
        for secret in SECRETS:
            self.assertNotIn(secret, everything)
        self.assertFalse(referral.activity_ids)
        self.assertEqual(
            (self.contact.mode, self.contact.minutes, self.contact.case_id.id), ("none", 20, False)
        )
        self.assertEqual((self.session.head_count, self.group.booked_heads), (1, 1), "numbers stay")
        self.assertFalse(self.env["care.relative.case"].search([("unit_id", "=", self.relatives.id)]))
        self.assertEqual(self.line_row.mode, "none")
        self.assertFalse(self.relatives._neutral_lines("none"))

    def test_from_names_to_pseudonyms(self):
        self._decide("pseudonym")
        self._wizard("pseudonym", confirmed=True).action_change()
        self.env.invalidate_all()
        everything = self._everything()
        for secret in ("Gun", "174 06", "Orolig", "Åke"):
            self.assertNotIn(secret, everything)
        case = self.env["care.relative.case"].search([("unit_id", "=", self.relatives.id)])
        self.assertTrue(case.alias.startswith("K-"))
        self.assertEqual(self.contact.case_id, case)

    def test_looser_needs_no_confirmation_and_brings_nothing_back(self):
        self.line.member_ids  # noqa: B018
        contact = self.env["care.relative.contact"].create({"unit_id": self.line.id})
        wizard = self._as(self.supporter, self.env["care.unit.mode.change"]).create(
            {"unit_id": self.line.id, "mode": "named"}
        )
        wizard.action_change()
        self.env.invalidate_all()
        self.assertEqual((self.line.documentation_mode, contact.mode), ("named", "named"))

    def test_who_may(self):
        self._decide("none")
        for user in (self.other_supporter, self.care_admin, self.north_manager, self.privacy_officer):
            with self.assertRaises(AccessError):
                self._wizard("none", user, confirmed=True).action_change()
        self.assertIn("Gun", self._everything())

    def test_the_administrator_cannot_write_the_mode_past_the_wizard(self):
        with self.assertRaises(UserError):
            self._as(self.care_admin, self.relatives).write({"documentation_mode": "none"})
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.cr.execute(
                "UPDATE care_unit SET documentation_mode = 'none' WHERE id = %s", [self.relatives.id]
            )
