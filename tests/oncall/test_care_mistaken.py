from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ...tools.access_gathered import Gathered
from ..common_plan import CarePlanCase

WHY = "Fel person, samma efternamn"


@tagged("post_install", "-at_install")
class TestCareMistaken(CarePlanCase, TransactionCase):
    """B4: what was entered in the wrong file has a way out, and the way leaves a trace."""

    def _records(self, user=None):
        """One of each kind, entered today by ``user``."""
        file = {"client_id": self.astrid.id, "unit_id": self.north.id}
        errands = self.env.ref("social_care.task_type_conversation")
        basis = self.env.ref("social_care.legal_basis_sol_11_1")
        board = self.env["res.partner"].create({"name": "Nämnden", "is_company": True})
        values = {
            "care.decision": {"legal_basis_id": basis.id, "authority_id": board.id},
            "care.consent": {"scope": "relatives", "purpose": "Samtal"},
            "care.client.contact": {"name": "Gun"},
            "care.contact.person": {"employee_id": self._employee(self.anna).id, "role": "deputy"},
            "care.staff.choice": {"task_type_id": errands.id, "employee_id": self._employee(self.anna).id},
            "care.night.card": {"what_helps": "Te"},
        }
        user = user or self.north_manager
        return [self._as(user, self.env[name]).create([{**file, **own}]) for name, own in values.items()]

    def _take_back(self, record, user=None, reason=WHY):
        self._as(user or self.north_manager, record).action_take_back(reason)
        self.env.invalidate_all()

    def test_b4_every_record_of_a_file_that_people_type_has_the_way(self):
        kinds = {
            name
            for name, model in self.env.registry.items()
            if "mistake_reason" in model._fields and model._auto
        }
        self.assertEqual(kinds - {"care.stay"} - {"care.mistaken"}, {r._name for r in self._records()})

    def test_b4_its_writer_removes_it_while_nothing_rests_on_it(self):
        for record in self._records():
            with self.subTest(model=record._name):
                gathered = Gathered.of(self.env["care.access.log"])
                with self.assertRaisesRegex(UserError, "Say why"):
                    self._take_back(record, reason=" ")
                gathered.lines.clear()
                self._take_back(record)
                self.assertFalse(record.with_env(self.env).exists())
                lines = [line for line in gathered.lines if line.model == record._name and line.reason == WHY]
                self.assertTrue(lines, "who, what and why stay in the log")

    def test_b4_staff_take_back_their_own_alone(self):
        staff = self._as(self.north_staff, self.env["care.consent"]).create(
            [{"client_id": self.astrid.id, "unit_id": self.north.id, "scope": "photo", "purpose": "Bild"}]
        )
        colleague = self._user("north_colleague", "social_care.group_care_staff")
        self._member(self.north, colleague)
        for user in (colleague, self.south_manager, self.oncall_staff, self.privacy_officer):
            with self.assertRaises(AccessError):
                self._take_back(staff, user)
        self._take_back(staff, self.north_staff)
        self.assertFalse(staff.with_env(self.env).exists())

    def test_b4_later_a_manager_ends_it_and_it_says_so(self):
        records = self._records(self.north_manager)
        with freeze_time(self.today + timedelta(days=3, hours=12)):
            for record in records:
                record = record.with_env(self.env)
                with self.subTest(model=record._name):
                    with self.assertRaises(AccessError):
                        self._take_back(record, self.north_staff)
                    self._take_back(record)
                    self.assertEqual(record.mistake_reason, WHY)
                    if "date_to" in record._fields and record._name != "care.consent":
                        self.assertLess(record.date_to, self._day(3))
                    with self.assertRaisesRegex(UserError, "already"):
                        self._take_back(record)
            states = {record._name: record.with_env(self.env) for record in records}
            self.assertEqual(states["care.consent"].state, "withdrawn")
            self.assertEqual(states["care.staff.choice"].state, "ended")
            self.assertFalse(states["care.night.card"].active)

    def test_b4_what_rests_on_it_keeps_it(self):
        decision = self._records()[0].with_env(self.env)
        self.stay_astrid.decision_id = decision
        self._take_back(decision)
        self.assertEqual((decision.exists(), decision.mistake_reason), (decision, WHY))
        self._active_plan()
        contact = self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)])
        signed = contact.filtered(lambda row: row.user_id == self.anna and row.role == "primary")
        self._take_back(signed)
        self.assertTrue(signed.exists(), "it says as whom she signed the plan")
        self.astrid.protection_level = "marked"
        deputy = self._contact_person(self.astrid, self.north, self.north_manager, 0, role="deputy")
        self._take_back(deputy)
        self.assertTrue(deputy.exists(), "it says who could open a protected person's file")

    def test_b4_a_role_opens_nothing_from_that_moment(self):
        self.astrid.protection_level = "marked"
        self.env["care.contact.person"].search([("client_id", "=", self.astrid.id)]).date_to = self._day(-1)
        colleague = self._user("north_colleague", "social_care.group_care_staff")
        self._member(self.north, colleague)
        ahead = self._contact_person(self.astrid, self.north, colleague, 5, role="deputy")
        wrong = self._contact_person(self.astrid, self.north, colleague, 0)
        self.assertTrue(self._as(colleague, self.astrid).has_access("read"))
        self._take_back(wrong)
        self._take_back(ahead)
        self._contact_person(self.astrid, self.north, self.anna, 0)  # the right one follows the same day
        self._as(self.north_manager, wrong).write({"date_to": False})
        self.assertFalse(self._as(colleague, self.astrid).has_access("read"))
        with freeze_time(f"{self._day(5)} 12:00:00"):
            self.assertFalse(self._as(colleague, self.astrid).has_access("read"))

    def test_b4_by_the_clock_where_care_is_given(self):
        decision = self._records()[0].with_env(self.env)
        decision.date_from = self._day(-10)
        with freeze_time(self.today + timedelta(days=3, hours=12)):
            self._take_back(decision.with_context(tz="Pacific/Kiritimati"))
            self.assertEqual(decision.date_to, self._day(2))

    def test_b4_a_stay_that_had_closed_was_open_no_longer(self):
        closed = self.stay_dan.closes_at
        self._take_back(self.stay_dan)
        self.assertEqual((self.stay_dan.end_reason, self.stay_dan.closes_at), ("mistake", closed))

    def test_b4_a_consent_is_deleted_in_no_other_way(self):
        consent = self._records()[1].with_env(self.env)
        with self.assertRaises(UserError):
            consent.unlink()

    # ------------------------------------------------------------------
    # A stay
    # ------------------------------------------------------------------

    def test_b4_a_stay_opens_nothing_from_that_moment(self):
        stay = self._stay(self.bo, self.north, -3)
        self._contact_person(self.bo, self.north, self.anna, 0)
        plan = self._active_plan(self.bo, self.north)
        self.assertTrue(self._as(self.north_staff, self.bo).has_access("read"))
        for user in (self.north_staff, self.south_manager, self.privacy_officer):
            with self.assertRaises(AccessError):
                self._take_back(stay, user)
        self._take_back(stay)
        self.assertEqual((stay.state, stay.end_reason, stay.mistake_reason), ("ended", "mistake", WHY))
        for user in (self.north_staff, self.north_manager):
            for record in (self.bo, stay, plan):
                self.assertFalse(self._as(user, record).has_access("read"), "no days to finish, no managers")
            self.assertFalse(self._as(user, self.env["care.client"]).search([("id", "=", self.bo.id)]))
        self.assertTrue(self._as(self.south_staff, self.bo).has_access("read"))
        self.assertEqual((plan.state, stay.opens_at < stay.closes_at), ("ended", True))
        change = self.env["care.access.change"].search([("kind", "=", "stay")])
        self.assertEqual((change.user_id, change.after, change.is_alarm), (self.north_manager, WHY, True))
        self.assertNotIn("Al", (change.name + change.before).split())

    def test_b4_a_right_stay_follows_and_the_dwelling_is_free(self):
        self._take_back(self.stay_astrid)
        stay = self._stay(self.astrid, self.north, -5, dwelling_id=self.dwelling.id)
        self.assertEqual(stay.state, "active")
        self.assertTrue(self._as(self.north_staff, self.astrid).has_access("read"))
        for vals in ({"end_reason": "other"}, {"date_to": False}, {"ended_at": False}):
            with self.assertRaises(UserError):
                self._as(self.north_manager, self.stay_astrid).write(vals)
        with self.assertRaises(UserError):
            self._as(self.north_manager, stay).write({"end_reason": "mistake"})
        with self.assertRaises(UserError):
            self._as(self.north_manager, self.stay_astrid).action_reopen()
        with self.assertRaises(UserError):
            self._as(self.north_manager, stay).unlink()

    def test_b4_ended_as_a_mistake_is_the_same(self):
        self._as(self.north_manager, self.stay_astrid).action_end(self._day(-1), "mistake")
        self.env.invalidate_all()
        self.assertEqual(self.stay_astrid.end_reason, "mistake")
        self.assertFalse(self._as(self.north_manager, self.astrid).has_access("read"))

    def test_b4_the_intake_goes_on(self):
        stay = self._stay(self.cilla, self.north)
        self.assertFalse(self.cilla.intake_unit_id)
        self._take_back(stay)
        self.assertEqual(self.cilla.intake_unit_id, self.north)
        self.assertTrue(self._as(self.north_manager, self.cilla).has_access("read"))
        planned = self._stay(self.cilla, self.north, 5)
        self._as(self.north_manager, planned).unlink()
        self.env.invalidate_all()
        self.assertEqual(self.cilla.intake_unit_id, self.north)

    def test_b4_the_review_still_draws_who_opened_it(self):
        """Two colleagues cannot hide by it that they have been in the file."""
        self._as(self.north_staff, self.stay_astrid.client_id).read(["name"])
        self._take_back(self.stay_astrid)
        self.env.flush_all()
        self.cr.execute(
            "SELECT opens_at < now() AT TIME ZONE 'UTC' AND closes_at > now() AT TIME ZONE 'UTC' - interval '1 day'"
            " FROM care_stay WHERE id = %s",
            [self.stay_astrid.id],
        )
        self.assertEqual(self.cr.fetchone(), (True,), "it holds in the months in which it opened the file")
