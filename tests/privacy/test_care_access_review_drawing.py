from datetime import datetime, time, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.privacy import care_access_review_drawing
from ..common_review import ReviewCase

DRAWING = "odoo.addons.social_care.models.privacy.care_access_review_drawing"


@tagged("post_install", "-at_install")
class TestCareAccessReviewDrawing(ReviewCase, TransactionCase):
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
        self.assertFalse(self._drawn().line_ids)

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

    def test_nobodys_reading_is_a_review_that_is_done(self):
        """It says that the job has looked; nobody is asked to do anything."""
        review = self._drawn()
        self.assertEqual((review.state, review.pairs, bool(review.done_at)), ("done", 0, True))
        self.assertFalse(
            self.env["mail.activity"].search([("res_model", "=", review._name), ("res_id", "=", review.id)])
        )

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _units_are_as_old_as(self, day):
        self.env.cr.execute(
            "UPDATE care_unit SET create_date = %s WHERE company_id = %s", [day, self.company.id]
        )

    def _ours_due(self, **kwargs):
        drawn = self.reviews._draw_due(**kwargs)
        return drawn.filtered(lambda review: review.company_id == self.company)

    def _later(self, months, day=2):
        """In the night of a month after this one."""
        this_month = self.month + relativedelta(months=1)
        return freeze_time(datetime.combine(this_month + relativedelta(months=months, day=day), time(3)))

    def test_once_for_each_unit_and_month(self):
        self._units_are_as_old_as(self.month)
        self._read(self.north_staff, self.astrid)
        self._read(self.south_staff, self.bo)
        drawn = self._ours_due()
        self.assertEqual(drawn.unit_id, self.north | self.south)
        self.assertEqual(set(drawn.mapped("month")), {self.month})
        self.assertFalse(self._ours_due())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._drawn()

    def test_the_first_night_of_the_month_is_the_companys(self):
        self._units_are_as_old_as(self.month)
        first = self.month + relativedelta(months=1)
        with freeze_time(datetime.combine(first, time(0)) - timedelta(hours=3)):
            self.assertFalse(self._ours_due(), "still the month itself")
        with freeze_time(datetime.combine(first, time(0)) - timedelta(minutes=30)):
            self.assertEqual(set(self._ours_due().mapped("month")), {self.month}, "past midnight in Sweden")

    def test_months_that_the_job_missed_are_caught_up(self):
        self._units_are_as_old_as(self.month)
        self._read(self.north_staff, self.astrid)
        self._read(self.colleague, self.astrid, day=33)
        with self._later(3):
            drawn = self._ours_due().filtered(lambda review: review.unit_id == self.north)
            months = [self.month + relativedelta(months=number) for number in (3, 2, 1, 0)]
            self.assertEqual(drawn.mapped("month"), months, "the latest first, none before the unit")
            readers = {review.month: review.line_ids.user_id for review in drawn}
            self.assertEqual(readers[self.month], self.north_staff)
            self.assertEqual(readers[self.month + relativedelta(months=1)], self.colleague)
            self.assertEqual(set(drawn.filtered(lambda r: not r.line_ids).mapped("state")), {"done"})
            opened = drawn.filtered("line_ids")
            self.assertEqual(set(opened.mapped("state")), {"open"})
            self.assertEqual(
                set(opened.mapped("due_date")), {self.reviews._review_due(self.company)}, "counted from today"
            )
            self.assertFalse(self._ours_due(), "once")

    def test_no_further_back_than_half_a_year(self):
        self._units_are_as_old_as(self.month - timedelta(days=400))
        with self._later(9):
            drawn = self._ours_due().filtered(lambda review: review.unit_id == self.north)
            self.assertEqual(len(drawn), care_access_review_drawing.MONTHS_BACK)
            self.assertEqual(min(drawn.mapped("month")), self.month + relativedelta(months=4))

    def test_a_run_whose_time_is_out_goes_on_the_next_time(self):
        self._units_are_as_old_as(self.month)
        drawn = self.reviews.browse()
        while one := self.reviews._draw_due(progress=lambda *done, **left: 0):
            self.assertEqual(len(one), 1)
            drawn |= one
        ours = drawn.filtered(lambda review: review.company_id == self.company)
        self.assertEqual(ours.unit_id, self.north | self.south)

    def test_what_fails_is_tried_again(self):
        self._units_are_as_old_as(self.month)
        draw = type(self.reviews)._draw

        def fail_in_the_south(reviews, unit, month):
            if unit == self.south:
                raise ValueError("no")
            return draw(reviews, unit, month)

        with patch.object(type(self.reviews), "_draw", fail_in_the_south), self.assertLogs(DRAWING, "ERROR"):
            self.assertEqual(self._ours_due().unit_id, self.north)
        self.assertEqual(self._ours_due().unit_id, self.south)

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
