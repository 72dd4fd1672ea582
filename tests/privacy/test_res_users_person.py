from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_emergency import EmergencyCase
from ..common_file import FileCase


@tagged("post_install", "-at_install")
class TestResUsersPerson(EmergencyCase, FileCase, TransactionCase):
    """Nobody judges what they have done themselves: not with a role given later, not by another login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alias = cls._user("alias", "social_care.group_privacy_officer")

    def _is_one(self):
        return self.alias._care_is_person(self.south_staff)

    def test_the_signs_of_one_person(self):
        mine, theirs = self._employee(self.south_staff), self._employee(self.alias)
        self.assertFalse(self._is_one())
        for values, others in (
            ({"ssnid": "19800101-9986"}, {"identification_id": "8001019986"}),
            ({"name": "Anna Lind"}, {"name": "anna lind "}),
        ):
            mine.write(values)
            theirs.write(others)
            self.assertTrue(self._is_one(), values)
            theirs.write({"name": "Eva Berg", "identification_id": False})
            self.assertFalse(self._is_one())

    def test_what_users_write_about_themselves_is_no_sign(self):
        """Their login's name, private address and telephone: one could take a colleague's, or drop one's own."""
        for user in (self.alias, self.south_staff):
            self._employee(user)
            texts = dict.fromkeys(("private_email", "private_phone", "work_email", "email"), "a@b.example")
            self._as(user, user).write({"name": "Anna Lind", **texts})
        self.assertFalse(self._is_one())

    def test_colleagues_share_a_telephone_and_a_mailbox_at_work(self):
        for user in (self.alias, self.south_staff):
            self._employee(user).write({"work_email": "natt@test.example", "work_phone": "08-123 45 67"})
        self.assertFalse(self._is_one())

    def test_an_employee_who_is_given_another_login(self):
        self._employee(self.south_staff).user_id = self.alias
        self.assertTrue(self._is_one())
        changes = self.env["care.access.change"]
        change = changes.search([("former_user_id", "=", self.south_staff.id)])
        self.assertEqual((change.kind, change.subject_user_id), ("employee_user", self.alias))
        with self.assertRaises(UserError):
            self._as(self.alias, change).action_see()

    def test_one_query_for_many(self):
        users = self.north_staff | self.south_staff | self.alias | self.north_manager
        self.env.flush_all()
        with self.assertQueryCount(__system__=1):
            same = users._care_same_person()
        self.assertEqual(same, {user: user for user in users})

    # ------------------------------------------------------------------
    # Where it counts
    # ------------------------------------------------------------------

    def test_an_emergency_access(self):
        access = self._open_file(self.south_staff, self.astrid.reference)
        self.assertTrue(self._as(self.alias, access).can_review)
        self._employee(self.south_staff).user_id = self.alias
        self.assertFalse(self._as(self.alias, access).can_review)
        with self.assertRaises(AccessError):
            self._as(self.alias, access).action_review("motivated", "Ja")
        access._keep_reviewers_told()
        told = self.env["mail.activity"].search(
            [("res_model", "=", access._name), ("res_id", "=", access.id)]
        )
        self.assertEqual(told.user_id, self.north_manager | self.privacy_officer)

    def test_a_role_that_is_given_later(self):
        access = self._open_file(self.south_staff, self.astrid.reference)
        for group in ("group_care_manager", "group_privacy_officer"):
            self.south_staff.group_ids |= self.env.ref(f"social_care.{group}")
        self._member(self.north, self.south_staff, "manager")
        self.assertFalse(self._as(self.south_staff, access).can_review)
        with self.assertRaises(AccessError):
            self._as(self.south_staff, access).action_review("motivated", "Ja")

    def _reviewed(self, *users):
        review = self.env["care.access.review"].create(
            {"unit_id": self.north.id, "month": self.today.replace(day=1), "due_date": self.today}
        )
        lines = self.env["care.access.review.line"].create(
            [
                {
                    "review_id": review.id,
                    "client_id": self.astrid.id,
                    "user_id": user.id,
                    "first_at": f"{self.today} 09:00:00",
                    "last_at": f"{self.today} 10:00:00",
                }
                for user in users
            ]
        )
        review._keep_reviewers_told()
        return review, lines

    def _told(self, review):
        return (
            self.env["mail.activity"]
            .search([("res_model", "=", review._name), ("res_id", "=", review.id)])
            .user_id
        )

    def test_a_line_of_a_review(self):
        _review, line = self._reviewed(self.south_staff)
        self._employee(self.south_staff).user_id = self.alias
        self.assertTrue(self._as(self.alias, line).is_mine)
        for user in (self.alias, self.south_staff):
            with self.assertRaises(AccessError):
                self._as(user, line).action_ok()
        self._as(self.privacy_officer, line).action_ok()

    def test_the_officers_are_told_of_what_no_manager_can_judge(self):
        officers = self.privacy_officer | self.alias
        review, _lines = self._reviewed(self.south_staff)
        self.assertEqual(self._told(review), self.north_manager)
        self.cr.execute("DELETE FROM care_access_review")
        self.env.invalidate_all()
        review, lines = self._reviewed(self.south_staff, self.north_manager)
        self.assertEqual(self._told(review), self.north_manager | officers, "the only manager's own")
        self._as(self.privacy_officer, lines[1]).action_ok()
        review._keep_reviewers_told()
        self.assertEqual(self._told(review), self.north_manager)
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.north_manager.id, "reason": "Släkt"}
        )
        review._keep_reviewers_told()
        self.assertEqual(self._told(review), self.north_manager | officers, "a line that is shut")

    def test_anothers_judgement_is_not_written_over(self):
        review, line = self._reviewed(self.south_staff)
        manager, officer = self._as(self.north_manager, line), self._as(self.privacy_officer, line)
        officer.write({"judgement": "ask", "comment": "Varför på natten?"})
        with self.assertRaises(UserError):
            self._as(self.north_manager, review).action_done()
        self.assertEqual(review.left_count, 1, "a question waits for its answer")
        manager.write({"judgement": "ok", "comment": "Vikarierade"})
        self.assertEqual(line.comment, "Varför på natten? - Vikarierade")
        for values in ({"judgement": "not_ok", "comment": "Nej"}, {"judgement": False}, {"comment": ""}):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._as(self.privacy_officer, line).write(values)
        self._as(self.north_manager, line).write({"judgement": "not_ok", "comment": "Nej, jag tog fel"})
        self.assertEqual((line.judgement, line.judged_by_id), ("not_ok", self.north_manager))

    def test_a_login_that_is_given_back_is_a_role_that_is_given(self):
        sysadmin = self._user("sysadmin", "base.group_system")
        left = self._user("left", "social_care.group_care_staff")
        member = self._member(self.north, left)
        self._as(sysadmin, left).write({"active": False})
        before = self.env["care.access.change"].search([])
        self._as(sysadmin, left).write({"active": True})
        change = self.env["care.access.change"].search([]) - before
        self.assertEqual((change.kind, change.subject_user_id), ("group", left))
        self.assertTrue(member.suspended)
        self.assertFalse(self._sees(left, self.astrid))
