from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareHandoverMyDay(OncallCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "Ring henne")

    def _unread(self, user):
        return self._as(user, self.env["care.handover"]).unread_for_me()

    def test_the_unit_that_it_was_sent_to_sees_it_and_no_other(self):
        mine = self._unread(self.north_staff)
        self.assertEqual(mine["count"], 1)
        (row,) = mine["handovers"]
        name = f"Astrid Ek · {self.astrid.reference} · 1940"  # namesakes are told apart here, too
        self.assertEqual((row["id"], row["client_name"], row["body"]), (self.handover.id, name, "Ring henne"))
        for user in (self.south_staff, self.oncall_staff, self.oncall_lead, self.supporter, self.care_admin):
            self.assertEqual(self._unread(user)["count"], 0, user.login)

    def test_it_is_gone_when_someone_has_confirmed(self):
        self._as(self.north_manager, self.handover).action_read()
        self.assertEqual(self._unread(self.north_staff)["count"], 0)

    def test_it_ages_visibly(self):
        for hours, colour in ((0, "info"), (5, "warning"), (13, "danger")):
            with freeze_time(self.now + timedelta(hours=hours, minutes=1)):
                (row,) = self._unread(self.north_staff)["handovers"]
            self.assertEqual((row["hours"], row["colour"]), (hours, colour))

    def test_a_protected_person_is_not_named_and_a_locked_out_reader_sees_nothing(self):
        self.env["care.client.lockout"].create(
            {"client_id": self.astrid.id, "user_id": self.north_staff.id, "reason": "Släkt"}
        )
        self.assertEqual(self._unread(self.north_staff)["count"], 0)
        self.astrid.protection_level = "marked"
        (row,) = self._unread(self.north_manager)["handovers"]
        self.assertEqual(row["client_name"], self.astrid.reference)

    def test_the_oldest_come_first_and_the_rest_is_a_number(self):
        event = self._event(client_id=self.astrid.id)
        for number in range(4):
            event._send_handover(self.north, str(number))
        unread = self._unread(self.north_staff)
        self.assertEqual(unread["count"], 5)
        self.assertEqual(len(unread["handovers"]), 3)
        self.assertEqual(unread["handovers"][0]["id"], self.handover.id)

    def test_queries_do_not_grow_with_the_unread(self):
        counts = []
        for more in (2, 20):
            event = self._event(client_id=self.astrid.id)
            for _number in range(more):
                event._send_handover(self.north, "x")
            self._unread(self.north_staff)
            handovers = self._as(self.north_staff, self.env["care.handover"])
            before = self.cr.sql_log_count
            handovers.unread_for_me()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, "one more to count what is not shown")


@tagged("post_install", "-at_install")
class TestCareHandoverTour(OncallCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_morning_reads_what_the_night_wrote(self):
        old, new = (
            self._event(client_id=self.astrid.id)._send_handover(self.north, body) for body in ("Ring", "Gå")
        )
        self.env.cr.execute(
            "UPDATE care_handover SET sent_at = sent_at - interval '13 hours' WHERE id = %s", (old.id,)
        )
        self.env.invalidate_all()
        self.start_tour("/odoo/my-day", "care_handover_my_day", login="north_staff")
        self.env.invalidate_all()
        self.assertEqual((old.state, old.read_by_id), ("read", self.north_staff))
        self.assertEqual((new.state, new.read_by_id), ("read", self.north_staff))


@tagged("post_install", "-at_install")
class TestCareHandoverListTour(OncallCase, HttpCase):
    browser_size = "1400x900"

    def test_the_list_of_the_day_shows_them_too(self):
        handover = self._event(client_id=self.astrid.id)._send_handover(self.north, "Ring")
        self.start_tour("/odoo/my-day", "care_handover_my_day_list", login="north_staff")
        self.env.invalidate_all()
        self.assertEqual((handover.state, handover.read_by_id), ("read", self.north_staff))
