from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareDisclosure(CareCase, TransactionCase):
    """What is given out or refused has a ground, a harm test and a decider, and is not changed afterwards."""

    def _disclosure(self, user=None, **vals):
        return self._as(user or self.north_manager, self.env["care.disclosure"]).create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "recipient_kind": "relative",
                "recipient": "Lisa Ek, syster",
                "asked_for": "Hur det går för Astrid",
                "legal_basis_id": self.env.ref("social_care.legal_basis_no_harm").id,
                "harm_test": "Astrid har själv berättat det för sin syster",
                "outcome": "given",
                "given": "Att Astrid mår bra",
                **vals,
            }
        )

    def _consent(self, scope="relatives", start=-10, end=None, **vals):
        return self.env["care.consent"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "scope": scope,
                "recipient": "Lisa Ek",
                "purpose": "Berätta hur veckan har varit",
                "date_from": self._day(start),
                "date_to": end is not None and self._day(end),
                **vals,
            }
        )

    def _on_consent(self, consent=None, **vals):
        return self._disclosure(
            legal_basis_id=self.env.ref("social_care.legal_basis_consent").id,
            consent_id=consent and consent.id,
            **vals,
        )

    def test_a_manager_decides(self):
        disclosure = self._disclosure(self.north_staff)
        with self.assertRaises(AccessError):
            self._as(self.north_staff, disclosure).action_decide()
        self._as(self.north_manager, disclosure).action_decide()
        self.assertEqual((disclosure.state, disclosure.decided_by_id), ("decided", self.north_manager))
        self.assertTrue(disclosure.decided_at)
        with self.assertRaisesRegex(UserError, "does not become"):
            self._as(self.north_manager, disclosure).action_decide()
        self._lockout(self.astrid, self.north_manager)
        with self.assertRaises(AccessError):
            self._once_open(self.north_manager, disclosure).action_decide()

    def test_nothing_is_decided_without_ground_harm_test_and_outcome(self):
        for missing in (
            {"legal_basis_id": False},
            {"harm_test": False},
            {"outcome": False},
            {"given": False},
            {"outcome": "refused", "appeal": " "},
        ):
            disclosure = self._disclosure(**missing)
            if missing.get("appeal"):
                disclosure.appeal = False
            with self.assertRaises(UserError):
                disclosure.action_decide()

    def test_a_refusal_tells_how_to_appeal(self):
        disclosure = self._disclosure(
            outcome="refused", given=False, legal_basis_id=self.env.ref("social_care.legal_basis_secret").id
        )
        self.assertIn("IVO", disclosure.appeal)
        self.company.care_appeal_text = "Överklaga hos oss"
        other = self._disclosure(outcome="refused", given=False)
        self.assertEqual(other.appeal, "Överklaga hos oss")
        disclosure.action_decide()
        self.assertEqual(disclosure.state, "decided")

    def test_decided_is_frozen_and_a_correction_points_at_it(self):
        disclosure = self._disclosure()
        with self.assertRaisesRegex(UserError, "not decided yet"):
            disclosure.action_correct()
        disclosure.action_decide()
        self.env.flush_all()
        for act, sentence in (
            (lambda: disclosure.sudo().write({"recipient": "x"}), "Make a correction"),
            (lambda: disclosure.sudo().unlink(), "Only an approved retention run"),
            (lambda: disclosure.write({"state": "draft"}), "by the buttons alone"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                act()
        for query in (
            "UPDATE care_disclosure SET recipient = 'x' WHERE id = %s",
            "UPDATE care_disclosure SET state = 'draft' WHERE id = %s",
            "DELETE FROM care_disclosure WHERE id = %s",
        ):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(query, [disclosure.id])
        correction = disclosure.browse(disclosure.action_correct()["res_id"])
        self.assertEqual((correction.replaces_id, correction.state), (disclosure, "draft"))
        self.assertFalse(correction.decided_by_id)
        self.assertEqual(disclosure.replaced_by_ids, correction)
        other = self._disclosure()
        forged = disclosure.with_context(default_replaced_by_ids=[Command.link(other.id)])
        with self.assertRaisesRegex(UserError, "by the buttons alone"), self.cr.savepoint():
            forged.action_correct()  # what the verb decides of the new row, it decides of no other
        self.assertFalse(other.replaces_id)
        with self.assertRaises(UserError):
            self._as(self.south_manager, self.env["care.disclosure"]).create(
                {
                    "client_id": self.bo.id,
                    "unit_id": self.south.id,
                    "recipient_kind": "other",
                    "recipient": "x",
                    "asked_for": "x",
                    "replaces_id": disclosure.id,
                }
            )

    def test_what_rests_on_a_consent_needs_one_that_holds_now(self):
        with self.assertRaises(UserError):
            self._on_consent().action_decide()
        self._on_consent(self._consent()).action_decide()
        named = self._on_consent()  # any valid one of the kind
        named.action_decide()
        self.assertTrue(named.consent_id, "the decision names what it rests on")
        for wrong, sentence in (
            (self._consent("health"), "This needs the client's consent"),
            (self._consent(start=1), "does not hold today"),
            (self._consent(start=-10, end=-1), "does not hold today"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self._on_consent(wrong).action_decide()
        refused = self._on_consent(recipient_kind="health", outcome="refused", given=False)
        refused.action_decide()
        self.assertEqual(refused.state, "decided", "to refuse needs nobody's yes")

    def test_a_consent_that_was_taken_back_opens_nothing(self):
        consent = self._consent()
        disclosure = self._on_consent(consent)
        self._as(self.north_staff, consent).action_withdraw()
        with self.assertRaises(UserError) as refused:
            self._as(self.north_manager, disclosure).action_decide()
        self.assertIn(str(self.today), str(refused.exception))
        with self.assertRaises(UserError):
            self._on_consent().action_decide()

    def test_each_recipient_has_its_own_kind_of_consent(self):
        self._consent("authority")
        self._on_consent(recipient_kind="authority").action_decide()
        for kind in ("relative", "health", "unit", "police", "other"):
            with self.assertRaises(UserError):
                self._on_consent(recipient_kind=kind).action_decide()

    def test_another_unit_s_consent_is_none(self):
        self._stay(self.astrid, self.south, -5)
        self._consent(unit_id=self.south.id)
        with self.assertRaises(UserError):
            self._on_consent().action_decide()

    def test_nobody_else_sees_or_writes_one(self):
        disclosure = self._disclosure()
        for user in (
            self.south_staff,
            self.south_manager,
            self.oncall_staff,
            self.oncall_lead,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
        ):
            with self.assertRaises(AccessError):
                self._as(user, disclosure).read(["recipient"])
            with self.assertRaises(AccessError):
                self._as(user, disclosure).action_decide()
            with self.assertRaises(AccessError):
                self._disclosure(user)
        self.assertTrue(self._as(self.north_staff, disclosure).read(["recipient"]))
        with self.assertRaisesRegex(UserError, "by the buttons alone"):
            self._disclosure(self.north_staff, state="decided")

    def test_the_network_shows_whether_a_relative_may_be_told(self):
        contact = self.env["care.client.contact"].create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "name": "Lisa"}
        )
        seen = self._as(self.north_staff, contact)
        self.assertEqual(seen.may_speak, "no")
        consent = self._consent()
        seen = self._as(self.north_staff, contact)
        self.assertEqual(seen.may_speak, "yes")
        self._as(self.north_staff, consent).action_withdraw()
        self.assertEqual(self._as(self.north_staff, contact).may_speak, "no")
        contact.write({"kind": "official"})
        self.assertFalse(self._as(self.north_staff, contact).may_speak)

    def test_the_yes_to_a_night_card_is_a_consent_and_ends_with_it(self):
        card = self._as(self.north_staff, self.env["care.night.card"]).create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "what_helps": "Lugn röst"}
        )
        self.assertFalse(card.consent_id, "nobody has said yes")
        card.action_approve()
        self.assertEqual(
            (card.state, card.consent_id.scope, card.consent_id.state), ("valid", "units", "valid")
        )
        self.assertEqual(card.consent_id.date_to, card.valid_to)
        self._as(self.north_staff, card.consent_id).action_withdraw()
        self.env.invalidate_all()
        self.assertEqual((card.state, card.approved_by), ("draft", False), "the on-call team sees it no more")
        card.action_approve()
        self.assertEqual(card.consent_id.state, "valid", "a new yes is a new consent")
        card.write({"what_helps": "Tystnad"})
        self.assertEqual(card.state, "draft")
