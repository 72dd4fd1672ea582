from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEventWriting(OncallCase, TransactionCase):
    """Who may write in the log, and two who write at once."""

    def test_only_the_crew_writes(self):
        colleague = self._user("colleague", "social_care.group_oncall_staff")
        self._member(self.oncall, colleague)
        event = self._event()
        self.assertTrue(self._as(colleague, event).read(["state"]))
        for write in (
            lambda: self._as(colleague, event).write({"description": "x"}),
            lambda: self._as(colleague, event).action_done(),
            lambda: self._as(colleague, self.shift).action_new_event(),
            lambda: self._as(colleague, event).create({"shift_id": self.shift.id, "unit_id": self.oncall.id}),
            lambda: self._by_default(colleague, self.oncall),
        ):
            with self.assertRaises(AccessError):
                write()

    def _by_default(self, user, unit):
        """An event whose shift the context names, and not the caller."""
        events = self._as(user, self.env["care.oncall.event"]).with_context(default_shift_id=self.shift.id)
        return events.create({"unit_id": unit.id})

    def test_the_shift_decides_the_team(self):
        other = self._unit("Andra jouren", kind="on_call")
        self._member(other, self.oncall_staff)
        self.assertEqual(self._by_default(self.oncall_staff, other).unit_id, self.oncall)

    def test_two_who_write_at_once_do_not_overwrite_one_another(self):
        colleague = self._user("colleague", "social_care.group_oncall_staff")
        self._member(self.oncall, colleague)
        self.shift.employee_ids |= self._employee(colleague)
        event = self._event(description="Orolig")

        def save(user, name, value, seen):
            self._as(user, event).with_context(care_seen={name: seen}).web_save({name: value}, {})

        save(self.oncall_staff, "description", "Lugn", "Orolig")
        with self.assertRaises(UserError) as refused:
            save(colleague, "description", "Arg", "Orolig")
        self.assertIn("Lugn", str(refused.exception))
        save(colleague, "action_taken", "Samtal", False)
        save(colleague, "reason", "conflict", "anxiety")
        self.assertEqual(
            (event.description, event.action_taken, event.reason), ("Lugn", "Samtal", "conflict")
        )

    def test_no_event_without_an_open_shift(self):
        planned = self._shift(self.oncall_staff, start=30, state="planned")
        with self.assertRaisesRegex(UserError, "has not been opened"):
            self._as(self.oncall_staff, planned).action_new_event()
        with self.assertRaisesRegex(UserError, "You are in no open shift"):
            self._as(self.oncall_staff, self.env["care.oncall.shift"]).action_new_event()
        self._as(self.oncall_lead, self.shift).action_close()
        for write in (
            lambda: self._as(self.oncall_staff, self.shift).action_new_event(),
            lambda: self._event(),
        ):
            with self.assertRaisesRegex(UserError, "The shift is closed"):
                write()
