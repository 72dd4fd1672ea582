from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ..common_plan import CarePlanCase


@tagged("post_install", "-at_install")
class TestCarePlanReminder(CarePlanCase, TransactionCase):
    """One open reminder per stay and cause, closed by itself."""

    def _reminders(self, stay=None):
        types = [
            self.env.ref(f"social_care.activity_plan_{cause}")
            for cause in ("first", "first_late", "review", "review_late")
        ]
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", "care.stay"),
                ("res_id", "=", (stay or self.stay_astrid).id),
                ("activity_type_id", "in", [activity_type.id for activity_type in types]),
            ]
        )
        names = {
            activity_type.id: name
            for activity_type, name in zip(
                types, ("first", "first_late", "review", "review_late"), strict=True
            )
        }
        return {names[activity.activity_type_id.id]: activity for activity in activities}

    def _remind(self, days=0):
        with freeze_time(self._day(days)):
            self.env["care.stay"].search([])._update_plan_reminders()

    def test_the_first_plan_is_due_after_fourteen_days(self):
        self.stay_astrid.date_from = self._day(0)
        self._remind()
        reminder = self._reminders()["first"]
        self.assertEqual((reminder.date_deadline, reminder.user_id), (self._day(14), self.anna))
        self.assertNotIn("first_late", self._reminders())
        self._remind()
        self.assertEqual(self._reminders()["first"], reminder, "the same one, not a second")
        self._remind(14)
        self.assertNotIn("first_late", self._reminders())
        self._remind(15)
        self.assertEqual(self._reminders()["first_late"].user_id, self.north_manager)
        self._active_plan()
        self.assertFalse(self._reminders(), "closed by the plan itself")

    def test_the_review_is_due(self):
        plan = self._active_plan()
        self._remind()
        self.assertFalse(self._reminders())
        days = (plan.review_date - self.today).days
        self._remind(days - 30)
        self.assertEqual(self._reminders()["review"].date_deadline, plan.review_date)
        self._remind(days + 1)
        self.assertEqual(set(self._reminders()), {"review", "review_late"})
        review = self._as(self.anna, self.env["care.plan.review"]).create(
            {"plan_id": plan.id, "next_review_date": self._day(100)}
        )
        review.action_done()
        self.assertFalse(self._reminders())

    def test_settings_and_the_next_contact_person(self):
        self.set_rule("plan_first", 40)
        self._remind()
        self.assertEqual(self._reminders()["first"].date_deadline, self._day(10))
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        contact.date_to = self._day(-1)
        self._remind()
        self.assertEqual(self._reminders()["first"].user_id, self.north_manager)

    def test_an_ended_stay_reminds_nobody(self):
        self._remind()
        self.assertTrue(self._reminders())
        self.stay_astrid.date_to = self._day(-1)
        self._remind()
        self.assertFalse(self._reminders())

    def test_a_reminder_names_nobody(self):
        self._remind()
        for activity in self._reminders().values():
            for text in (activity.summary, activity.res_name, activity.note, activity.display_name):
                self.assertNotIn("Ek", str(text).split())
                self.assertNotIn("Astrid", str(text))

    def test_the_cron_runs_in_batches(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.cron_plan_reminders").method_direct_trigger()
        self.assertIn("first", self._reminders())

    def test_queries_do_not_grow_with_stays(self):
        def count(stays):
            stays._update_plan_reminders()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            stays._update_plan_reminders()
            return self.env.cr.sql_log_count - before

        few = count(self.stay_astrid)
        clients = [self._client("Klient", str(number)) for number in range(10)]
        stays = self.env["care.stay"].concat(*(self._stay(client, self.north, -30) for client in clients))
        self.assertLessEqual(count(stays), few + 1)
