from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools.attached import by_app
from ..common import CareCase
from ..common_race import RaceCase


@tagged("post_install", "-at_install")
class TestCareStay(CareCase, TransactionCase):
    def assertRefused(self, make, text):
        """The database refuses, with a constraint whose message holds the text."""
        with self.assertRaises(IntegrityError) as refused, mute_logger("odoo.sql_db"), self.cr.savepoint():
            make()
            self.env.flush_all()
        name = refused.exception.diag.constraint_name
        table = self.env.registry[(name.startswith("care_dwelling") and "care.dwelling") or "care.stay"]
        messages = {key.full_name(table): key for key in table._table_objects.values()}
        message = messages[name].get_error_message(self.env["care.stay"].browse(), refused.exception.diag)
        self.assertIn(text, message)

    def test_the_state_follows_the_days(self):
        for start, end, ended, state in [
            (1, None, False, "planned"),
            (30, 60, False, "planned"),
            (0, None, False, "active"),
            (-10, None, False, "active"),
            (-10, 0, False, "active"),
            (0, 0, False, "active"),
            (-10, -1, False, "ended"),
            (-10, 0, True, "ended"),
            (-400, -300, True, "ended"),
        ]:
            with self.subTest(start=start, end=end, ended=ended):
                stay = self._stay(self._client("Eva", "Ny"), self.north, start, end)
                stay.ended_at = ended and datetime.now()
                self.assertEqual(stay.state, state)
                for value in ("planned", "active", "ended"):
                    found = self.env["care.stay"].search([("id", "=", stay.id), ("state", "=", value)])
                    self.assertEqual(bool(found), value == state, value)
                others = {"planned", "active", "ended"} - {state}
                self.assertFalse(
                    self.env["care.stay"].search([("id", "=", stay.id), ("state", "in", list(others))])
                )
                self.assertFalse(self.env["care.stay"].search([("id", "=", stay.id), ("state", "!=", state)]))

    def test_a_day_begins_at_the_companys_midnight(self):
        for day, opens, closes in [
            ("2026-01-01", "2025-12-31 23:00", "2026-01-01 23:00"),
            ("2026-03-29", "2026-03-28 23:00", "2026-03-29 22:00"),  # 23 hours: summer time begins
            ("2026-10-25", "2026-10-24 22:00", "2026-10-25 23:00"),  # 25 hours: summer time ends
            ("2028-02-29", "2028-02-28 23:00", "2028-02-29 23:00"),  # leap day
            ("2027-12-31", "2027-12-30 23:00", "2027-12-31 23:00"),
        ]:
            with self.subTest(day=day):
                stay = self._stay(self._client("Eva", "Ny"), self.north)
                self.north.finish_days = 0
                stay.write({"date_from": day, "date_to": day})
                self.assertEqual(f"{stay.opens_at:%Y-%m-%d %H:%M}", opens)
                self.assertEqual(f"{stay.closes_at:%Y-%m-%d %H:%M}", closes)

    def test_the_state_changes_at_the_companys_midnight_in_every_time_zone(self):
        stay = self._stay(self._client("Eva", "Ny"), self.north)
        stay.write({"date_from": "2028-02-29", "date_to": "2028-03-01"})
        for moment, state in [
            ("2028-02-28 22:59:59", "planned"),
            ("2028-02-28 23:00:00", "active"),
            ("2028-03-01 22:59:59", "active"),
            ("2028-03-01 23:00:00", "ended"),
        ]:
            for tz in (False, "Europe/Stockholm", "Pacific/Kiritimati", "Etc/GMT+12"):
                with freeze_time(moment), self.subTest(moment=moment, tz=tz):
                    self.env.invalidate_all()
                    self.assertEqual(stay.with_context(tz=tz).state, state)
                    found = self.env["care.stay"].with_context(tz=tz).search([("state", "=", state)])
                    self.assertIn(stay, found)

    def test_the_finish_days_move_with_the_unit(self):
        self.stay_astrid.write({"date_from": "2026-05-01", "date_to": "2026-06-01"})
        for days, closes in [(0, "2026-06-01"), (14, "2026-06-15"), (90, "2026-08-30")]:
            self.north.finish_days = days
            self.assertEqual(f"{self.stay_astrid.closes_at:%Y-%m-%d %H:%M}", f"{closes} 22:00")

    def test_the_companys_time_zone_moves_the_times(self):
        self.stay_astrid.date_from = "2026-06-01"
        self.company.care_tz = "Europe/Helsinki"
        self.assertEqual(self.stay_astrid.opens_at, datetime(2026, 5, 31, 21))

    def test_stays_of_one_client_in_one_unit_do_not_overlap(self):
        client = self._client("Eva", "Ny")
        self._stay(client, self.north, 0, 10)
        for start, end, refused in [
            (-5, -1, False),
            (-5, 0, True),
            (0, 10, True),
            (3, 4, True),
            (10, None, True),
            (-5, None, True),
            (11, 20, False),
        ]:
            with self.subTest(start=start, end=end):
                if refused:
                    text = "already has a stay in this unit"
                    self.assertRefused(lambda s=start, e=end: self._stay(client, self.north, s, e), text)
                else:
                    self._stay(client, self.north, start, end)
        self._stay(client, self.south, 0, 10)

    def test_no_more_stays_than_places(self):
        text = "no free place"
        other = self._client("Eva", "Ny")
        place = {"dwelling_id": self.dwelling.id}
        for start, end in [(0, None), (-60, -30), (-60, None), (100, 200)]:
            self.assertRefused(lambda s=start, e=end: self._stay(other, self.north, s, e, **place), text)
        self._stay(other, self.north, -60, -31, **place)
        self.dwelling.places = 2
        later = self._stay(other, self.north, 0, 5, **place)
        third = self._client("Tre", "Tredje")
        self.assertRefused(lambda: self._stay(third, self.north, -3, 0, **place), text)
        fits = self._stay(third, self.north, 6, 20, **place)
        self.assertRefused(lambda: fits.write({"date_from": self._day(5)}), text)
        self.assertRefused(lambda: later.write({"date_to": False}), text)
        free = self.env["care.dwelling"].create({"name": "2", "unit_id": self.north.id})
        moved = self._stay(self._client("Fyr", "Fjärde"), self.north, 3, 8, dwelling_id=free.id)
        self.assertRefused(lambda: moved.write(place), text)

    def test_places_are_not_lowered_below_what_is_taken(self):
        self.dwelling.places = 3
        self._stay(self._client("Eva", "Ny"), self.north, 50, 60, dwelling_id=self.dwelling.id)
        self.assertRefused(lambda: self.dwelling.write({"places": 1}), "End or move a stay first")
        self.dwelling.places = 2
        self.env.flush_all()
        self.stay_astrid.date_to = self._day(40)
        self.dwelling.places = 1
        self.env.flush_all()

    def test_the_past_does_not_hold_the_places(self):
        old = self.env["care.dwelling"].create({"name": "3", "unit_id": self.north.id, "places": 2})
        for name in ("Ett", "Två"):
            self._stay(self._client(name, "Gammal"), self.north, -300, -200, dwelling_id=old.id)
        old.places = 1
        self.env.flush_all()

    def test_end(self):
        manager = self._as(self.north_manager, self.stay_astrid)
        manager.action_end(end_reason="own_home")
        self.assertEqual(
            (manager.state, manager.date_to, manager.end_reason), ("ended", self.today, "own_home")
        )
        self.assertTrue(manager.ended_at)
        with self.assertRaises(UserError):
            manager.action_end()
        later = self._stay(self._client("Eva", "Ny"), self.north, -3)
        later.action_end(str(self._day(7)))
        self.assertEqual((later.state, later.date_to, later.ended_at), ("active", self._day(7), False))
        planned = self._stay(self._client("Eva", "Ny"), self.north, 3)
        with self.assertRaises(UserError):
            planned.action_end()
        with self.assertRaises(AccessError):
            self._as(self.north_staff, self._stay(self._client("Eva", "Ny"), self.north, -3)).action_end()

    def test_end_by_the_wizard(self):
        wizard = self._as(self.north_manager, self.env["care.stay.end"]).create(
            {"stay_id": self.stay_astrid.id, "end_reason": "client_wish"}
        )
        wizard.action_end()
        self.assertEqual(self.stay_astrid.state, "ended")
        with self.assertRaises(AccessError):
            self._as(self.north_manager, self.env["care.stay.end"]).create(
                {"stay_id": self.stay_bo.id, "end_reason": "client_wish"}
            )

    def test_start(self):
        planned = self._stay(self._client("Eva", "Ny"), self.north, 10)
        self._as(self.north_manager, planned).action_start()
        self.assertEqual((planned.date_from, planned.state), (self.today, "active"))
        with self.assertRaises(UserError):
            planned.action_start()
        with self.assertRaises(UserError):
            self.stay_dan.action_start()

    def test_only_a_planned_stay_is_removed(self):
        planned = self._stay(self._client("Eva", "Ny"), self.north, 10)
        with self.assertRaises(UserError):
            self._as(self.north_manager, self.stay_astrid).unlink()
        with self.assertRaises(AccessError):
            self._as(self.north_staff, planned).unlink()
        self._as(self.north_manager, planned).unlink()

    def test_a_time_zone_does_not_make_todays_stay_removable(self):
        with freeze_time("2026-06-10 01:00:00"):
            stay = self._stay(self._client("Eva", "Ny"), self.north)
            stay.date_from = date(2026, 6, 10)
            with self.assertRaises(UserError):
                self._as(self.north_manager, stay).with_context(tz="Etc/GMT+12").unlink()

    def test_where_clients_stay(self):
        for unit in (self.relatives, self._unit("Öppet", kind="open_activity")):
            with self.assertRaises(ValidationError):
                self._stay(self.cilla, unit)
        with self.assertRaises(ValidationError):
            free = self.env["care.dwelling"].create({"name": "2", "unit_id": self.north.id})
            self._stay(self.cilla, self.south, dwelling_id=free.id)
        other = self.env["res.company"].create({"name": "Annan AB"})
        with self.assertRaises(UserError):
            self._stay(self.cilla, self._unit("Fjärran", company_id=other.id))

    def test_the_decision_is_the_clients_own(self):
        """A link shows the display name of what it points at, whoever may open it."""
        authority = self.env["res.partner"].create({"name": "Nämnden", "is_company": True})
        basis = self.env.ref("social_care.legal_basis_sol_11_1")
        common = {"legal_basis_id": basis.id, "authority_id": authority.id}
        decisions = self.env["care.decision"].create(
            [
                {"client_id": client.id, "unit_id": unit.id, **common}
                for client, unit in [
                    (self.astrid, self.north),
                    (self.bo, self.south),
                    (self.astrid, self.south),
                ]
            ]
        )
        self._as(self.north_manager, self.stay_astrid).decision_id = decisions[0].id
        for decision in decisions[1:]:
            with self.assertRaises(AccessError):
                self._as(self.north_manager, self.stay_astrid).write({"decision_id": decision.id})
            with self.assertRaises(ValidationError):
                self.stay_astrid.decision_id = decision

    def test_admission_ends_the_intake(self):
        self._stay(self.cilla, self.south, 0)
        self.assertEqual(self.cilla.intake_unit_id, self.north, "a stay elsewhere leaves the intake")
        stay = self._as(self.north_manager, self.env["care.stay"]).create(
            {"client_id": self.cilla.id, "unit_id": self.north.id, "date_from": self._day(5)}
        )
        self.assertFalse(self.cilla.intake_unit_id)
        self.assertFalse(self._as(self.north_staff, self.env["care.stay"]).search([("id", "=", stay.id)]))

    def test_activities_leave_a_trace_but_no_follower(self):
        stay = self._as(self.north_manager, self.stay_astrid)
        activity = stay.activity_schedule("mail.mail_activity_data_todo", user_id=self.north_staff.id)
        self.assertEqual(activity.res_name, self.astrid.reference)
        self._as(self.north_staff, activity).action_feedback()
        self.assertTrue(self.stay_astrid.message_ids)
        followers = self.env["mail.followers"].search([("res_model", "=", "care.stay")])
        self.assertFalse(followers, "followers are readable by every internal user")
        partner = self.env["res.partner"].create({"name": "Utomstående", "email": "u@example.com"})
        stay.message_subscribe(partner.ids)
        self.assertFalse(self.stay_astrid.message_follower_ids)
        with self.assertRaises(UserError):
            stay.message_post(body="x")

    def test_a_notification_carries_no_content(self):
        partner = self.north_staff.partner_id
        text = {"body": "Astrid Ek mår dåligt", "subject": "Astrid Ek"}
        stay = self._as(self.north_manager, self.stay_astrid)
        with self.assertRaisesRegex(UserError, "Messages may leave the file by e-mail"):
            stay.message_notify(partner_ids=partner.ids, **text)
        with by_app():
            message = stay.message_notify(
                partner_ids=partner.ids, attachments=[("Ek.txt", b"Ek")], **text
            ).sudo()
        self.assertNotIn("Ek", f"{message.body} {message.subject} {message.attachment_ids.mapped('name')}")
        self.assertIn(self.astrid.reference, message.body)
        with by_app(), self.assertRaises(AccessError):
            self._once_open(self.south_staff, self.stay_astrid).message_notify(
                partner_ids=partner.ids, **text
            )


@tagged("post_install", "-at_install")
class TestCareStayAtTheSameTime(RaceCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            unit = env["care.unit"].create({"name": "Samtidigt", "code": "SAMTIDIGT"})
            dwelling = env["care.dwelling"].create({"name": "1", "unit_id": unit.id})
            clients = env["care.client"].create([{"lastname": name} for name in ("Ett", "Två", "Tre")])
            self.unit, self.dwelling, self.clients = unit.id, dwelling.id, clients.ids
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM care_stay WHERE unit_id = %s", [self.unit])
            cr.execute("DELETE FROM care_dwelling WHERE unit_id = %s", [self.unit])
            cr.execute("DELETE FROM care_client WHERE id = ANY(%s) OR lastname = 'Samtidig'", [self.clients])
            cr.execute("DELETE FROM care_unit WHERE id = %s", [self.unit])

    def _stay(self, client, **vals):
        def make(env):
            values = {"client_id": self.clients[client], "unit_id": self.unit, "dwelling_id": self.dwelling}
            env["care.stay"].create({**values, **vals})

        return make

    def _count(self, model):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env[model].search_count([("unit_id", "=", self.unit)])

    def test_two_people_and_the_last_place(self):
        error, tries = self._race(self._stay(0), self._stay(1))
        self.assertIsInstance(error, ValidationError)
        self.assertIn("no free place", str(error))
        self.assertEqual(tries, 2, "the first try does not see the other's stay, the repeated one does")
        self.assertEqual(self._count("care.stay"), 1)

    def test_two_people_and_two_places(self):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["care.dwelling"].browse(self.dwelling).places = 2
        error, tries = self._race(self._stay(0), self._stay(1))
        self.assertIsNone(error)
        self.assertEqual((tries, self._count("care.stay")), (2, 2))

    def test_one_client_twice(self):
        error, _tries = self._race(self._stay(0, dwelling_id=False), self._stay(0, dwelling_id=False))
        self.assertIsInstance(error, ValidationError)
        self.assertIn("already has a stay in this unit", str(error))
        self.assertEqual(self._count("care.stay"), 1)

    def test_a_place_is_taken_away_while_it_is_given(self):
        def lower(env):
            env["care.dwelling"].browse(self.dwelling).places = 1

        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["care.dwelling"].browse(self.dwelling).places = 2
            self._stay(0)(env)
        error, _tries = self._race(lower, self._stay(1))
        self.assertIn("no free place", str(error))
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["care.dwelling"].browse(self.dwelling).places = 2
        error, _tries = self._race(self._stay(1), lower)
        self.assertIn("End or move a stay first", str(error))

    def test_one_person_registered_twice(self):
        def register(env):
            env["care.client"].create({"lastname": "Samtidig", "personal_number": "19121212-1212"})

        error, _tries = self._race(register, register)
        self.assertIsInstance(error, ValidationError)
        self.assertIn("registered already", str(error))
