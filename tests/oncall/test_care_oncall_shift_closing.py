from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools.frozen import thawed
from ..common_race import RaceCase

TABLES = ("care_oncall_event_staff", "care_oncall_event", "care_oncall_shift_crew", "care_oncall_shift")


@tagged("post_install", "-at_install")
class TestCareOncallAtTheSameTime(RaceCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            now = fields.Datetime.now()
            unit = env["care.unit"].create({"name": "Samtidiga jouren", "code": "SAMJOUR", "kind": "on_call"})
            shift = env["care.oncall.shift"].create(
                {
                    "unit_id": unit.id,
                    "date_start": now - timedelta(hours=1),
                    "date_end": now + timedelta(hours=7),
                }
            )
            shift._write_decided({"state": "open"})
            event = env["care.oncall.event"].create(
                {
                    "unit_id": unit.id,
                    "shift_id": shift.id,
                    "description": "Orolig",
                    "reason": "anxiety",
                }
            )
            event.action_done()
            self.unit, self.shift, self.event = unit.id, shift.id, event.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr, thawed(cr, *TABLES):
            cr.execute("DELETE FROM care_oncall_event WHERE unit_id = %s", [self.unit])
            cr.execute("DELETE FROM care_oncall_shift WHERE unit_id = %s", [self.unit])
            cr.execute("DELETE FROM care_oncall_coverage WHERE unit_id = %s", [self.unit])
            cr.execute("DELETE FROM care_unit WHERE id = %s", [self.unit])

    def _write(self, description):
        def write(env):
            event = env["care.oncall.event"].browse(self.event)
            event.with_context(care_seen={"description": "Orolig"}).web_save({"description": description}, {})
            env.flush_all()

        return write

    def _new_event(self, env):
        env["care.oncall.event"].create({"unit_id": self.unit, "shift_id": self.shift, "reason": "other"})
        env.flush_all()

    def _close(self, env):
        env["care.oncall.shift"].browse(self.shift).action_close()
        env.flush_all()

    def _state(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT h.state, count(*), count(*) FILTER (WHERE e.state = 'open') FROM care_oncall_shift h"
                " JOIN care_oncall_event e ON e.shift_id = h.id WHERE h.id = %s GROUP BY h.id",
                [self.shift],
            )
            return cr.fetchone()

    def test_the_second_to_write_is_told_and_not_heard(self):
        error, tries = self._race(self._write("Lugn"), self._write("Arg"))
        self.assertIsInstance(error, UserError)
        self.assertIn("Lugn", str(error))
        self.assertGreater(tries, 1)
        with self.registry.cursor() as cr:
            cr.execute("SELECT description FROM care_oncall_event WHERE id = %s", [self.event])
            self.assertEqual(cr.fetchone(), ("Lugn",))

    def test_no_event_slips_into_a_shift_that_is_being_closed(self):
        error, _tries = self._race(self._close, self._new_event)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self._state(), ("closed", 1, 0))

    def test_a_shift_is_not_closed_over_an_event_that_is_being_written(self):
        error, _tries = self._race(self._new_event, self._close)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self._state(), ("open", 2, 1))

    def test_two_who_close_at_once(self):
        error, _tries = self._race(self._close, self._close)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self._state(), ("closed", 1, 0))
