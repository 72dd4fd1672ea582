from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_emergency import EmergencyCase
from ..common_journal import JournalCase

STATES = ("draft", "signed", "amended", "struck")
# The public verbs, what they need besides a state, the states that they may be used in, and what is said in others.
VERBS = {
    "action_sign": ({}, {"draft"}, "does not become “Signed”"),
    "action_discard": ({}, {"draft"}, "Only a draft of your own"),
    "action_amend": ({}, {"signed"}, "Only a signed note that still holds"),
    "action_strike": ({"reason": "Fel klient"}, {"signed"}, "does not become “Struck”"),
}


@tagged("post_install", "-at_install")
class TestCareJournalEntryStates(JournalCase, TransactionCase):
    """Every verb in every state, by its author and by everybody else, as superuser too."""

    def _in_state(self, state):
        return {
            "draft": self._draft,
            "signed": self._signed,
            "amended": lambda: self._amended()[0],
            "struck": self._struck,
        }[state]()

    def test_every_verb_in_every_state(self):
        for state in STATES:
            for verb, (arguments, states, sentence) in VERBS.items():
                entry = self._in_state(state)
                with self.subTest(state=state, verb=verb):
                    if state in states:
                        getattr(self._as(self.north_staff, entry), verb)(**arguments)
                        continue
                    mine = self._as(self.north_staff, entry)
                    with self.assertRaises(UserError), self.cr.savepoint():
                        getattr(mine, verb)(**arguments)
                    with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
                        getattr(mine.sudo(), verb)(**arguments)
                    self.env.invalidate_all()
                    self.assertEqual(entry.state, state)

    def test_every_verb_by_everybody_else(self):
        others = (
            self.south_staff, self.south_manager, self.oncall_staff, self.supporter, self.privacy_officer,
            self.care_admin,
        )  # fmt: skip
        for verb, (arguments, states, _sentence) in VERBS.items():
            entry = self._in_state(min(states))
            for user in others:
                with self.subTest(verb=verb, user=user.login), self.assertRaises(AccessError):
                    getattr(self._as(user, entry), verb)(**arguments)
            for user in (self.north_colleague, self.north_manager) if states == {"draft"} else ():
                with self.subTest(verb=verb, user=user.login), self.assertRaises(AccessError):
                    getattr(self._as(user, entry), verb)(**arguments)

    def test_the_state_is_written_by_no_one(self):
        for state in STATES:
            entry = self._in_state(state)
            for target in STATES:
                for user in (self.north_staff, self.north_manager):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        self._as(user, entry).write({"state": target})

    def test_many_at_once_or_none(self):
        """One that cannot be signed leaves the others as they were."""
        drafts = self._draft() | self._draft(body=" ")
        with self.assertRaises(UserError), self.cr.savepoint():
            self._as(self.north_staff, drafts).action_sign()
        self.env.invalidate_all()
        self.assertEqual(set(drafts.mapped("state")), {"draft"})
        drafts[1].with_user(self.north_staff).write({"body": "Nu finns det text"})
        self._as(self.north_staff, drafts).action_sign()
        self.assertEqual(set(drafts.mapped("state")), {"signed"})

    def test_an_amendment_of_what_has_been_struck_meanwhile_is_not_signed(self):
        old = self._signed()
        new = self._as(self.north_staff, old)._amend()
        new.write({"body": "Rättat", "amend_reason": "Fel"})
        self._as(self.north_manager, old).action_strike("Fel klient")
        with self.assertRaisesRegex(UserError, "struck or amended in the meantime"):
            self._as(self.north_staff, new).action_sign()
        self.assertEqual(old.state, "struck")

    def test_an_author_who_is_locked_out_changes_nothing_more(self):
        draft, signed = self._draft(), self._signed()
        self._lockout(self.astrid, self.north_staff)
        for entry, verbs in (
            (draft, ("action_sign", "action_discard")),
            (signed, ("action_amend", "action_strike")),
        ):
            for verb in verbs:
                arguments = VERBS[verb][0]
                with self.subTest(verb=verb), self.assertRaises(AccessError), self.cr.savepoint():
                    getattr(self._once_open(self.north_staff, entry), verb)(**arguments)
        self.env.invalidate_all()
        self.assertEqual((draft.state, signed.state), ("draft", "signed"))

    def test_the_screens_of_a_correction(self):
        old, new = self._amended()
        reader = self._as(self.north_colleague, old)
        self.assertEqual(reader.action_open_replacement()["res_id"], new.id)
        self.assertEqual(self._as(self.north_colleague, new).action_open_replaced()["res_id"], old.id)
        for entry, verb in ((old, "action_open_replacement"), (new, "action_open_replaced")):
            with self.assertRaises(AccessError):
                getattr(self._once_open(self.south_staff, entry), verb)()
        action = self._as(self.north_colleague, new).action_open_objection()
        self.assertEqual(action["context"], {"default_entry_id": new.id})


@tagged("post_install", "-at_install")
class TestCareJournalEntryStatesInEmergency(EmergencyCase, JournalCase, TransactionCase):
    def test_an_author_who_has_left_reads_in_an_emergency_and_strikes_nothing(self):
        author = self._user("author", "social_care.group_care_staff")
        membership = self._member(self.north, author)
        self._member(self.south, author)
        entry = self._signed(author)
        membership.date_to = self._day(-1)
        self._open_file(author, self.astrid.reference)
        mine = self._as(author, entry)
        self.assertTrue(mine.body)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.action_strike("Ville inte")
        self.assertEqual(entry.state, "signed")
