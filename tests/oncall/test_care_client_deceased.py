from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common_plan import CarePlanCase

TOLD = "social_care.activity_type_deceased"


@tagged("post_install", "-at_install")
class TestCareClientDeceased(CarePlanCase, TransactionCase):
    """B2: a death that one unit notes is known in all that have the file, and nothing waits for the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stay_south = cls._stay(cls.astrid, cls.south, -20)
        cls._contact_person(cls.astrid, cls.south, cls.south_staff)

    def _die(self, user=None, day=0):
        self._as(user or self.north_staff, self.astrid).action_deceased(self._day(day))
        self.env.invalidate_all()

    def _take_back(self, user=None):
        self._as(user or self.north_staff, self.astrid).action_take_back_deceased()
        self.env.invalidate_all()

    def _told(self, stay):
        return stay.activity_ids.filtered(lambda a: a.activity_type_id == self.env.ref(TOLD)).user_id

    def _order(self, **vals):
        return self.env["care.check.visit"].create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, **vals}
        )

    def _ahead(self, plan):
        visits = self.env["care.visit"].search([("plan_id", "=", plan.id), ("state", "=", "planned")])
        return sorted(visits.mapped("start"))

    def test_b2_all_stays_and_plans_end(self):
        plan, other = self._active_plan(), self._active_plan(unit=self.south, contact=self.south_staff)
        self._as(self.north_manager, self.stay_astrid).action_end(self._day(-1), "deceased")
        self.env.invalidate_all()
        self.assertEqual(self.astrid.deceased_on, self._day(-1))
        for stay in (self.stay_astrid, self.stay_south):
            self.assertEqual(
                (stay.state, stay.end_reason, stay.date_to), ("ended", "deceased", self._day(-1))
            )
            self.assertTrue(stay.closes_at)
        self.assertEqual((plan.state, other.state), ("ended", "ended"))
        self.assertEqual((self._ahead(plan), self._ahead(other)), ([], []))

    def test_b2_those_responsible_in_every_unit_are_told(self):
        self._die()
        self.assertEqual(self._told(self.stay_south), self.south_staff | self.south_manager)
        self.assertEqual(self._told(self.stay_astrid), self.north_manager, "not whoever noted it")
        activity = self.stay_south.activity_ids[:1]
        for text in (activity.summary, activity.res_name, activity.activity_type_id.name):
            self.assertNotIn("Astrid", text or "")
            self.assertNotIn("Ek", (text or "").split())
        with self.enter_registry_test_mode():
            for cron in ("care_stay_cron_end", "care_stay_cron_remind"):
                self.env.ref(f"social_care.{cron}").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._told(self.stay_south), self.south_staff | self.south_manager)

    def test_b2_lists_and_headers_say_so(self):
        self._die()
        for user in (self.north_staff, self.south_manager):
            self.assertEqual(self._as(user, self.astrid).listed_name, "Ek, Astrid †")
            label = self._as(user, self.astrid)._reader_labels()[self.astrid.id]
            self.assertEqual(label, f"Astrid Ek · {self.astrid.reference} · 1940 †")
            self.assertEqual(self._as(user, self.astrid).deceased_on, self.today)
        self.astrid.protection_level = "marked"
        self.assertEqual(self.astrid.listed_name, f"{self.astrid.reference} †")
        self.assertEqual(self.astrid.display_name, self.astrid.reference)

    def test_b2_what_waits_is_cancelled_and_what_is_due_stays(self):
        order = self._order()
        wish = self.env["care.staff.choice"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.south.id,
                "task_type_id": self.env.ref("social_care.task_type_conversation").id,
                "employee_id": self._employee(self.south_staff).id,
            }
        )
        draft = self.env["care.journal.entry"].create(
            {"client_id": self.astrid.id, "unit_id": self.north.id, "body": "Lugn kväll", "kind": "note"}
        )
        self.env["care.stay"]._remind()
        (self.stay_astrid | self.stay_south)._update_plan_reminders()
        self._die()
        self.assertEqual((order.state, wish.state), ("cancelled", "ended"))
        self.assertEqual(draft.state, "draft")
        for stay in (self.stay_astrid, self.stay_south):
            self.assertEqual(stay.activity_ids.activity_type_id, self.env.ref(TOLD))
        self._take_back()
        self.assertEqual((order.state, wish.state), ("ordered", "wished"))

    def test_b2_a_mistake_is_taken_back_whole(self):
        plan, other = self._active_plan(), self._active_plan(unit=self.south, contact=self.south_staff)
        planned = self._stay(self.bo, self.north, 10, 20)
        ahead = (self._ahead(plan), self._ahead(other))
        self._die()
        self._take_back()
        self.assertFalse(self.astrid.deceased_on)
        for stay in (self.stay_astrid, self.stay_south):
            self.assertEqual((stay.state, stay.end_reason, stay.date_to), ("active", False, False))
            self.assertFalse(self._told(stay))
        self.assertEqual((plan.state, other.state), ("active", "active"))
        self.assertEqual((self._ahead(plan), self._ahead(other)), ahead)
        self._as(self.south_manager, self.bo).action_deceased()
        self.env.invalidate_all()
        self.assertEqual((planned.state, planned.closes_at), ("ended", planned.opens_at))
        self.assertFalse(self._as(self.north_staff, planned).has_access("read"))
        with freeze_time(self.today + timedelta(days=11, hours=12)):
            self.assertFalse(self._as(self.north_staff, planned).has_access("read"))
        self._as(self.south_manager, self.stay_bo).action_reopen()
        self.env.invalidate_all()
        self.assertEqual(
            (planned.state, planned.date_to, self.bo.deceased_on), ("planned", self._day(20), False)
        )

    def test_b2_later_only_the_day_is_taken_back_and_by_a_manager(self):
        plan = self._active_plan()
        self._die()
        with freeze_time(self.today + timedelta(days=3, hours=12)):
            with self.assertRaises(AccessError):
                self._take_back()
            self._take_back(self.south_manager)
            self.assertFalse(self.astrid.deceased_on)
            self.assertEqual((self.stay_astrid.state, plan.state), ("ended", "ended"))

    def test_b2_the_card_says_so_for_a_day_without_a_telephone(self):
        self.env["care.night.card"].create(
            {
                "client_id": self.astrid.id,
                "unit_id": self.north.id,
                "what_helps": "Te",
                "approved_by": "client",
            }
        )
        now = datetime.now().replace(microsecond=0)
        self.env["care.oncall.shift"].create(
            {
                "unit_id": self.oncall.id,
                "date_start": now - timedelta(hours=1),
                "date_end": now + timedelta(hours=8),
                "employee_ids": self._employee(self.oncall_staff).ids,
            }
        ).action_open()
        cards = self.env["care.client.card"]
        domain = [("client_id", "=", self.astrid.id)]
        card = self._as(self.oncall_staff, cards).search(domain)
        self.assertTrue(card.phone and card.what_helps)
        self._die()
        card = self._as(self.oncall_staff, cards).search(domain)
        self.assertEqual((card.deceased_on, card.phone, card.what_helps), (self.today, False, False))
        self.assertIn("deceased", card._reader_labels()[card.id])
        self.stay_astrid.ended_at = now - timedelta(hours=25)
        self.assertFalse(self._as(self.oncall_staff, cards).search(domain))

    def test_b2_taken_back_opens_no_longer_than_before(self):
        """Nobody who works with a file keeps it open by a death and its taking back."""
        self.stay_astrid.date_to = self.today
        self._die()
        with freeze_time(self.today + timedelta(days=1, hours=12)):
            self.env.invalidate_all()
            self._take_back()
            stay = self.stay_astrid
            self.assertEqual((stay.state, stay.date_to, stay.end_reason), ("ended", self.today, False))
            self.assertEqual(self.stay_south.state, "active")

    def test_b2_taken_back_where_others_live_by_now(self):
        room = {"name": "3", "unit_id": self.south.id, "street": "Ängen 1", "area_id": self.area.id}
        self.stay_south.dwelling_id = self.env["care.dwelling"].create(room)
        self._die()
        with freeze_time(self.today + timedelta(days=1, hours=12)):
            self._stay(self._client("Eva", "Ny"), self.south, 1, dwelling_id=self.stay_south.dwelling_id.id)
            self._take_back()
            self.assertEqual((self.stay_south.state, self.stay_south.dwelling_id.id), ("active", False))

    def test_b2_a_death_of_weeks_ago_is_told_to_the_managers(self):
        self._die(day=-21)
        for _time in range(2):
            self.assertEqual(self._told(self.stay_south), self.south_manager)
            self.assertFalse(self._as(self.south_staff, self.stay_south).has_access("read"))
            with self.enter_registry_test_mode():
                self.env.ref("social_care.care_stay_cron_end").method_direct_trigger()
            self.env.invalidate_all()

    def test_b2_nobody_is_told_that_who_has_died_arrives(self):
        planned = self._stay(self.cilla, self.south, 3)
        self._as(self.north_manager, self.cilla).action_deceased()
        self.env["care.stay"]._remind()
        self.assertEqual(planned.activity_ids.activity_type_id, self.env.ref(TOLD))

    def test_b2_who_has_died_does_not_stay_on(self):
        plan = self._active_plan()
        self._as(self.north_manager, self.stay_astrid).action_end(self.today, "own_home")
        self._die(self.south_staff)
        stay = self._as(self.north_manager, self.stay_astrid)
        with self.assertRaisesRegex(UserError, "has died"), self.cr.savepoint():
            stay.action_reopen()
        with self.assertRaisesRegex(UserError, "has died"), self.cr.savepoint():
            stay.write({"date_to": False})
        unit = self._unit("Väst")
        with self.assertRaisesRegex(UserError, "has died"), self.cr.savepoint():
            self._stay(self.astrid, unit, -10)
        self._stay(self.astrid, unit, -10, -1)
        self.env.invalidate_all()
        self.assertEqual((self.stay_astrid.state, plan.state), ("ended", "ended"))

    def test_b2_who_may_note_it(self):
        self._lockout(self.astrid, self.south_manager)
        for user in (self.south_manager, self.oncall_staff, self.privacy_officer, self.supporter):
            with self.assertRaises(AccessError):
                self._die(user)
        self.assertFalse(self._as(self.north_staff, self.bo).has_access("read"))
        with self.assertRaises(AccessError):
            self._as(self.north_staff, self.bo).action_deceased()
        with self.assertRaises(UserError):
            self._die(day=1)
        with self.assertRaises(UserError):
            self._as(self.north_staff, self.astrid).write({"deceased_on": self.today})
        self._die()
        with self.assertRaisesRegex(UserError, "already"):
            self._die()
        self.assertFalse(
            self._told(self.stay_south) & self.south_manager, "who is locked out is told nothing"
        )

    def test_b2_nobody_moves_in_who_has_died(self):
        self._die(day=-1)
        with self.assertRaises(ValidationError):
            self._stay(self.astrid, self.north, 0)
        with self.assertRaises(UserError):
            self._as(self.south_manager, self.stay_bo).write({"end_reason": "deceased"})
        self._as(self.south_manager, self.stay_bo).write({"end_reason": "deceased", "date_to": self.today})
        self.assertEqual((self.bo.deceased_on, self.stay_bo.state), (self.today, "ended"))
