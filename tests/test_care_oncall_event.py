from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.care_oncall_event import EVENT_TRANSITIONS
from ..models.care_oncall_shift_closing import EVENT_FROZEN
from ..tools.phone_digits import digits
from .common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallEvent(OncallCase, TransactionCase):
    def _new(self, user=None):
        shift = self._as(user or self.oncall_staff, self.shift)
        return self.env["care.oncall.event"].browse(shift.action_new_event()["res_id"])

    def test_a_new_event_is_saved_before_anything_is_typed(self):
        event = self._new()
        self.assertEqual(event.state, "open")
        self.assertTrue(event.reference and event.received_at)
        self.assertEqual(event.employee_ids, self._employee(self.oncall_staff))
        self.assertIn(event, self._as(self.oncall_staff, self.shift).open_event_ids)

    def test_no_event_without_an_open_shift(self):
        planned = self._shift(self.oncall_staff, start=30, state="planned")
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, planned).action_new_event()
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, self.env["care.oncall.shift"]).action_new_event()
        self._as(self.oncall_lead, self.shift).action_close()
        for write in (
            lambda: self._as(self.oncall_staff, self.shift).action_new_event(),
            lambda: self._event(),
        ):
            with self.assertRaises(UserError):
                write()

    def test_only_the_crew_writes(self):
        colleague = self._user("colleague", "social_care.group_oncall_staff")
        self._member(self.oncall, colleague)
        event = self._event()
        self.assertTrue(self._as(colleague, event).read(["state"]))
        for write in (
            lambda: self._as(colleague, event).write({"description": "x"}),
            lambda: self._as(colleague, event).action_done(),
            lambda: self._as(colleague, self.shift).action_new_event(),
        ):
            with self.assertRaises(AccessError):
                write()

    def test_a_number_is_found_however_it_is_written(self):
        for written in (
            "070-174 06 05", "0701740605", "+46 70 174 06 05", "+46 (0)70-174 06 05", "0046701740605", "46701740605",
            "tel:+46-70-1740605", " 070 174 06 05 ",
        ):  # fmt: skip
            self.assertEqual(digits(written), "46701740605", written)
            event = self._new()
            with Form(self._as(self.oncall_staff, event)) as form:
                form.caller_phone = written
            self.assertEqual(event.client_id, self.astrid, written)
            self.assertEqual(event.dwelling_id, self.dwelling)
            self.assertEqual(event.caller_kind, "client")
        for nothing in ("", None, False, "okänt"):
            self.assertFalse(digits(nothing))

    def test_a_number_finds_nobody_whom_the_shift_may_not_see(self):
        self.bo.phone = "070-174 06 99"
        self.astrid.protection_level = "marked"
        for number in ("070-174 06 99", "070-174 06 05"):
            event = self._new()
            with Form(self._as(self.oncall_staff, event)) as form:
                form.caller_phone = number
            self.assertFalse(event.client_id)
            self.assertFalse(self._as(self.oncall_staff, event).found_card_ids)
            self.assertFalse(self._as(self.oncall_staff, self.env["care.client.card"]).name_search(number))

    def test_a_number_finds_earlier_events(self):
        first = self._event(caller_phone="08-123 456 78", caller_name="Granne", area_id=self.area.id)
        event = self._new()
        with Form(self._as(self.oncall_staff, event)) as form:
            form.caller_phone = "+46812345678"
        self.assertEqual(event.caller_name, "Granne")
        self.assertEqual(event.area_id, self.area)
        self.assertEqual(self._as(self.oncall_staff, event).earlier_event_ids, first)
        found = self._as(self.oncall_staff, event.browse()).search([("display_name", "ilike", "0812345678")])
        self.assertEqual(found, first | event)

    def test_the_crew_chooses_by_name_and_flat(self):
        cards = self._as(self.oncall_staff, self.env["care.client.card"])
        for text in ("astrid", "Ek Astrid", "1203", "Björkvägen", self.astrid.reference, "0701740605"):
            self.assertEqual(
                [label for _id, label in cards.name_search(text)], ["Astrid Ek · Björkvägen 1, 1203"]
            )
        self.assertFalse(cards.name_search("Bo Al"))
        event = self._new()
        with Form(self._as(self.oncall_staff, event)) as form:
            form.card_id = cards.search([])
        self.assertEqual(event.client_id, self.astrid)
        self.assertEqual(event.client_unit_id, self.north)

    def test_clocks(self):
        with freeze_time(self.now):
            event = self._new()
        with freeze_time(self.now + timedelta(minutes=4)):
            self._as(self.oncall_staff, event).action_depart()
        self.assertEqual(event.kind, "callout")
        with freeze_time(self.now + timedelta(minutes=16)):
            self._as(self.oncall_staff, event).action_arrive()
            with self.assertRaises(UserError):
                self._as(self.oncall_staff, event).action_arrive()
        self.assertEqual(event.response_minutes, 16)
        with freeze_time(self.now + timedelta(minutes=60)):
            self._as(self.oncall_staff, event).action_leave()
        self.assertEqual(event.left_at, self.now + timedelta(minutes=60))

    def test_wrong_values_are_refused(self):
        event = self._event()
        with self.assertRaises(ValidationError):
            event.received_at = self.now + timedelta(hours=1)
        for vals in (
            {"departed_at": self.now, "arrived_at": self.now - timedelta(minutes=1)},
            {"arrived_at": self.now, "left_at": self.now - timedelta(minutes=1)},
            {"calm_before": 11},
            {"calm_after": -1},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                event.write(vals)

    def test_calm_that_was_not_asked_is_not_zero(self):
        self.assertIs(self._event().calm_before, False)
        event = self._event(calm_before=0, calm_after=6)
        self.assertEqual((event.calm_before, event.calm_gain), (0, 6))

    def test_every_edge_of_the_states(self):
        verbs = {"done": "action_done", "handed_on": "action_hand_on", "open": "action_reopen"}
        for state, targets in EVENT_TRANSITIONS.items():
            for target, verb in verbs.items():
                event = self._event()
                event._move({"state": state})
                with self.subTest(state=state, target=target):
                    if target in targets:
                        getattr(event, verb)()
                        self.assertEqual(event.state, target)
                    else:
                        with self.assertRaises(UserError):
                            getattr(event, verb)()
        with self.assertRaises(UserError):
            self._event().write({"state": "done"})

    def test_two_who_write_at_once_do_not_overwrite_one_another(self):
        colleague = self._user("colleague", "social_care.group_oncall_staff")
        self._member(self.oncall, colleague)
        self.shift.employee_ids |= self._employee(colleague)
        event = self._event(description="Orolig")
        self._as(self.oncall_staff, event).write(
            {"description": "Lugn", "base_values": {"description": "Orolig"}}
        )
        with self.assertRaises(UserError) as refused:
            self._as(colleague, event).write({"description": "Arg", "base_values": {"description": "Orolig"}})
        self.assertIn("Lugn", str(refused.exception))
        self._as(colleague, event).write({"action_taken": "Samtal", "base_values": {"action_taken": False}})
        self._as(colleague, event).write({"reason": "conflict", "base_values": {"reason": "anxiety"}})
        self.assertEqual(
            (event.description, event.action_taken, event.reason), ("Lugn", "Samtal", "conflict")
        )

    def test_opened_by_mistake(self):
        event = self._new()
        self._as(self.oncall_staff, event).action_discard()
        self.assertFalse(event.exists())
        begun = self._event(description="Något")
        with self.assertRaises(UserError):
            self._as(self.oncall_staff, begun).action_discard()

    def test_the_hour_is_the_companys(self):
        with freeze_time("2026-10-25 02:30:00"):
            self.shift._move({"date_start": "2026-10-24 20:00:00", "date_end": "2026-10-25 06:00:00"})
            before = self._event(received_at="2026-10-25 00:30:00")
            after = self._event(received_at="2026-10-25 01:30:00")
        self.assertEqual((before.hour, after.hour), ("02", "02"), "the hour that comes twice")

    def test_calls_per_client_are_counted_in_the_owning_unit(self):
        for _number in range(3):
            self._event(client_id=self.astrid.id)
        self.assertEqual(self._as(self.north_staff, self.astrid).oncall_event_count, 3)
        self._stay(self.astrid, self.south, -5)
        self.assertEqual(self._as(self.south_staff, self.astrid).oncall_event_count, 0)

    def test_the_nights_are_counted_by_hour_kind_and_response(self):
        self._event(kind="callout", received_at=self.now - timedelta(minutes=30), arrived_at=self.now)
        self._event(kind="callout", received_at=self.now - timedelta(minutes=10), arrived_at=self.now)
        self._event(kind="callout")
        log = self._as(self.oncall_staff, self.env["care.oncall.event"])
        groups = log.formatted_read_group([], ["kind"], ["__count", "response_minutes:avg"])
        self.assertEqual([(group["__count"], group["response_minutes:avg"]) for group in groups], [(3, 20)])
        by_hour = log.formatted_read_group([], ["hour", "kind"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in by_hour), 3)

    def test_frozen_columns_are_all_there(self):
        names = {
            name
            for name, field in self.env["care.oncall.event"]._fields.items()
            if field.store and field.column_type
        }
        self.assertLessEqual(set(EVENT_FROZEN), names)

    def test_queries_do_not_grow_with_the_log(self):
        specification = {
            name: {} for name in ("reference", "kind", "reason", "client_name", "received_at", "state")
        }

        def queries():
            log = self._as(self.oncall_staff, self.env["care.oncall.event"])
            before = self.cr.sql_log_count
            log.web_search_read([], specification, limit=80)
            return self.cr.sql_log_count - before

        self._event(client_id=self.astrid.id)
        few = min(queries() for _try in range(3))
        for _number in range(30):
            self._event(client_id=self.astrid.id)
        self.assertLessEqual(min(queries() for _try in range(2)), few)
