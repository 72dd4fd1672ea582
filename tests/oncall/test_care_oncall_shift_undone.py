from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_oncall import OncallCase

REASON = "Två utryckningar tog hela kvällen"


@tagged("post_install", "-at_install")
class TestCareOncallShiftUndone(OncallCase, TransactionCase):
    """What is undone is listed, handed over in one tap, and told in the report."""

    def setUp(self):
        super().setUp()
        self.over = self._visit(window_start=self.now, window_end=self.now + timedelta(hours=2))
        self.later = self._visit(
            window_start=self.now + timedelta(hours=6), window_end=self.now + timedelta(hours=12)
        )
        self.tomorrow = self._visit(
            window_start=self.now + timedelta(hours=30), window_end=self.now + timedelta(hours=32)
        )
        earlier = self._shift(self.oncall_lead, start=-10)
        self.handover = self._event(shift_id=earlier.id)._send_handover(self.oncall, "Dörren går inte i lås")
        earlier._transition("closed")
        self.following = self._shift(self.oncall_lead, start=7, state="planned")
        clock = freeze_time(self.now + timedelta(hours=6, minutes=30))
        clock.start()
        self.addCleanup(clock.stop)

    def _dialog(self, user=None):
        action = self._as(user or self.oncall_lead, self.shift).action_open_close()
        model = self._as(user or self.oncall_lead, self.env[action["res_model"]])
        return Form(model.with_context(**action["context"]))

    def _close(self):
        return self._as(self.oncall_lead, self.shift).action_close(REASON)

    def test_c4_the_dialog_lists_what_is_undone(self):
        dialog = self._dialog()
        lines = dialog.undone.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertTrue(all(self.astrid.reference in line for line in lines))
        self.assertIn(self.over._window_text(), lines[0])
        self.assertIn("Norr", lines[0])
        self.assertIn(self.following._times(), lines[1])
        self.assertNotIn("1203", dialog.undone, "the flat is the crew's alone")
        self.assertEqual(dialog.unread.splitlines(), [self.handover._sent_text()])
        self.assertNotIn("Dörren", dialog.unread)

    def test_a_lead_in_the_crew_sees_the_flat_and_one_locked_out_sees_nobody(self):
        self.shift.employee_ids |= self._employee(self.oncall_lead)
        self.assertIn("1203", self._dialog().undone)
        self._lockout(self.astrid, self.oncall_lead)
        dialog = self._dialog()
        self.assertNotIn("1203", dialog.undone)
        self.assertNotIn(self.astrid.reference, dialog.undone)
        self.assertEqual(len(dialog.undone.splitlines()), 2, "there is something undone all the same")

    def test_without_a_reason_it_stays_open(self):
        for reason in (None, "", "  ", False, ["x"]):
            with self.assertRaisesRegex(UserError, "not done"), self.env.cr.savepoint():
                self._as(self.oncall_lead, self.shift).action_close(reason)
        self.assertEqual(self.shift.state, "open")

    def test_who_closes(self):
        stranger = self._user("stranger", "social_care.group_oncall_lead")
        self._member(self._unit("Andra jouren", kind="on_call"), stranger)
        for user in (self.oncall_staff, stranger, self.north_manager):
            for verb in ("action_open_close", "action_close"):
                with self.subTest(user=user.login, verb=verb), self.assertRaises(AccessError):
                    getattr(self._as(user, self.shift), verb)()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                wizards = self._as(user, self.env["care.oncall.shift.close"])
                wizards.onchange({"shift_id": self.shift.id}, ["shift_id"], {"undone": {}, "unread": {}})

    def test_c4_one_tap_hands_all_over(self):
        dialog = self._dialog()
        dialog.reason = REASON
        dialog.save().action_close()
        self.assertEqual(self.shift.state, "closed")
        # whose time is over is not done, and the day staff of the unit are told
        self.assertEqual((self.over.state, self.over.outcome), ("not_done", REASON))
        told = self._as(self.north_staff, self.env["care.handover"]).search(
            [("client_id", "=", self.astrid.id)]
        )
        self.assertEqual(told.unit_id, self.north)
        self.assertIn(REASON, told.body)
        # whose time goes on is the next shift's, which reads so and has the order itself
        self.assertEqual(self.later.state, "ordered")
        self.assertEqual(self.tomorrow.state, "ordered")
        with freeze_time(self.now + timedelta(hours=7)):
            self.following._transition("open")
            following = self._as(self.oncall_lead, self.following)
            self.assertIn(self.handover, following.handover_ids, "unread by the last shift")
            self.assertTrue(any(REASON in handover.body for handover in following.handover_ids))
            self.assertEqual(following.visit_ids, self.later)

    def test_what_is_ordered_while_the_dialog_is_open_is_listed_before_it_is_closed(self):
        dialog = self._dialog()
        dialog.reason = REASON
        new = self._visit(
            window_start=self.now + timedelta(hours=6), window_end=self.now + timedelta(hours=6, minutes=45)
        )
        wizard = dialog.save()
        again = wizard.action_close()
        self.assertEqual((self.shift.state, new.state), ("open", "ordered"))
        dialog = Form(
            self._as(self.oncall_lead, self.env[again["res_model"]]).with_context(**again["context"])
        )
        self.assertIn(new._window_text(), dialog.undone)
        self.assertEqual(dialog.reason, REASON, "it need not be written again")
        dialog.save().action_close()
        self.assertEqual((self.shift.state, new.state), ("closed", "not_done"))

    def test_an_event_that_is_shut_to_all_keeps_no_shift_open(self):
        """The client is protected while the crew is there; nobody of the team opens the event any more."""
        for visit in (self.over, self.later):
            self._as(self.oncall_staff, visit).action_not_done("Hon sov")
        event = self._event(client_id=self.astrid.id, description="Orolig")
        with self.assertRaisesRegex(UserError, event.reference):
            self._as(self.oncall_lead, self.shift).action_open_close()
        self.astrid.protection_level = "marked"
        self._dialog().save().action_close()
        self.assertEqual((self.shift.state, event.state), ("closed", "done"))

    def test_an_event_that_one_of_the_crew_opens_is_theirs_to_end(self):
        event = self._event(client_id=self.astrid.id, description="Orolig")
        self._lockout(self.astrid, self.oncall_lead)
        with self.assertRaisesRegex(UserError, event.reference):
            self._as(self.oncall_lead, self.shift).action_close(REASON)
        self._lockout(self.astrid, self.oncall_staff)
        self._close()
        self.assertEqual((self.shift.state, event.state), ("closed", "done"))

    def test_c4_the_report_says_not_done_and_stays(self):
        self._close()
        report = self._report()
        self.assertEqual(report.count("Ordered visit, not done"), 2)
        self.assertIn(REASON, report)
        self.assertIn(self.handover._sent_text(), report)
        self.assertNotIn("Astrid", report)
        with freeze_time(self.now + timedelta(hours=8)):
            self.following._transition("open")
            self._as(self.oncall_lead, self.handover).action_read()
            self._as(self.oncall_lead, self.later).action_not_done("Hon sov")
            self.assertEqual(self._report(), report)
        undone = self.shift.event_ids.filtered("is_undone_visit")
        self.assertEqual(undone.client_id, self.astrid)
        with self.assertRaises(UserError):
            undone.write({"description": "x"})
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE care_oncall_event SET is_undone_visit = FALSE WHERE id = %s", undone.ids[:1]
            )

    def _report(self):
        reports = self.env["ir.actions.report"].with_user(self.oncall_lead).with_context(lang="en_US")
        self.env.invalidate_all()
        html, _kind = reports._render_qweb_html(
            "social_care.care_oncall_shift_report_document", self.shift.ids
        )
        return html.decode()

    def test_nobody_marks_an_event_as_undone(self):
        event = self._event()
        for write in (
            lambda: self._as(self.oncall_staff, event).write({"is_undone_visit": True}),
            lambda: self._as(self.oncall_lead, event.browse()).create(
                {"shift_id": self.shift.id, "unit_id": self.oncall.id, "is_undone_visit": True}
            ),
        ):
            with self.assertRaisesRegex(UserError, "by the buttons alone"):
                write()

    def test_a_colleagues_crew_goes_on(self):
        """Two crews of one team: what one leaves is the other's, as long as that one is on duty."""
        other = self._shift(self.oncall_lead, start=0)
        self._close()
        self.assertEqual(self.over.state, "ordered")
        self.assertIn(self.over, self._as(self.oncall_lead, other).visit_ids)

    def test_a_quiet_shift_asks_nothing(self):
        for visit in (self.over, self.later):
            self._as(self.oncall_staff, visit).action_not_done("Hon sov")
        self._as(self.oncall_staff, self.handover).action_read()
        dialog = self._dialog()
        self.assertFalse(dialog.undone or dialog.unread)
        dialog.save().action_close()
        self.assertEqual(self.shift.state, "closed")
        self.assertNotIn("not done", self._report())

    def test_one_who_moved_out_at_midnight_keeps_no_shift_open(self):
        self.env.cr.execute(
            "UPDATE care_stay SET date_to = %s WHERE id = %s", [self._day(-1), self.stay_astrid.id]
        )
        self.env.invalidate_all()
        self._close()
        self.assertEqual((self.shift.state, self.over.state), ("closed", "not_done"))

    def test_a_visit_begun_in_a_closed_shift_is_begun_anew(self):
        event = self.env["care.oncall.event"].browse(
            self._as(self.oncall_staff, self.later).action_start()["res_id"]
        )
        self._as(self.oncall_staff, event).action_hand_on()
        self._close()
        with freeze_time(self.now + timedelta(hours=8)):
            self.following._transition("open")
            anew = self._as(self.oncall_lead, self.later).action_start()["res_id"]
            self.assertNotEqual(anew, event.id)
            self.assertEqual(self.later.event_id.shift_id, self.following)
