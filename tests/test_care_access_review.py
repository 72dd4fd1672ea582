from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..models import care_access_review_drawing
from .common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareAccessReview(OncallCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = (cls.today - relativedelta(months=1)).replace(day=1)
        for month in (cls.month, cls.month - timedelta(days=1)):
            cls.env.cr.execute("SELECT care_access_log_make_month(%s)", [month])
        first = cls.month - cls.today
        cls.stay_astrid.date_from = cls.month - timedelta(days=30)
        cls.stay_bo.date_from = cls.month - timedelta(days=30)
        cls.colleague = cls._user("colleague", "social_care.group_care_staff")
        cls._member(cls.north, cls.colleague, start=first.days - 30)
        cls.reviews = cls.env["care.access.review"]

    def _read(self, user, client, day=10, hour=12, **values):
        line = {
            "user_id": user.id,
            "client_id": client.id,
            "company_id": client.company_id.id,
            "date": datetime.combine(self.month + timedelta(days=day), time(hour)),
            "model": "care.client",
            "operation": "read",
            "channel": "web",
            **values,
        }
        columns = SQL(", ").join(map(SQL.identifier, line))
        self.cr.execute(SQL("INSERT INTO care_access_log (%s) VALUES %s", columns, tuple(line.values())))

    def _drawn(self, unit=None):
        """The review of the unit, drawn among the lines of this test."""
        return self.reviews._draw(unit or self.north, self.month)

    def _line(self, user, client):
        line = self._drawn().line_ids.filtered(lambda line: (line.user_id, line.client_id) == (user, client))
        self.assertEqual(len(line), 1)
        return line

    def _signs(self, line):
        return {name for name in care_access_review_drawing.SIGNS if line[name]}

    # ------------------------------------------------------------------
    # Drawing
    # ------------------------------------------------------------------

    def test_who_works_there_has_no_sign(self):
        for hour in (8, 9, 15):
            self._read(self.north_staff, self.astrid, hour=hour)
        line = self._line(self.north_staff, self.astrid)
        self.assertEqual((line.times, self._signs(line), line.sign_count), (3, set(), 0))
        self.assertEqual((line.first_at.hour, line.last_at.hour), (8, 15))

    def test_no_relation_at_that_moment(self):
        was = self._user("was", "social_care.group_care_staff")
        first = (self.month - self.today).days
        self._member(self.north, was, start=first - 30, end=first + 9)
        self._read(was, self.astrid, day=9)
        self.assertEqual(self._signs(self._line(was, self.astrid)), set())
        self.cr.execute("DELETE FROM care_access_review")
        self.env.invalidate_all()
        self._read(was, self.astrid, day=10)
        self._read(self.south_staff, self.astrid)
        drawn = self._drawn()
        for user in (was, self.south_staff):
            self.assertTrue(
                drawn.line_ids.filtered(lambda line, u=user: line.user_id == u).no_relation, user.login
            )

    def test_managers_and_the_crew_have_one(self):
        self._read(self.north_manager, self.astrid)
        moment = datetime.combine(self.month + timedelta(days=5), time(2))
        self._shift(self.oncall_staff, start=(moment - self.now).total_seconds() / 3600 - 1, state="planned")
        self.env["care.unit.member"].search([("unit_id", "=", self.oncall.id)]).date_from = (
            self.month - timedelta(days=9)
        )
        self._read(self.oncall_staff, self.astrid, day=5, hour=2)
        self._read(self.oncall_lead, self.astrid, day=5, hour=2)
        signs = {line.user_id: self._signs(line) for line in self._drawn().line_ids}
        self.assertEqual(signs[self.north_manager], set())
        self.assertEqual(signs[self.oncall_staff], set(), "on duty that night")
        self.assertEqual(signs[self.oncall_lead], {"no_relation", "odd_hours"}, "not in the crew")

    def test_an_emergency_is_a_relation_and_is_shown(self):
        access = self.env["care.emergency.access"].create(
            {
                "client_id": self.astrid.id,
                "user_id": self.south_staff.id,
                "reason": "Nöd i natt",
                "date_from": datetime.combine(self.month, time(12)),
                "date_to": datetime.combine(self.month, time(14)),
                "review_due": self.today,
            }
        )
        self._read(self.south_staff, self.astrid, emergency_id=access.id)
        line = self._line(self.south_staff, self.astrid)
        self.assertEqual((line.emergency_id, self._signs(line)), (access, set()))
        self.assertTrue(line.signs)

    def test_surname_address_and_colleague(self):
        cousin = self._user("cousin", "social_care.group_care_staff", name="Eva Maria EK")
        self._member(self.north, cousin, start=-400)
        self._read(cousin, self.astrid)
        self.astrid.write({"street": "Björkvägen 1", "zip": "123 45"})
        neighbour = self._employee(self.north_staff)
        neighbour.write({"private_street": "björkvägen 1 ", "private_zip": "12345"})
        self._read(self.north_staff, self.astrid)
        self.env["hr.employee"].create({"name": "Dan Björk", "company_id": self.company.id})
        self.stay_dan.date_to = False
        self._read(self.colleague, self.dan)
        signs = {(line.user_id, line.client_id): self._signs(line) for line in self._drawn().line_ids}
        self.assertEqual(signs[cousin, self.astrid], {"same_surname"})
        self.assertEqual(signs[self.north_staff, self.astrid], {"same_address"})
        self.assertEqual(signs[self.colleague, self.dan], {"colleague"})

    def test_the_night_is_local(self):
        summer = self.month.month in range(4, 11)
        for user, hour, odd in (
            (self.north_staff, 19 if summer else 20, False),
            (self.colleague, 20 if summer else 21, True),
        ):
            self._read(user, self.astrid, hour=hour)
            line = self._drawn().line_ids.filtered(lambda line, u=user: line.user_id == u)
            self.assertEqual(line.odd_hours, odd, f"{hour} UTC")
            self.cr.execute("DELETE FROM care_access_review")
            self.env.invalidate_all()

    def test_many_files_in_a_day(self):
        self.patch(care_access_review_drawing, "MASS", 3)
        for client in (self.astrid, self.bo, self.dan):
            self._read(self.north_staff, client)
        for day, client in enumerate((self.astrid, self.bo, self.dan)):
            self._read(self.colleague, client, day=day)
        signs = {
            line.user_id: line.mass_reading
            for line in self._drawn().line_ids
            if line.client_id == self.astrid
        }
        self.assertEqual((signs[self.north_staff], signs[self.colleague]), (True, False))

    def test_what_is_no_reading_of_that_month_and_unit(self):
        self._read(self.north_staff, self.bo)
        self._read(self.north_staff, self.astrid, refused=True)
        self._read(self.north_staff, self.astrid, day=-1)
        self._read(self.env.ref("base.user_root"), self.astrid)
        self.assertFalse(self._drawn())

    def test_a_sample_with_what_stands_out_first(self):
        self.patch(care_access_review_drawing, "FLAGGED", 2)
        self.patch(care_access_review_drawing, "PLAIN", 1)
        for user in (self.north_staff, self.north_manager, self.colleague):
            self._read(user, self.astrid)
        for user in (self.south_staff, self.south_manager, self.oncall_staff):
            self._read(user, self.astrid)
        self._read(self.oncall_staff, self.astrid, hour=1)
        review = self._drawn()
        self.assertEqual((review.pairs, len(review.line_ids)), (6, 3))
        self.assertEqual(review.line_ids[0].user_id, self.oncall_staff, "two signs before one")
        self.assertEqual(review.line_ids.mapped("sign_count"), [2, 1, 0])

    def test_once_for_each_unit_and_month(self):
        self._read(self.north_staff, self.astrid)
        self._read(self.south_staff, self.bo)
        drawn = self.reviews._draw_month()
        ours = drawn.filtered(lambda review: review.company_id == self.company)
        self.assertEqual(ours.unit_id, self.north | self.south)
        self.assertFalse(self.reviews._draw_month() & ours)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._drawn()

    def test_drawing_costs_the_same_for_many_lines(self):
        costs = []
        for unit, users in (
            (self.south, [self.south_staff]),
            (self.north, [self.north_staff, self.colleague, self.south_staff]),
        ):
            client = self.bo if unit == self.south else self.astrid
            for user in users:
                for hour in range(6, 18):
                    self._read(user, client, hour=hour)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self._drawn(unit)
            self.env.flush_all()
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0] + 3, costs)

    # ------------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------------

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
        for record, values in (
            (line, {"user_id": self.north_staff.id}),
            (line, {"no_relation": False}),
            (line, {"judged_by_id": self.north_staff.id}),
            (review, {"state": "done"}),
            (review, {"pairs": 0}),
        ):
            for user in (self.north_manager, self.privacy_officer):
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._as(user, record).write(values)
        for user in (self.north_manager, self.privacy_officer):
            for record in (review, line):
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._as(user, record).unlink()
                with self.assertRaises(UserError), self.cr.savepoint():
                    self._as(user, record).copy()
        self._as(self.north_manager, line).action_ok()
        self._as(self.north_manager, review).action_done()
        with self.assertRaises(UserError):
            self._as(self.privacy_officer, line).write({"judgement": "not_ok", "comment": "x"})
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
