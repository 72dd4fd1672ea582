from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ...models.privacy.care_access_change import PROPOSAL
from ..common_emergency import EmergencyCase
from ..common_file import FILE_MODELS, FileCase


@tagged("post_install", "-at_install")
class TestCareClientLockoutProposal(EmergencyCase, FileCase, TransactionCase):
    """What follows from colleagues' entries is proposed to the privacy officers, and shuts nobody out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lockouts = cls.env["care.client.lockout"]
        cls.changes = cls.env["care.access.change"]
        cls.staff = cls._employee(cls.north_staff)
        cls.second_officer = cls._user("second_officer", "social_care.group_privacy_officer")

    def _proposed(self, client=None, user=None):
        return self.changes.search(
            [
                ("kind", "=", PROPOSAL),
                ("name", "=", (client or self.astrid).reference),
                ("subject_user_id", "=", (user or self.north_staff).id),
            ]
        )

    def _proposal(self):
        self.staff.private_phone = self.astrid.phone
        proposal = self._proposed()
        self.assertEqual(len(proposal), 1)
        return proposal

    def _told(self, change):
        return (
            self.env["mail.activity"]
            .search([("res_model", "=", change._name), ("res_id", "=", change.id)])
            .user_id
        )

    # ------------------------------------------------------------------
    # What is proposed
    # ------------------------------------------------------------------

    def test_a_colleague_s_entry_shuts_nobody_out(self):
        """The way it was done: a relative with the manager's address and telephone, of work and of home."""
        manager = self._employee(self.north_manager)
        manager.write(
            {
                "work_email": "chef@jobbet.example",
                "work_phone": "08-123 45 00",
                "mobile_phone": "070-174 06 91",
                "private_email": "chef@hemma.example",
                "private_phone": "070-174 06 92",
            }
        )
        contacts = self._as(self.north_staff, self.env["care.client.contact"])
        values = {"client_id": self.astrid.id, "unit_id": self.north.id, "name": "Lisa"}
        for work in (
            {"email": manager.work_email},
            {"email": self.north_manager.login + "@test.example"},
            {"phone": manager.work_phone},
            {"phone": manager.mobile_phone},
        ):
            contacts.create({**values, **work})
            self._as(self.north_staff, self.astrid).write(work)
            self.assertFalse(self._proposed(user=self.north_manager), work)
        contacts.create({**values, "email": "CHEF@hemma.example ", "phone": "+46 70 174 06 92"})
        self.assertEqual(len(self._proposed(user=self.north_manager)), 1)
        self.assertFalse(self.lockouts.search([("user_id", "=", self.north_manager.id)]))
        for model in FILE_MODELS:
            self.assertTrue(self._sees(self.north_manager, self.files[self.astrid][model]), model)

    def test_relatives_and_the_clients_themselves(self):
        contact = self.files[self.astrid]["care.client.contact"]
        bo = self.files[self.bo]["care.client.contact"]
        self.staff.write({"private_phone": "+46 70 174 07 01", "private_email": "Anna@Hemma.example"})
        self.assertFalse(self._proposed())
        contact.phone = "070-174 07 01"
        self.assertEqual(len(self._proposed()), 1)
        bo.email = "anna@hemma.EXAMPLE "
        self.assertEqual(len(self._proposed(self.bo)), 1)
        self.dan.email = "anna@hemma.example"
        self.assertEqual(len(self._proposed(self.dan)), 1)
        self.cilla.phone = "070-174 07 09"
        self.staff.emergency_phone = "+46 70 174 07 09"
        self.assertEqual(len(self._proposed(self.cilla)), 1, "whom they want called")
        self.assertTrue(self._sees(self.north_staff, self.astrid))

    def test_officials_former_contacts_and_outsiders_are_not(self):
        values = {
            "client_id": self.astrid.id,
            "unit_id": self.north.id,
            "name": "X",
            "email": "x@hemma.example",
        }
        contacts = self.env["care.client.contact"]
        self.staff.private_email = "x@hemma.example"
        contacts.create({**values, "kind": "official"})
        contacts.create({**values, "date_from": self._day(-20), "date_to": self._day(-10)})
        self.env["hr.employee"].create(
            {"name": "Y", "company_id": self.company.id, "private_email": "x@hemma.example"}
        )
        self.assertFalse(self.changes.search([("kind", "=", PROPOSAL)]))
        contacts.create(values)
        self.assertTrue(self._proposed())

    def test_it_is_proposed_once(self):
        proposal = self._proposal()
        self.files[self.astrid]["care.client.contact"].phone = self.staff.private_phone
        self.lockouts._cron_match()
        self.assertEqual(self._proposed(), proposal)
        self._as(self.privacy_officer, proposal).action_leave_open()
        self.lockouts._cron_match()
        self.assertEqual(self._proposed(), proposal, "what an officer has said no to")
        self.staff.ssnid = self.astrid.personal_number
        self.assertEqual(self.lockouts.search([("user_id", "=", self.north_staff.id)]).origin, "self")

    def test_one_query_when_nothing_is_new(self):
        self._proposal()
        self.env.flush_all()
        with self.assertQueryCount(__system__=1):
            self.lockouts._match()

    # ------------------------------------------------------------------
    # Who decides
    # ------------------------------------------------------------------

    def test_an_officer_locks_out(self):
        proposal = self._proposal()
        self._as(self.privacy_officer, proposal).action_see()
        self.assertFalse(proposal.seen_at, "a proposal is answered, not seen")
        self._as(self.privacy_officer, proposal).action_lock_out()
        lockout = self.lockouts.search(
            [("client_id", "=", self.astrid.id), ("user_id", "=", self.north_staff.id)]
        )
        self.assertEqual((lockout.origin, lockout.create_uid), ("related", self.privacy_officer))
        for model in FILE_MODELS:
            self.assertFalse(self._sees(self.north_staff, self.files[self.astrid][model]), model)
        self.assertEqual(
            (proposal.seen_by_id, self._told(proposal)), (self.privacy_officer, self.env["res.users"])
        )
        self._as(self.second_officer, proposal).action_leave_open()
        self.assertEqual(proposal.seen_by_id, self.privacy_officer, "decided once")
        self.assertFalse(self._sees(self.north_staff, self.astrid))
        self.assertFalse(self._sees(self.north_manager, lockout), "whose relative a colleague is")

    def test_a_confirmed_lockout_follows_the_employee_s_next_login(self):
        self._as(self.privacy_officer, self._proposal()).action_lock_out()
        login = self._user("next_login", "social_care.group_care_staff")
        self.staff.user_id = login
        lockout = self.lockouts.search([("user_id", "=", login.id)])
        self.assertEqual((lockout.client_id, lockout.origin), (self.astrid, "related"))
        self.assertFalse(self._proposed(user=login))

    def test_one_reminder_for_each_proposal(self):
        proposal = self._proposal()
        self.files[self.bo]["care.client.contact"].phone = self.staff.private_phone
        other = self._proposed(self.bo)
        for change in proposal | other:
            self.assertEqual(self._told(change), self.privacy_officer | self.second_officer)
        self._as(self.privacy_officer, proposal).action_leave_open()
        self.assertFalse(self._told(proposal))
        self.assertEqual(self._told(other), self.privacy_officer | self.second_officer)

    def test_nobody_else_reads_or_answers_it(self):
        proposal = self._proposal()
        sysadmin = self._user("sysadmin", "base.group_system")
        for user in (self.north_staff, self.north_manager, self.south_manager, self.care_admin, sysadmin):
            for deed in ("read", "action_lock_out", "action_leave_open", "action_see"):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    getattr(self._as(user, proposal), deed)()
        self.assertFalse(self.lockouts.search([("user_id", "=", self.north_staff.id)]))

    def test_who_is_proposed_does_not_learn_of_it(self):
        """An officer neither, nor by another login of theirs."""
        both = self._user("both", "social_care.group_privacy_officer,social_care.group_care_staff")
        self._member(self.north, both)
        self._employee(self.second_officer).ssnid = "198001019986"
        self._employee(both).write({"ssnid": "198001019986", "private_phone": self.astrid.phone})
        proposal = self._proposed(user=both)
        self.assertEqual(self._told(proposal), self.privacy_officer)
        self.assertFalse(self._sees(both, proposal))
        self.assertTrue(self._sees(both, self.astrid))
        with self.assertRaises(AccessError):
            self._as(both, proposal).action_leave_open()
        with self.assertRaises(UserError):
            self._as(self.second_officer, proposal).action_leave_open()
        activities = self.env["mail.activity"].with_user(both).search([("res_model", "=", proposal._name)])
        self.assertNotIn(proposal.id, activities.mapped("res_id"))
