from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from ..common_oncall import OncallCase

OFF = "social_care.mail_activity_check_visit_off"


@tagged("post_install", "-at_install")
class TestCareCheckVisitReach(OncallCase, TransactionCase):
    """An order reaches a crew, or is refused with the reason; what waits and reaches nobody any more is cancelled."""

    def _order(self, user, client=None, **vals):
        values = {
            "client_id": (client or self.astrid).id,
            "unit_id": self.north.id,
            "window_start": self.now + timedelta(hours=1),
            "window_end": self.now + timedelta(hours=3),
        }
        return self._as(user, self.env["care.check.visit"]).create({**values, **vals}).with_env(self.env)

    def _told(self, record):
        return record.sudo().activity_ids.filtered(lambda a: a.activity_type_id == self.env.ref(OFF))

    def _assert_nobody_waits_in_vain(self):
        """What the crew on duty is not shown does not wait."""
        waiting = self.env["care.check.visit"].search(
            [("state", "in", ("ordered", "acknowledged")), ("oncall_unit_id", "=", self.oncall.id)]
        )
        shown = self._as(self.oncall_staff, waiting.browse()).search([("id", "in", waiting.ids)])
        self.assertEqual(shown.ids, waiting.filtered(lambda v: v.window_start < self.shift.date_end).ids)

    # ------------------------------------------------------------------
    # Refused
    # ------------------------------------------------------------------

    def test_c1_a_protected_persons_order_is_refused_with_whom_to_talk_to(self):
        for level in ("marked", "registered", "new_identity"):
            self.astrid.protection_level = level
            with (
                self.subTest(level),
                self.assertRaisesRegex(ValidationError, "manager and the team's lead"),
                self.env.cr.savepoint(),
            ):
                self._order(self.north_manager)
        self.assertFalse(self.env["care.check.visit"].search([("client_id", "=", self.astrid.id)]))

    def test_c2_whoever_does_not_stay_here_then_is_refused(self):
        ended = self._client("Nyss", "Utflyttad")
        self._stay(ended, self.north, -90, -1)
        leaving, coming = self._client("Flyttar", "Ut"), self._client("Flyttar", "In")
        self._stay(leaving, self.north, -90, 0)
        self._stay(coming, self.north, 5)
        tomorrow = {
            "window_start": self.now + timedelta(days=1),
            "window_end": self.now + timedelta(days=1, hours=2),
        }
        for user, client, reason, vals in (
            (self.north_staff, ended, "last day", {}),
            (self.north_manager, self.dan, "last day", {}),
            (self.north_manager, self.cilla, "has no stay", {}),
            (self.north_staff, leaving, "last day", tomorrow),
            (self.north_manager, coming, "begins on", tomorrow),
        ):
            with (
                self.subTest(client.reference),
                self.assertRaisesRegex(ValidationError, reason) as refused,
                self.env.cr.savepoint(),
            ):
                self._order(user, client, **vals)
            self.assertIn(client.reference, str(refused.exception))
            self.assertNotIn(client.lastname, str(refused.exception))
        self.assertTrue(
            self._order(
                self.north_manager,
                coming,
                window_start=self.now + timedelta(days=6),
                window_end=self.now + timedelta(days=6, hours=1),
            )
        )

    def test_two_stays_that_follow_each_other_are_one_time(self):
        """A move to another flat at midnight does not part the night."""
        self.stay_astrid.date_to = self._day(2)
        self._stay(self.astrid, self.north, 3)
        local = datetime.combine(self._day(2), time(21))
        self.assertTrue(
            self._order(self.north_staff, window_start=local, window_end=local + timedelta(hours=4))
        )

    def test_an_order_is_not_moved_to_a_time_when_nobody_is_shown_it(self):
        visit = self._order(self.north_staff)
        self.stay_astrid.date_to = self._day(3)
        self.assertEqual(visit.state, "ordered")
        with self.assertRaisesRegex(ValidationError, "last day"):
            self._as(self.north_staff, visit).write(
                {
                    "window_start": self.now + timedelta(days=5),
                    "window_end": self.now + timedelta(days=5, hours=1),
                }
            )

    def test_a_unit_without_a_team_or_with_a_closed_one_is_refused(self):
        self.assertIn("No on-call team", self._refusal(unit_id=self.south.id, client_id=self.bo.id))
        calendar = self.env["resource.calendar"].create(
            {
                "name": "En timme",
                "tz": "UTC",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Då",
                            "dayofweek": str((self.now + timedelta(days=2)).weekday()),
                            "hour_from": 1,
                            "hour_to": 2,
                        }
                    )
                ],
            }
        )
        self.oncall.opening_calendar_id = calendar
        self.assertIn("closed at that time", self._refusal())
        opens = datetime.combine((self.now + timedelta(days=2)).date(), time(1))
        self.assertTrue(
            self._order(self.north_staff, window_start=opens, window_end=opens + timedelta(hours=1))
        )
        self.oncall.opening_calendar_id = False
        self.oncall.active = False
        self.assertIn("No on-call team", self._refusal())
        self.assertIn("does not answer", self._refusal(oncall_unit_id=self.oncall.id))

    def _refusal(self, **vals):
        with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
            self._visit(**vals)
        return str(refused.exception)

    def test_the_reason_is_told_to_whoever_has_the_file_alone(self):
        self.stay_astrid.date_to = self._day(0)
        far = {
            "window_start": self.now + timedelta(days=9),
            "window_end": self.now + timedelta(days=9, hours=1),
        }
        for user in (
            self.south_staff,
            self.south_manager,
            self.oncall_staff,
            self.oncall_lead,
            self.care_admin,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError) as refused:
                self._order(user, **far)
            self.assertNotIn("last day", str(refused.exception))

    # ------------------------------------------------------------------
    # Cancelled, and told
    # ------------------------------------------------------------------

    def test_c2_what_waits_is_cancelled_when_the_stay_ends_and_the_orderer_told(self):
        visit, taken = self._order(self.north_staff), self._order(self.north_staff)
        self._as(self.oncall_staff, taken).action_start()
        self._as(self.north_manager, self.stay_astrid).action_end(end_reason="other_unit")
        for order in (visit, taken):
            self.assertEqual(order.state, "cancelled")
            self.assertIn(self.north.name, order.outcome, "the unit reads why")
            activity = self._told(order)
            self.assertEqual(activity.user_id, self.north_staff)
            self.assertIn(self.astrid.reference, activity.summary)
            self.assertNotIn("Ek", activity.summary)
        event = taken.event_id
        event.reason = "other"
        self._as(self.oncall_staff, event).action_done()
        self._assert_nobody_waits_in_vain()

    def test_when_the_orderer_has_left_the_manager_is_told(self):
        visit = self._order(self.north_staff)
        self.north.member_ids.filtered(lambda m: m.user_id == self.north_staff).date_to = self._day(-1)
        self.stay_astrid.write({"date_to": self._day(-1)})
        self.assertEqual(self._told(visit).user_id, self.north_manager)

    def test_each_way_in_which_an_order_ceases_to_reach(self):
        for name, cease in (
            ("protected", lambda: self.astrid.write({"protection_level": "marked"})),
            ("not served", lambda: self.oncall.write({"serves_unit_ids": [Command.clear()]})),
            ("archived", lambda: self.oncall.action_archive()),
            ("last day set", lambda: self.stay_astrid.write({"date_to": self._day(0)})),
        ):
            with self.subTest(name):
                visit = self._order(
                    self.north_staff,
                    window_start=self.now + timedelta(days=2),
                    window_end=self.now + timedelta(days=2, hours=1),
                )
                cease()
                self.assertEqual(visit.state, "cancelled")
                told = self.north_manager if name == "protected" else self.north_staff
                self.assertEqual(self._told(visit).user_id, told, "of a protected person those named")
                self.astrid.protection_level = "none"
                self.oncall.write({"serves_unit_ids": self.north.ids, "active": True})
                self.stay_astrid.date_to = False

    def test_a_planned_stay_that_is_removed_takes_its_orders_along(self):
        client = self._client("Kommer", "Aldrig")
        stay = self._stay(client, self.north, 3)
        visit = self._order(
            self.north_manager,
            client,
            window_start=self.now + timedelta(days=4),
            window_end=self.now + timedelta(days=4, hours=1),
        )
        stay.unlink()
        self.assertEqual(visit.state, "cancelled")

    def test_what_slipped_through_is_cancelled_by_the_job(self):
        """Ordered at the very moment when a colleague ended the stay."""
        visit = self._order(self.north_staff)
        self.env.cr.execute(
            "UPDATE care_stay SET ended_at = %s, date_to = %s WHERE id = %s",
            [self.now, self._day(0), self.stay_astrid.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_check_visit_cron_escalate").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(visit.state, "cancelled")
        self.assertTrue(self._told(visit))

    # ------------------------------------------------------------------
    # The first visit
    # ------------------------------------------------------------------

    def test_c1_the_first_visit_of_a_protected_person_is_the_managers_to_see_to(self):
        client = self._client("Dold", "Person", protection_level="marked")
        stay = self._stay(client, self.north)
        self.assertFalse(client.sudo().check_visit_ids)
        activity = self._told(stay)
        self.assertEqual(activity.user_id, self.north_manager)
        self.assertIn(client.reference, activity.summary)
        self.assertNotIn("Dold", activity.summary)
        stay.date_to = self._day(60)
        self.assertEqual(self._told(stay), activity, "once")

    def test_a_stay_too_short_for_a_first_visit_is_made(self):
        with freeze_time(datetime.combine(self._day(0), time(22, 30))):
            client = self._client("En", "Natt")
            stay = self._stay(client, self.north, 0, 0)
        self.assertFalse(client.sudo().check_visit_ids)
        self.assertTrue(self._told(stay))

    # ------------------------------------------------------------------
    # The crew's verbs
    # ------------------------------------------------------------------

    def test_an_emergency_access_acknowledges_nothing(self):
        """Read by an emergency alone, since the unit is not served any more."""
        visit = self._visit()
        self.env.cr.execute("DELETE FROM care_unit_served_rel WHERE unit_id = %s", [self.oncall.id])
        self.env.invalidate_all()
        accesses = self._as(self.oncall_staff, self.env["care.emergency.access"])
        accesses.action_open(self.astrid.personal_number, "Hon svarar inte och kan vara i fara")
        mine = self._as(self.oncall_staff, visit)
        self.assertEqual(mine.read(["state"])[0]["state"], "ordered")
        for verb in (mine.action_acknowledge, mine.action_start, lambda: mine.action_not_done("x")):
            with self.assertRaises(AccessError):
                verb()

    # ------------------------------------------------------------------
    # Hints
    # ------------------------------------------------------------------

    def test_the_unsaved_form_says_why_not_and_what_is_ordered_already(self):
        first = self._order(self.north_staff)
        visits = self._as(self.north_staff, self.env["care.check.visit"])
        form = Form(visits.with_context(default_client_id=self.astrid.id, default_unit_id=self.north.id))
        form.window_start, form.window_end = first.window_start, first.window_end
        self.assertIn(self.astrid.reference, form.hint)
        self.assertIn(first._window_text(), form.hint)
        self.assertFalse(form.refusal)
        second = form.save()
        self.assertIn("already", second.hint, "it hinders nobody")
        self.assertIn("already", self._as(self.north_staff, first).hint)
        form = Form(visits.with_context(default_client_id=self.astrid.id, default_unit_id=self.north.id))
        form.window_start, form.window_end = (
            self.now + timedelta(days=1),
            self.now + timedelta(days=1, hours=1),
        )
        self.assertNotIn("already", form.hint or "")
        self.stay_astrid.date_to = self._day(0)
        form = Form(visits.with_context(default_client_id=self.astrid.id, default_unit_id=self.north.id))
        form.window_start = self.now + timedelta(days=3)
        form.window_end = self.now + timedelta(days=3, hours=1)
        self.assertIn("last day", form.refusal)
        self.assertFalse(form.hint)

    def test_another_units_stay_is_told_to_nobody_by_a_form(self):
        self._stay(self.astrid, self.south, -5, 5)
        values = {
            "client_id": self.astrid.id,
            "unit_id": self.south.id,
            "window_start": "2030-01-01 10:00:00",
            "window_end": "2030-01-01 11:00:00",
        }
        spec = {"refusal": {}, "hint": {}}
        answer = self._as(self.north_staff, self.env["care.check.visit"]).onchange(values, list(values), spec)
        self.assertFalse(answer["value"].get("refusal") or answer["value"].get("hint"))

    def test_nobody_on_duty_is_said_and_the_lead_reminded_until_somebody_is(self):
        night = self.now + timedelta(days=2)
        visit = self._order(self.north_staff, window_start=night, window_end=night + timedelta(hours=2))
        reminder = visit.sudo().lead_activity_ids
        self.assertEqual((reminder.user_id, reminder.res_model), (self.oncall_lead, "care.unit"))
        self.assertNotIn(self.astrid.reference, reminder.summary)
        hint = self._as(self.north_staff, visit).hint
        self.assertIn(self.shift._times(), hint, "which one is next")
        shift = self._shift(self.oncall_staff, start=47, state="planned")
        self.assertFalse(visit.sudo().lead_activity_ids)
        self.assertFalse(self._as(self.north_staff, visit).hint)
        shift.unlink()
        self.assertTrue(visit.sudo().lead_activity_ids)
        self.assertFalse(self._order(self.north_staff).sudo().lead_activity_ids, "tonight the crew is here")
