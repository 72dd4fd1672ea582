from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase
from ..landlord.test_care_disturbance_frozen import RetentionCase


@tagged("post_install", "-at_install")
class TestCareRetentionOncall(RetentionCase, OncallCase, TransactionCase):
    """A closed shift goes with its events by an approved list of two persons; what others were told stays."""

    def setUp(self):
        super().setUp()
        self.visit = self._visit(client_id=self.astrid.id)
        crew_visit = self.visit.with_user(self.oncall_staff)
        self.told = self.env["care.oncall.event"].browse(crew_visit.action_start()["res_id"])
        self.told.write({"description": "Åskan skrämde henne.", "reason": "anxiety"})
        self.handover = self.told._send_handover(self.north, "Hon var rädd för åskan.")
        self.told.with_user(self.oncall_staff).action_done()
        self.passed_on = self._event(description="Hissen står")
        self.passed_on.with_user(self.oncall_staff).action_hand_on()
        self.shift.with_user(self.oncall_lead).action_close()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_closed_shift_goes_with_its_events(self):
        events = self.shift.event_ids
        self.assertEqual(len(events), 2)
        team_handover = self.passed_on.handover_ids
        for record in (self.shift, self.told):
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaisesRegex(UserError, "A handover is not deleted"):
            team_handover.sudo().unlink()
        self._assert_refused(
            ("DELETE FROM care_oncall_event WHERE id = %s", (self.told.id,)),
            ("DELETE FROM care_oncall_shift WHERE id = %s", (self.shift.id,)),
        )
        run = self._approved_run(self.shift)
        self.assertEqual(run.line_ids.reference, self.shift.reference)
        reference = self.told.reference
        run.action_execute()
        self.env.invalidate_all()
        self.assertFalse(self.shift.exists() or events.exists())
        self.assertFalse(team_handover.exists(), "what one crew handed on to the next is the log's own")
        for table in ("care_oncall_shift_crew", "care_oncall_event_staff"):
            column = "shift_id" if table.endswith("crew") else "event_id"
            ids = self.shift.ids if table.endswith("crew") else events.ids
            self.env.cr.execute(
                f"SELECT count(*) FROM {table} WHERE {column} = ANY(%s)",  # noqa: S608
                [ids],
            )
            self.assertFalse(self.env.cr.fetchone()[0], table)
        self.assertEqual(
            self._as(self.north_staff, self.handover).read(["body", "display_name", "event_id"]),
            [
                {
                    "id": self.handover.id,
                    "body": "Hon var rädd för åskan.",
                    "display_name": reference,
                    "event_id": False,
                }
            ],
        )
        self.assertEqual((self.visit.state, self.visit.event_id.id), ("done", False))

    def test_an_event_alone(self):
        run = self._approved_run(self.told)
        self._assert_refused(
            ("DELETE FROM care_oncall_event WHERE id = %s", (self.passed_on.id,)),
            ("UPDATE care_oncall_event SET description = 'x' WHERE id = %s", (self.told.id,)),
        )
        run.action_execute()
        self.env.invalidate_all()
        self.assertFalse(self.told.exists())
        self.assertTrue(self.shift.exists() and self.passed_on.exists())

    def test_a_run_that_is_not_approved_opens_nothing(self):
        run = self._as(self.privacy_officer, self.env["care.retention.run"]).create(
            {
                "reason": "Tre år har gått",
                "source": "SoL 17 kap.",
                "line_ids": [(0, 0, {"model": "care.oncall.shift", "reference": self.shift.reference})],
            }
        )
        self.assertEqual(run.line_ids.res_id, self.shift.id)
        run.action_propose()
        with self.assertRaises(UserError):
            self.shift.sudo().unlink()
        self._assert_refused(("DELETE FROM care_oncall_event WHERE id = %s", (self.told.id,)))

    def test_only_what_is_closed_is_listed(self):
        open_shift = self._shift(self.oncall_lead)
        event = self._event(shift_id=open_shift.id)
        for record in (open_shift, event):
            with self.subTest(record._name), self.assertRaises(UserError):
                self._approved_run(record)

    def test_a_planned_shift_is_removed_without_a_run(self):
        planned = self._shift(self.oncall_staff, start=20, state="planned")
        self._as(self.oncall_lead, planned).unlink()
        self.assertFalse(planned.exists())
