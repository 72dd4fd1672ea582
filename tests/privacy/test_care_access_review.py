from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common_review import ReviewCase


@tagged("post_install", "-at_install")
class TestCareAccessReview(ReviewCase, TransactionCase):
    def test_who_sees_and_judges(self):
        self._read(self.south_staff, self.astrid)
        review = self._drawn()
        line = review.line_ids
        for user, sees in (
            (self.north_manager, True),
            (self.privacy_officer, True),
            (self.south_manager, False),
            (self.south_staff, False),
            (self.north_staff, False),
            (self.oncall_lead, False),
            (self.care_admin, False),
        ):
            self.assertEqual(self._as(user, line).has_access("read"), sees, user.login)
            self.assertEqual(self._as(user, review).has_access("read"), sees, user.login)
            if not sees:
                with self.assertRaises(AccessError):
                    self._as(user, line).write({"judgement": "ok"})
                with self.assertRaises(AccessError):
                    self._as(user, review).action_done()
        elsewhere = self.env["res.company"].create(
            {"name": "Omsorg Väst AB", "care_operator_type": "private"}
        )
        officer = self._user(
            "west_officer",
            "social_care.group_privacy_officer",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self._as(self.privacy_officer, line).action_ok()
        with self.assertRaises(AccessError):
            self._once_open(officer, review).action_done()
        row = self._as(self.privacy_officer, line).read()[0]
        for secret in ("Astrid", "Ek", "9987"):
            self.assertNotIn(secret, str(row))

    def test_a_reviewer_never_reviews_oneself(self):
        self._read(self.north_manager, self.astrid)
        self._read(self.south_staff, self.astrid)
        review = self._drawn()
        own, other = review.line_ids.sorted(lambda line: line.user_id != self.north_manager)
        manager = self._as(self.north_manager, own)
        self.assertTrue(manager.is_mine)
        for attack in (
            lambda: manager.write({"judgement": "ok"}),
            manager.action_ok,
            lambda: self._as(self.north_manager, review).write(
                {"line_ids": [(1, own.id, {"judgement": "ok"})]}
            ),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attack()
        self._as(self.north_manager, review).write({"line_ids": [(1, other.id, {"judgement": "ok"})]})
        with self.assertRaises(UserError):
            self._as(self.north_manager, review).action_done()
        self._as(self.privacy_officer, own).action_ok()
        self._as(self.north_manager, review).action_done()
        self.assertEqual((own.judged_by_id, other.judged_by_id), (self.privacy_officer, self.north_manager))
        self.assertEqual((review.state, review.done_by_id), ("done", self.north_manager))

    def test_a_doubt_needs_a_word(self):
        self._read(self.south_staff, self.astrid)
        line = self._as(self.north_manager, self._drawn().line_ids)
        for judgement in ("ask", "not_ok"):
            with self.assertRaises(UserError):
                line.write({"judgement": judgement, "comment": " "})
            line.write({"judgement": judgement, "comment": "Varför?"})
        review = line.review_id
        review.action_done()
        noted = self.env["care.access.change"].search([("kind", "=", "review")], limit=1)
        self.assertIn("1", noted.after)
        self.assertNotIn(self.south_staff.name, noted.after)

    @mute_logger("odoo.sql_db")
    def test_what_is_drawn_is_fixed_and_what_is_done_is_frozen(self):
        self._read(self.south_staff, self.astrid)
        review = self._drawn()
        line = review.line_ids
        drawn, ended = "Only the judgement and the comment", "A review is finished with its button"
        for record, values, sentence in (
            (line, {"user_id": self.north_staff.id}, drawn),
            (line, {"no_relation": False}, drawn),
            (line, {"judged_by_id": self.north_staff.id}, drawn),
            (review, {"state": "done"}, ended),
            (review, {"pairs": 0}, ended),
        ):
            for user in (self.north_manager, self.privacy_officer):
                with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
                    self._as(user, record).write(values)
        for user in (self.north_manager, self.privacy_officer):
            for record in (review, line):
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._as(user, record).unlink()
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._as(user, record).copy()
        self._as(self.north_manager, line).action_ok()
        self._as(self.north_manager, review).action_done()
        with self.assertRaisesRegex(UserError, "The review is done"):
            self._as(self.privacy_officer, line).write({"judgement": "not_ok", "comment": "x"})
        self._lockout(self.astrid, self.privacy_officer)
        with self.assertRaises(AccessError):
            self._once_open(self.privacy_officer, line).write({"judgement": "not_ok", "comment": "x"})
        self.env.flush_all()
        for statement in (
            SQL("UPDATE care_access_review_line SET judgement = 'not_ok' WHERE id = %s", line.id),
            SQL(
                "UPDATE care_access_review_line SET user_id = %s WHERE id = %s", self.north_staff.id, line.id
            ),
            SQL("UPDATE care_access_review SET state = 'open' WHERE id = %s", review.id),
            SQL("DELETE FROM care_access_review_line WHERE id = %s", line.id),
            SQL("DELETE FROM care_access_review WHERE id = %s", review.id),
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(statement)

    def test_reminded(self):
        self._read(self.south_staff, self.astrid)
        review = self._drawn()
        self.assertEqual(self._told(review).user_id, self.north_manager)
        self.assertEqual(self._told(review).date_deadline, review.due_date)
        with freeze_time(review.due_date + timedelta(days=1)):
            review._keep_reviewers_told()
            review._keep_reviewers_told()
            self.assertEqual(self._told(review).user_id, self.north_manager | self.privacy_officer)
        self._as(self.north_manager, review.line_ids).action_ok()
        self._as(self.north_manager, review).action_done()
        self.assertFalse(self._told(review))

    def _told(self, review):
        return self.env["mail.activity"].search(
            [("res_model", "=", review._name), ("res_id", "=", review.id)]
        )
