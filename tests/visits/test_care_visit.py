from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_visit import VisitCase


@tagged("post_install", "-at_install")
class TestCareVisit(VisitCase, TransactionCase):
    """What the plan says becomes visits, once each; what was done is never touched."""

    def _of(self, plan, **domain):
        return self.visits.search([("plan_id", "=", plan.id)], order="date, start")

    def _generate(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_visit_cron").method_direct_trigger()
        self.env.invalidate_all()

    def test_two_weeks_of_visits_on_the_plans_days(self):
        plan = self._plan()
        self._line(plan, "135", time_from=9.5, duration=0.75)
        self._active(plan)
        visits = self._of(plan)
        self.assertTrue(visits)
        self.assertEqual({visit.date.isoweekday() for visit in visits}, {1, 3, 5})
        self.assertLessEqual(max(visits.mapped("date")), self._day(14))
        for visit in visits:
            self.assertEqual(self._local(visit.start).strftime("%H:%M"), "09:30")
            self.assertEqual(visit.stop - visit.start, timedelta(minutes=45))
            self.assertEqual(
                (visit.client_id, visit.unit_id, visit.state), (self.astrid, self.north, "planned")
            )

    def test_running_it_again_changes_nothing(self):
        plan = self._plan()
        self._line(plan)
        self._active(plan)
        before = self._of(plan).read(["date", "start", "state", "write_date"])
        self.assertEqual(len(before), len({row["date"] for row in before}))
        self._generate()
        self.visits._generate(plan.ids, again=True)
        after = self._of(plan).read(["date", "start", "state"])
        self.assertEqual([row["id"] for row in before], [row["id"] for row in after])

    def test_each_night_adds_a_day(self):
        plan = self._plan()
        self._line(plan)
        self._active(plan)
        last = max(self._of(plan).mapped("date"))
        with freeze_time(self._day(3)):
            self._generate()
            self.assertEqual(max(self._of(plan).mapped("date")), last + timedelta(days=3))

    def test_no_visits_without_staff_or_before_the_plan_is_in_force(self):
        plan = self._plan()
        for responsible in ("client", "other"):
            self._line(plan, responsible=responsible)
        self._active(plan)
        self.assertFalse(self._of(plan))
        draft = self._plan(self.bo, self.south)
        self._line(draft)
        self._generate()
        self.assertFalse(self._of(draft))

    def test_the_clock_on_the_wall_decides_when_clocks_change(self):
        """On 29 March 2026 the clocks go forward, on 25 October 2026 back."""
        for today, day, before, after in [
            ("2026-03-25", date(2026, 3, 29), datetime(2026, 3, 28, 7), datetime(2026, 3, 29, 6)),
            ("2026-10-21", date(2026, 10, 25), datetime(2026, 10, 24, 6), datetime(2026, 10, 25, 7)),
        ]:
            with self.subTest(day=day), freeze_time(today):
                client = self._client("Vår", today)
                self._stay(client, self.north, date_from="2026-01-01")
                plan = self._plan(client, date_from="2026-01-01")
                self._line(plan, time_from=8)
                self._active(plan)
                starts = {visit.date: visit.start for visit in self._of(plan)}
                self.assertEqual(starts[day - timedelta(days=1)], before)
                self.assertEqual(starts[day], after)

    def test_an_hour_that_does_not_exist_that_night(self):
        with freeze_time("2026-03-25"):
            self.stay_astrid.date_from = "2026-01-01"
            plan = self._plan(date_from="2026-01-01")
            self._line(plan, time_from=2.5, day_part="night")
            self._active(plan)
            visit = self._of(plan).filtered(lambda visit: visit.date == date(2026, 3, 29))
            self.assertEqual(self._local(visit.start).strftime("%H:%M"), "03:30")

    def test_no_hour_in_the_plan_is_a_part_of_the_day(self):
        plan = self._plan()
        self._line(plan, time_from=0, day_part="evening")
        self._active(plan)
        visit = self._of(plan)[0]
        self.assertFalse(visit.has_hour)
        self.assertEqual(self._local(visit.start).hour, 18)

    def test_an_ended_stay_stops_the_visits_and_a_longer_one_brings_them_back(self):
        plan = self._plan()
        self._line(plan)
        self._active(plan)
        everything = len(self._of(plan))
        self.stay_astrid.date_to = self._day(4)
        self.assertLessEqual(max(self._of(plan).mapped("date")), self._day(4))
        self.stay_astrid.date_to = False
        self.assertEqual(len(self._of(plan)), everything)

    def test_a_revised_plan_replaces_only_what_is_not_done(self):
        first = self._plan()
        line = self._line(first)
        self._active(first)
        done = self._of(first)[:2]
        with freeze_time(done[-1].stop):
            done.write({"employee_id": self.staff.id})
            done.action_done()
            second = first.browse(first.action_revise()["res_id"])
            again = second.line_ids
            again.time_from = 15
            self._set_plan_state(first, "replaced")
            self._active(second)
        self.assertEqual(self._of(first), done)
        days = self._of(second).mapped("date")
        self.assertFalse(set(days) & set(done.mapped("date")), "done by the first version, done for the day")
        self.assertEqual({self._local(visit.start).hour for visit in self._of(second)}, {15})
        self.assertEqual(set(self._of(second).mapped("first_line_id")), {line.id})
        self.assertEqual(self._of(second).line_id, again)

    def test_an_ended_plan_keeps_what_was_reported(self):
        plan = self._plan()
        self._line(plan)
        self._active(plan)
        done = self._of(plan)[0]
        with freeze_time(done.stop):
            done.action_not_done("away")
            self._set_plan_state(plan, "ended")
        self.assertEqual(self._of(plan), done)

    def _holiday(self, day):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Helgdag",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime.combine(day, datetime.min.time()) - timedelta(hours=2),
                "date_to": datetime.combine(day, datetime.max.time()).replace(microsecond=0)
                - timedelta(hours=2),
            }
        )

    def test_public_holidays_as_the_unit_and_the_task_type_decide(self):
        holiday = self._day(5)
        self._holiday(holiday)
        plan = self._plan()
        self._line(plan)
        self._line(plan, task_type_id=self.hygiene.id)
        self.hygiene.on_holidays = "keep"
        for unit, expected in [("keep", self.conversation | self.hygiene), ("skip", self.hygiene)]:
            self.north.on_holidays = unit
            self._active(plan) if plan.state == "draft" else self.visits._refresh([("id", "=", plan.id)])
            on_holiday = self._of(plan).filtered(lambda visit: visit.date == holiday)
            self.assertEqual(on_holiday.task_type_id, expected, unit)
        self.assertEqual(len(self._of(plan).filtered(lambda visit: visit.date == self._day(6))), 2)

    def test_whom_the_client_has_chosen_comes(self):
        plan = self._plan()
        self._line(plan, responsible="chosen", performer_id=self.manager.id)
        self._line(plan, responsible="unit")
        self._active(plan)
        chosen, anyone = (
            self._of(plan).filtered(lambda visit, kind=kind: visit.line_id.responsible == kind)
            for kind in ("chosen", "unit")
        )
        self.assertEqual(
            chosen.planned_employee_id, self.manager, "until a wish is accepted, as the plan says"
        )
        self._choice(self.colleague, priority=2)
        self._choice(self.staff, priority=1)
        self.env.invalidate_all()
        self.assertEqual(chosen.planned_employee_id, self.staff)
        self.assertEqual(chosen.wished_employee_id, self.staff)
        self.assertFalse(anyone.planned_employee_id)

    def test_the_next_in_order_comes_when_the_chosen_one_is_away(self):
        self._choice(self.staff, priority=1)
        self._choice(self.colleague, priority=2)
        plan = self._plan()
        self._line(plan, responsible="chosen", time_from=10)
        self._active(plan)
        day = self._of(plan)[3]
        self._away(self.staff, day.start - timedelta(hours=8), day.start + timedelta(hours=8))
        self._generate()
        self.assertEqual((day.wished_employee_id, day.planned_employee_id), (self.staff, self.colleague))
        self.assertEqual(self._of(plan)[4].planned_employee_id, self.staff)

    def test_b1_who_is_no_member_that_day_is_passed_over(self):
        """As one on leave is, by the clock alone: the last day, a first day to come, a doubt, login or employee put away."""
        self._choice(self.staff, priority=1)
        self._choice(self.colleague, priority=2)
        plan = self._plan()
        self._line(plan, responsible="chosen")
        self._line(plan, responsible="chosen", task_type_id=self.hygiene.id, performer_id=self.staff.id)
        self._active(plan)
        member = self.north.member_ids.filtered(lambda member: member.user_id == self.north_staff)
        today, soon = self._day(0), self._day(5)
        for statement, value, comes in (
            ("UPDATE care_unit_member SET date_to = %s WHERE id = %s", soon, lambda day: day <= soon),
            ("UPDATE care_unit_member SET date_from = %s WHERE id = %s", soon, lambda day: day >= soon),
            ("UPDATE care_unit_member SET confirmed_user_id = %s WHERE id = %s", None, lambda day: False),
            (
                "UPDATE res_users SET active = %s FROM care_unit_member m WHERE m.user_id = res_users.id AND m.id = %s",
                False,
                lambda day: False,
            ),
            (
                "UPDATE hr_employee e SET active = %s FROM care_unit_member m WHERE m.employee_id = e.id AND m.id = %s",
                False,
                lambda day: False,
            ),
        ):
            with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(statement, (value, member.id))
                self.env.invalidate_all()
                self.visits._correct(self.visits._plans_to_correct())
                for visit in self._of(plan).filtered(lambda visit: visit.date > today):
                    second = (
                        self.colleague if visit.task_type_id == self.conversation else self.staff.browse()
                    )
                    expected = self.staff if comes(visit.date) else second
                    self.assertEqual(visit.planned_employee_id, expected, visit.date)
                    self.assertEqual(visit.wished_employee_id, self.staff)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_contact_persons_line_follows_a_change_by_itself(self):
        self._contact_person(self.astrid, self.north, self.north_staff)
        plan = self._plan()
        self._line(plan, responsible="contact_person")
        self._active(plan)
        self.assertEqual(self._of(plan).planned_employee_id, self.staff)
        self.env["care.contact.person"]._change(self.astrid, self.north, self.colleague, self._day(5))
        self.env.invalidate_all()
        for visit in self._of(plan):
            expected = self.staff if visit.date < self._day(5) else self.colleague
            self.assertEqual(visit.planned_employee_id, expected, visit.date)

    def test_a_plan_that_fails_is_logged_and_the_others_get_their_visits(self):
        good, bad = self._plan(), self._plan(self.bo, self.south)
        for plan in (good, bad):
            self._line(plan)
            self.env.flush_all()
            self.env.cr.execute("UPDATE care_plan SET state = 'proposed' WHERE id = %s", (plan.id,))
            self.env.cr.execute("UPDATE care_plan SET state = 'active' WHERE id = %s", (plan.id,))
        generate = type(self.visits)._generate

        def fail(visits, plan_ids, again=False):
            if bad.id in plan_ids:
                raise ValueError("broken plan")
            return generate(visits, plan_ids, again)

        with (
            patch.object(type(self.visits), "_generate", fail),
            self.assertLogs("odoo.addons.social_care.models.core.ir_cron", "ERROR") as logs,
        ):
            self.env["ir.cron"]._care_try([bad.id, good.id], self.visits._generate)
        self.assertIn(str(bad.id), logs.output[0])
        self.assertTrue(self._of(good))
        self.assertFalse(self._of(bad))

    def test_the_database_refuses_a_second_visit(self):
        plan = self._plan()
        self._line(plan)
        visit = self._visit(self._active(plan))
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as refused, self.env.cr.savepoint():
            visit.copy({"first_line_id": visit.first_line_id, "date": visit.date})
        self.assertEqual(refused.exception.pgcode, "23505")
        self.assertEqual(visit.state, "planned")

    # ------------------------------------------------------------------
    # Reporting
    # ------------------------------------------------------------------

    def _todays(self, **vals):
        plan = self._plan()
        self._line(plan, own_part="Hon dukar", responsible="chosen")
        return self._visit(self._active(plan), **vals)

    def test_done_by_whoever_ticks_it(self):
        visit = self._todays()
        self._as(self.north_staff, visit).action_done()
        self.assertEqual((visit.state, visit.employee_id), ("done", self.staff))
        self.assertEqual(visit.reported_by_id, self.north_staff)
        self._as(self.north_staff, visit).action_own_level("prompt")
        self.assertEqual(visit.own_level, "prompt")

    def test_a_tap_that_comes_twice_or_late(self):
        """FIELD D3: sent again it is one; over what a colleague has reported it is told, not taken."""
        visit = self._todays()
        first, second = self._as(self.north_staff, visit), self._as(self.north_colleague, visit)
        first.action_done()
        reported_at = visit.reported_at
        first.action_done()
        for late in (second.action_done, lambda: second.action_not_done("away")):
            with self.assertRaisesRegex(UserError, "north_staff"):
                late()
        first.action_own_level("prompt")
        second.action_own_level("prompt")
        with self.assertRaises(UserError):
            second.action_own_level("alone")
        now = (visit.state, visit.reported_at, visit.reported_by_id, visit.own_level)
        self.assertEqual(now, ("done", reported_at, self.north_staff, "prompt"))

    def test_done_by_a_colleague(self):
        visit = self._todays()
        self._as(self.north_staff, visit).write({"employee_id": self.colleague.id})
        self._as(self.north_staff, visit).action_done("alone")
        self.assertEqual((visit.employee_id, visit.own_level), (self.colleague, "alone"))

    def test_not_done_has_a_reason(self):
        visit = self._todays()
        for reason in (None, "", "sleepy"):
            with self.assertRaises(UserError):
                self._as(self.north_staff, visit).action_not_done(reason)
        self._as(self.north_staff, visit).action_not_done("no_answer")
        self.assertEqual((visit.state, visit.reason), ("not_done", "no_answer"))

    def test_undo_is_ones_own_and_of_the_same_day(self):
        visit = self._todays()
        self._as(self.north_staff, visit).action_done()
        with self.assertRaises(AccessError):
            self._as(self.north_colleague, visit).action_undo()
        self._as(self.north_staff, visit).action_undo()
        self.assertEqual((visit.state, visit.employee_id.ids), ("planned", []))
        self._as(self.north_colleague, visit).action_done()
        self._as(self.north_manager, visit).action_undo()
        self.assertEqual(visit.state, "planned")

    def test_tomorrow_is_not_reported_today(self):
        visit = self._todays(day=1)
        for report in (lambda: visit.action_done(), lambda: visit.action_not_done("away")):
            with self.assertRaises(UserError):
                report()

    def test_only_the_report_is_written_by_hand(self):
        visit = self._todays()
        for vals in (
            {"state": "done"},
            {"date": self._day(3)},
            {"planned_employee_id": False},
            {"choice_kept": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._as(self.north_manager, visit).write(vals)
        with self.assertRaises(UserError):
            visit.sudo().write({"state": "done"})

    def test_how_often_the_chosen_person_came(self):
        """Came, the second choice came, somebody else came, nobody could come; declined does not count."""
        self._choice(self.staff, priority=1)
        self._choice(self.colleague, priority=2)
        plan = self._plan()
        self._line(plan, responsible="chosen")
        self._active(plan)
        reports = [self.staff, self.colleague, self.manager, "staff_missing", "client_declined"]
        for number, report in enumerate(reports):
            visit = self._visit(plan, -number, wished_employee_id=self.staff.id)
            if isinstance(report, str):
                visit.action_not_done(report)
            else:
                visit.employee_id = report
                visit.action_done("alone" if report == self.staff else "staff")
        self.env.flush_all()
        report = self._as(self.north_manager, self.env["care.visit.report"])
        groups = report._read_group(
            [("client_id", "=", self.astrid.id)],
            ["client_id", "unit_id", "task_type_id"],
            ["choice_kept:avg", "own_share:avg", "__count"],
        )
        self.assertEqual(len(groups), 1)
        _client, _unit, task_type, kept, own, count = groups[0]
        self.assertEqual((task_type.id, kept, count), (self.conversation.id, 0.5, 5))
        self.assertAlmostEqual(own, 1 / 3)
        months = report._read_group([], ["date:month"], ["choice_kept:avg"])
        self.assertTrue(months)
