from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common_relative import RelativeCase


@tagged("post_install", "-at_install")
class TestCareModeDecision(RelativeCase, TransactionCase):
    """Without the board's decision the app says that contacts must be documented, where nobody misses it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env.ref("social_care.activity_mode_decision")
        cls.boss = cls._user("line_boss", "social_care.group_relative_support")
        cls._member(cls.line, cls.boss, "manager")

    def _reminders(self):
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.type.id),
                ("res_model", "=", "care.unit"),
                ("res_id", "=", self.line.id),
            ]
        )

    def _decide(self, **values):
        return self.env["care.mode.decision"].create(
            {
                "unit_id": self.line.id,
                "number": "SN 1",
                "date": self.today,
                "mode": "none",
                "date_from": self.today,
                **values,
            }
        )

    def _job(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_unit_cron_decision").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_administrator_and_the_manager_are_told_once(self):
        for _again in range(2):
            self._job()
        told = self._reminders()
        self.assertEqual(len(told), len(told.user_id))
        self.assertIn(self.boss, told.user_id)
        self.assertIn(self.care_admin, told.user_id)
        self.assertNotIn(self.supporter, told.user_id)
        for activity in told.filtered(lambda activity: activity.user_id == self.care_admin):
            self.assertEqual(
                self._as(self.care_admin, activity).read(["date_deadline"])[0]["date_deadline"], self.today
            )

    def test_a_decision_ends_the_reminder_and_its_end_brings_it_back(self):
        self._job()
        decision = self._decide(date_to=self._day(300))
        self.assertFalse(self._reminders())
        decision.date_to = self._day(40)
        self.assertEqual(set(self._reminders().mapped("date_deadline")), {self._day(40)})
        self._decide(date_from=self._day(41))
        self.assertFalse(self._reminders(), "another decision follows")

    def test_a_decision_on_another_mode_is_none(self):
        self._decide(mode="pseudonym")
        self.assertTrue(self._reminders())
        self.assertTrue(self.line.mode_unsupported)

    def test_the_contact_form_says_so_and_the_call_is_not_lost(self):
        contacts = self._supporter("care.relative.contact")
        contact = contacts.create({"unit_id": self.line.id})
        self.assertTrue(contact.mode_unsupported)
        self._decide()
        self.env.invalidate_all()
        self.assertFalse(contact.mode_unsupported)
        arch = contacts.get_view(view_type="form")["arch"]
        self.assertIn('invisible="not mode_unsupported"', arch)

    def test_a_unit_with_names_needs_none(self):
        self._as(self.supporter, self.env["care.unit.mode.change"]).create(
            {"unit_id": self.line.id, "mode": "named"}
        ).action_change()
        self.env.invalidate_all()
        self.assertFalse(self._reminders())

    def test_who_records_a_decision(self):
        for user in (self.supporter, self.north_manager, self.privacy_officer, self.oncall_lead):
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.mode.decision"]).create(
                    {
                        "unit_id": self.line.id,
                        "number": "SN 1",
                        "date": self.today,
                        "date_from": self.today,
                    }
                )
