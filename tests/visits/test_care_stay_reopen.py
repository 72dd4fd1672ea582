from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCareStayReopen(CarePlanCase, TransactionCase):
    """B3: an end taken back in time, and a move within the unit, leave all as it was."""

    def _night(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_stay_cron_end").method_direct_trigger()
        self.env.invalidate_all()

    def _end(self, day=0, reason="own_home", stay=None):
        self._as(self.north_manager, stay or self.stay_astrid).action_end(self._day(day), reason)
        self.env.invalidate_all()

    def _reopen(self, user=None):
        self._as(user or self.north_manager, self.stay_astrid).action_reopen()
        self.env.invalidate_all()

    def _ahead(self, plan):
        visits = self.env["care.visit"].search([("plan_id", "=", plan.id), ("state", "=", "planned")])
        return sorted(visits.mapped("start"))

    def _choice(self, **vals):
        return self.env["care.staff.choice"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "task_type_id": self.env.ref("social_care.task_type_conversation").id,
                "employee_id": self._employee(self.anna).id,
                "date_from": self._day(-10),
                **vals,
            }
        )

    def test_b3_what_ended_with_the_stay_returns(self):
        plan = self._active_plan()
        ahead, content, signatures = self._ahead(plan), plan.content_hash, plan.signature_ids
        self.stay_astrid.date_to = self._day(60)
        self._end()
        self.assertEqual((plan.state, self._ahead(plan)), ("ended", []))
        self._reopen()
        stay = self.stay_astrid
        self.assertEqual(
            (stay.state, stay.date_to, stay.end_reason, stay.ended_at),
            ("active", self._day(60), False, False),
            "the last day that was planned before is the last day again",
        )
        self.assertEqual((plan.state, plan.ended_on, plan.end_reason), ("active", False, False))
        self.assertEqual(self._ahead(plan), ahead)
        self.assertEqual((plan.content_hash, plan.signature_ids), (content, signatures))
        self.assertFalse(plan._faults(), "the signed content is untouched")
        self._end()
        self.assertEqual(plan.state, "ended", "and ends again as ever")

    def test_b3_until_the_end_of_the_day_after(self):
        plan = self._active_plan()
        self._end()
        with freeze_time(f"{self._day(1)} 12:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.stay_astrid.reopen_until, self._day(1))
        with freeze_time(f"{self._day(2)} 12:00:00"):
            self.env.invalidate_all()
            self.assertFalse(self.stay_astrid.reopen_until)
            with self.assertRaisesRegex(UserError, "until the end of the day after"):
                self._reopen()
            self.stay_astrid.date_to = False
            self.assertEqual((self.stay_astrid.state, plan.state), ("active", "ended"))

    def test_b3_an_end_of_long_ago_typed_today(self):
        """The file closes at once; contact person and choice wait until the end is final."""
        self._active_plan()
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        choice = self._choice()
        self._end(-20)
        self._night()
        self.assertEqual((contact.date_to, choice.state), (False, "wished"))
        self._reopen()
        self.assertEqual(self.astrid.with_user(self.north_manager).active_plan_id.state, "active")
        self._end(-20)
        with freeze_time(f"{self._day(2)} 12:00:00"):
            self._night()
        self.assertTrue(contact.date_to)
        self.assertEqual(choice.state, "ended")

    def test_b3_an_end_at_midnight(self):
        plan = self._active_plan()
        self._end(5)
        with freeze_time(f"{self._day(6)} 02:00:00"):
            self._night()
            self.assertEqual(plan.state, "ended")
            self._reopen()
            self.assertEqual((plan.state, self.stay_astrid.date_to), ("active", False))

    def test_b3_only_a_manager_of_the_unit(self):
        self._end()
        for user in (self.north_staff, self.south_manager, self.privacy_officer, self.oncall_staff):
            with self.assertRaises(AccessError):
                self._reopen(user)
        self._lockout(self.astrid, self.north_manager)
        with self.assertRaises(AccessError):
            self._reopen()
        self.assertEqual(self.stay_astrid.state, "ended")

    def test_b3_a_plan_that_the_unit_ended_does_not_return(self):
        plan = self._active_plan()
        self._as(self.anna, plan).action_end("Klart")
        self._end()
        self._reopen()
        self.assertEqual(plan.state, "ended")
        self.env.flush_all()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute("UPDATE care_plan SET state = 'active' WHERE id = %s", [plan.id])
        with self.assertRaises(UserError):
            self._as(self.anna, plan).action_activate()

    def test_b3_the_last_plan_alone_returns(self):
        earlier = self._active_plan()
        self._end(-3)
        stay = self._stay(self.astrid, self.north, 0)
        plan = self._active_plan()
        self._end(stay=stay)
        self.assertEqual((earlier.state, plan.state), ("ended", "ended"))
        self._as(self.north_manager, stay).action_reopen()
        self.env.invalidate_all()
        self.assertEqual((earlier.state, plan.state), ("ended", "active"))

    def test_b3_nobody_writes_the_day_of_return(self):
        plan = self._active_plan()
        with self.assertRaises(UserError):
            self._as(self.north_manager, plan).write({"returns_until": self._day(5)})
        self._end()
        with self.assertRaises(UserError):
            self._as(self.anna, plan).action_activate()

    def test_b3_the_first_visit_of_the_team_returns(self):
        eva = self._client("Eva", "Ny")
        stay = self._stay(eva, self.north, 0)
        visit = self.env["care.check.visit"].search([("stay_id", "=", stay.id)])
        self.assertEqual(visit.state, "ordered")
        self._end(stay=stay)
        self.assertEqual(visit.state, "cancelled")
        stay.action_reopen()
        self.assertEqual(visit.state, "ordered")
        self._end(stay=stay)
        with freeze_time(f"{self._day(1)} 23:00:00"):
            if stay.reopen_until:
                stay.action_reopen()
                waiting = self.env["care.check.visit"].search(
                    [("stay_id", "=", stay.id), ("state", "=", "ordered")]
                )
                self.assertEqual(len(waiting), 1)

    # ------------------------------------------------------------------
    # A move within the unit
    # ------------------------------------------------------------------

    def _dwelling(self, unit=None):
        return self.env["care.dwelling"].create(
            {
                "name": "1305",
                "unit_id": (unit or self.north).id,
                "street": "Björkvägen 1",
                "area_id": self.area.id,
            }
        )

    def _move(self, day=0, dwelling=None, user=None):
        dwelling = dwelling or self._dwelling()
        stay = self._as(user or self.north_manager, self.stay_astrid).action_move(dwelling.id, self._day(day))
        self.env.invalidate_all()
        return stay.with_env(self.env)

    def test_b3_a_move_keeps_plan_roles_and_visits(self):
        plan, choice = self._active_plan(), self._choice()
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        ahead, written = self._ahead(plan), plan.write_date
        dwelling = self._dwelling()
        orders = self.env["care.check.visit"].search_count([("client_id", "=", self.astrid.id)])
        stay = self._move(dwelling=dwelling)
        old = self.stay_astrid
        self.assertEqual((old.state, old.date_to, old.end_reason), ("ended", self._day(-1), "moved"))
        self.assertEqual((stay.state, stay.dwelling_id, stay.moved_from_id), ("active", dwelling, old))
        self._night()
        self.assertEqual((plan.state, plan.write_date, self._ahead(plan)), ("active", written, ahead))
        self.assertEqual((contact.date_to, choice.state), (False, "wished"))
        self.assertEqual(
            self.env["care.check.visit"].search_count([("client_id", "=", self.astrid.id)]),
            orders,
            "whoever moves within the unit has been greeted",
        )
        self.assertEqual(self.astrid.with_user(self.north_staff).dwelling_id, dwelling)

    def test_b3_a_move_ahead(self):
        plan = self._active_plan()
        stay = self._move(5)
        self.assertEqual((self.stay_astrid.state, stay.state), ("active", "planned"))
        with freeze_time(f"{self._day(6)} 02:00:00"):
            self._night()
            self.assertEqual((self.stay_astrid.state, stay.state, plan.state), ("ended", "active", "active"))

    def test_b3_the_waiting_first_visit_moves_along(self):
        eva = self._client("Eva", "Ny")
        self.stay_astrid = self._stay(eva, self.north, -2, dwelling_id=self._dwelling().id)
        visit = self.env["care.check.visit"].search([("client_id", "=", eva.id)])
        self._move(dwelling=self._dwelling())
        self.assertEqual((visit.state, visit.stay_id.date_from), ("ordered", self.today))
        self.assertEqual(self.env["care.check.visit"].search([("client_id", "=", eva.id)]), visit)

    def test_b3_a_move_that_is_called_off(self):
        plan, old = self._active_plan(), self.stay_astrid
        ahead = self._ahead(plan)
        for day, verb in ((5, "unlink"), (5, "action_take_back"), (0, "action_take_back")):
            with self.subTest(day=day, verb=verb):
                stay = self._as(self.north_manager, self._move(day, self._dwelling()))
                stay.unlink() if verb == "unlink" else stay.action_take_back("Fel person")
                self.env.invalidate_all()
                self.assertEqual((old.state, old.date_to, old.end_reason), ("active", False, False))
                self.assertEqual((plan.state, self._ahead(plan)), ("active", ahead))

    def test_b3_no_end_while_a_move_lies_ahead(self):
        stay = self._move(5)
        with self.assertRaisesRegex(UserError, "A move to another dwelling is planned"):
            self._end()
        self._as(self.north_manager, stay).unlink()
        self._end()
        self.assertEqual(self.stay_astrid.state, "ended")

    def test_b3_a_move_is_checked(self):
        own, foreign = self._dwelling(), self._dwelling(self.south)
        for day, dwelling in [(0, self.dwelling), (-30, own), (0, foreign)]:
            with self.assertRaises(UserError):
                self._move(day, dwelling)
        for user in (self.north_staff, self.south_manager):
            with self.assertRaises(AccessError):
                self._move(0, own, user)

    def test_b3_who_moves_by_hand_keeps_the_plan(self):
        plan = self._active_plan()
        self._end(0, "moved")
        self.assertEqual(plan.state, "ended")
        with freeze_time(self.today + timedelta(days=1, hours=9)):
            self._stay(self.astrid, self.north, 1)
            self.assertEqual(plan.state, "active")
            self.assertTrue(self._ahead(plan))

    def test_b3_who_comes_back_later_does_not(self):
        plan = self._active_plan()
        self._end(-3)
        self._stay(self.astrid, self.north, 0)
        self.assertEqual(plan.state, "ended")
