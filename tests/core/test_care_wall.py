import random
import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...models.core import care_walled
from ...tools.held import TABLES, may_change
from ..common import CareCase
from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareWall(OncallCase, TransactionCase):
    """What a reader holds is named in the SQL, and is forgotten as soon as anything has changed it, within a second."""

    def setUp(self):
        super().setUp()
        now = fields.Datetime.now()
        self.startPatcher(patch.object(fields.Datetime, "now", lambda: now))

    def _held(self, user, kind):
        return self.env["care.wall"].with_user(user)._wall_held(kind)

    def _opens(self, user, record):
        """Asked as it is, with all that is remembered of this transaction."""
        mine = record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return bool(mine.search([("id", "=", record.id)]))

    def _emergency(self, user, client):
        self.env["care.emergency.access"].sudo().create(
            {
                "client_id": client.id,
                "user_id": user.id,
                "reason": "Larm",
                "date_from": fields.Datetime.now(),
                "date_to": fields.Datetime.add(fields.Datetime.now(), hours=1),
                "review_due": self.today,
            }
        )

    def test_a_statement_that_changes_it_is_noticed(self):
        """By whatever way: these are written past the ORM, and nobody is told."""
        self._contact_person(self.astrid, self.north, self.north_staff)
        self._lockout(self.bo, self.south_staff)
        self._emergency(self.south_manager, self.astrid)
        lockout = "UPDATE care_client_lockout SET closes_at = opens_at"
        for user, record, opens, statement in [
            (self.north_staff, self.astrid, True, "UPDATE care_unit_member SET closes_at = opens_at"),
            (self.north_staff, self.astrid, True, "UPDATE care_unit_member SET confirmed_user_id = NULL"),
            (self.north_staff, self.astrid, True, "DELETE FROM care_unit_member"),
            (self.north_staff, self.astrid, True, "UPDATE care_stay SET closes_at = opens_at"),
            (self.north_staff, self.astrid, True, "WITH x AS (DELETE FROM care_unit_member) SELECT 1"),
            (self.north_manager, self.dan, True, "UPDATE care_unit_member SET role = 'staff'"),
            (self.north_manager, self.cilla, True, "UPDATE care_client SET intake_unit_id = NULL"),
            (
                self.north_staff,
                self.astrid,
                True,
                "SELECT 1; UPDATE care_unit_member SET closes_at = opens_at",
            ),
            (self.south_manager, self.astrid, True, "UPDATE care_emergency_access SET date_to = date_from"),
            (self.south_staff, self.bo, False, lockout),
            (self.oncall_staff, self.shift, True, "UPDATE care_unit SET kind = 'housing_support'"),
        ]:
            with self.subTest(statement=statement), self.cr.savepoint() as undone:
                self.assertEqual(self._opens(user, record), opens)
                self.cr.execute(SQL(statement))
                self.assertEqual(self._opens(user, record), not opens)
                undone.rollback()
                self.assertEqual(self._opens(user, record), opens, "after what has changed it is undone")

    def test_who_is_named_for_a_protected_person(self):
        self._contact_person(self.astrid, self.north, self.north_staff)
        self.assertFalse(self._held(self.north_staff, "named"), "nobody is protected")
        self.cr.execute("UPDATE care_client SET protection_level = 'marked' WHERE id = %s", [self.astrid.id])
        self.assertEqual(self._held(self.north_staff, "named"), ((self.astrid.id, self.north.id),))
        self.assertTrue(self._opens(self.north_staff, self.astrid))
        self.cr.execute("UPDATE care_contact_person SET closes_at = opens_at")
        self.assertFalse(self._opens(self.north_staff, self.astrid))

    def test_who_is_on_duty(self):
        self.assertEqual(self._held(self.oncall_staff, "served"), tuple(self.oncall.serves_unit_ids.ids))
        for statement in (
            "DELETE FROM care_oncall_shift_crew WHERE shift_id = %s",
            "UPDATE care_oncall_shift SET date_end = date_end - interval '9 days',"
            " date_start = date_start - interval '9 days' WHERE id = %s",
            "UPDATE care_oncall_shift SET state = 'closed' WHERE id = %s",
            "DELETE FROM care_unit_served_rel WHERE %s IS NOT NULL",
        ):
            with self.subTest(statement=statement), self.cr.savepoint() as undone:
                self.assertTrue(self._held(self.oncall_staff, "served"))
                self.cr.execute(SQL(statement, self.shift.id))
                self.assertFalse(self._held(self.oncall_staff, "served"))
                undone.rollback()

    def test_what_the_orm_has_not_written_yet_is_noticed(self):
        self.assertTrue(self._opens(self.north_manager, self.dan))
        member = self.north.member_ids.filtered(lambda member: member.user_id == self.north_manager)
        member.role = "staff"
        self.assertFalse(self._opens(self.north_manager, self.dan))
        self.assertTrue(self._opens(self.north_staff, self.astrid))
        self._employee(self.north_staff).user_id = False
        self.assertFalse(self._opens(self.north_staff, self.astrid))

    def test_the_clock_opens_and_closes_without_another_look(self):
        self._member(self.south, self.north_staff, start=3)
        soon = fields.Datetime.add(self._day_start(3), hours=1)
        for now, units in [
            (fields.Datetime.now(), self.north),
            (soon, self.north | self.south),
            (fields.Datetime.subtract(soon, days=800), self.env["care.unit"]),
        ]:
            with patch.object(fields.Datetime, "now", lambda now=now: now):
                self.assertEqual(self._held(self.north_staff, "unit"), tuple(units.ids))

    def _day_start(self, days):
        return fields.Datetime.to_datetime(self._day(days))

    def test_every_table_that_is_looked_at_is_watched(self):
        query = SQL(" ").join(self.env["care.wall"]._sql_held())
        tables = set(re.findall(r"(?:FROM|JOIN) (\w+)", query.code)) - {"LATERAL"}
        self.assertGreater(len(tables), 7)
        for table in tables | {self.env[field.model_name]._table for field in query.to_flush}:
            self.assertTrue(TABLES.fullmatch(table), table)

    def test_statements(self):
        for statement, changes in {
            'SELECT "care_stay"."id" FROM "care_stay"': False,
            'INSERT INTO "care_journal_entry" ("body") VALUES (%s)': False,
            'UPDATE "care_client" SET "phone" = %s': True,
            b"INSERT INTO care_stay VALUES (1)": True,
            "DELETE FROM hr_employee": True,
            'ROLLBACK TO SAVEPOINT "x"': True,
            'SAVEPOINT "x"': False,
        }.items():
            self.assertEqual(may_change(statement), changes, statement)

    # ------------------------------------------------------------------
    # What stands in the SQL
    # ------------------------------------------------------------------

    def test_it_is_looked_up_once(self):
        stays = self._as(self.north_staff, self.env["care.stay"])
        look_up = type(self.env["care.wall"])._look_up_held
        with patch.object(
            type(self.env["care.wall"]), "_look_up_held", autospec=True, side_effect=look_up
        ) as asked:
            for _time in range(3):
                stays.search([])
                stays.sudo().search([("shielded", "=", False)])
            self.assertEqual(asked.call_count, 1)
            shifts = self._as(self.oncall_staff, self.shift)
            shifts.search([])
            self.assertFalse(asked.call_args.kwargs["whole"], "a team's own asks for the memberships alone")
            shifts.env["care.oncall.event"].search([])
            self.assertTrue(asked.call_args.kwargs["whole"])
            shifts.search([])
        self.assertEqual(asked.call_count, 3)

    def test_what_one_does_not_hold_leaves_no_sql(self):
        entries = self._as(self.north_staff, self.env["care.journal.entry"])
        code = entries._search([]).select().code
        self.assertIn('"care_journal_entry"."unit_id" IN', code)
        for table in ("care_client_lockout", "care_emergency_access", "care_unit", "intake_unit_id"):
            self.assertNotRegex(code, rf"\b{table}\b")
        self.care_admin.group_ids |= self.env.ref("social_care.group_care_manager")
        code = self._as(self.care_admin, self.env["care.stay"])._search([]).select().code
        self.assertNotIn("SELECT 1 FROM care_stay", code, "a member of no unit")

    def test_odoo_remembers_none_of_it_with_the_rules(self):
        domain = self.env["ir.rule"].with_user(self.north_staff)._compute_domain("care.stay", "read")
        self.assertIn("opened_by", str(domain))
        self.assertNotIn("custom", str(domain).lower())

    def test_many_lockouts_are_looked_up_by_the_database(self):
        self._lockout(self.astrid, self.north_manager)
        answers = []
        for few in (100, 0):
            with patch.object(care_walled, "FEW", few):
                found = self._as(self.north_manager, self.env["care.client"]).search([])
                shut = (
                    self._as(self.north_manager, self.env["care.client"])
                    .sudo()
                    .search([("locked_out", "=", True)])
                )
                answers.append((found.ids, shut.ids))
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0][1], self.astrid.ids)


@tagged("post_install", "-at_install")
class TestCareWallGenerated(CareCase, TransactionCase):
    """The wall's SQL and its sentence, over files and people that are drawn by lot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seed = random.randrange(10**6)
        cls.lot = random.Random(cls.seed)
        cls.units = cls.north | cls.south | cls._unit("Väst") | cls._unit("Öst")
        cls.files = cls.env["care.client"].union(*(cls._client("Lott", str(number)) for number in range(8)))
        contacts = cls.env["care.client.contact"]
        for client in cls.files:
            client.protection_level = cls.lot.choice(["none", "none", "marked"])
            client.intake_unit_id = cls.lot.choice([False, False, *cls.units.ids])
            for unit in cls.lot.sample(list(cls.units), 2):
                cls._stay(client, unit, *cls.lot.choice([(-30, None), (-90, -60), (30, None), (-30, -5)]))
            for unit in cls.units:
                contacts |= contacts.create({"client_id": client.id, "unit_id": unit.id, "name": "Syster"})
        cls.contacts = contacts
        cls.readers = [cls._reader(number) for number in range(8)]

    @classmethod
    def _reader(cls, number):
        user = cls._user(f"lot_{number}", "social_care.group_care_manager")
        for unit in cls.lot.sample(list(cls.units), cls.lot.randrange(4)):
            member = cls._member(unit, user, cls.lot.choice(["staff", "manager"]))
            if not cls.lot.randrange(3):
                cls._contact_person(cls.lot.choice(list(cls.files)), unit, user, cls.lot.choice([-5, 9]))
            end = cls.lot.choice([None, None, -9])
            member.write({"date_from": cls._day(-300), "date_to": end and cls._day(end)})
            if not cls.lot.randrange(5):
                member.confirmed_user_id = cls.lot.choice([False, cls.env.user.id])
        for client in cls.lot.sample(list(cls.files), 2):
            lockout = cls._lockout(client, user)
            if cls.lot.randrange(2):
                lockout.write({"date_from": cls._day(-9), "date_to": cls._day(-5)})
        for client in cls.lot.sample(list(cls.files), 2):
            now, hour = fields.Datetime.now(), timedelta(hours=1)
            begins = cls.lot.choice([now - hour, now - 5 * hour])
            cls.env["care.emergency.access"].sudo().create(
                {
                    "client_id": client.id,
                    "user_id": user.id,
                    "reason": "Larm",
                    "date_from": begins,
                    "date_to": begins + 2 * hour,
                    "review_due": cls.today,
                }
            )
        return user

    def _ways(self, user, client, unit, lasting):
        """Of the client's file in the unit: whether something opens it, and whether a protection shuts it nevertheless."""
        members = unit.member_ids.filtered(
            lambda m: m.user_id == user and m.confirmed_user_id == user and m._is_now()
        )
        stays = client.stay_ids.filtered(lambda stay: stay.unit_id == unit)
        managed = "manager" in members.mapped("role") and (stays or client.intake_unit_id == unit)
        accesses = self.env["care.emergency.access"].search(
            [("client_id", "=", client.id), ("user_id", "=", user.id)]
        )
        emergency = not lasting and unit.regime == "assessed" and any(accesses.mapped("is_open"))
        named = members and client.contact_person_ids.filtered(
            lambda person: person.unit_id == unit and person.employee_id.user_id == user and person._is_now()
        )
        stays_now = members and any(stay._is_now() for stay in stays)
        opened = bool(stays_now or managed or emergency)
        return opened, client.is_protected and not (named or managed or emergency)

    def _opened(self, user, lasting):
        """The sentence, in Python: the contacts and the clients that the user opens now."""
        contacts, clients = set(), set()
        for client in self.files:
            locked = client.lockout_ids.filtered(
                lambda lockout: lockout.user_id == user and lockout._is_now()
            )
            ways = {unit: self._ways(user, client, unit, lasting) for unit in self.units}
            for contact in client.contact_ids if not locked else ():
                opened, shut = ways[contact.unit_id]
                contacts |= {contact.id} if opened and not shut else set()
            if not locked and any(opened for opened, _shut in ways.values()):
                clients |= {client.id} if not all(shut for _opened, shut in ways.values()) else set()
        return contacts, clients

    def test_search_and_sentence(self):
        found = 0
        for user in self.readers:
            for lasting, operation in ((False, "read"), (True, "write")):
                contacts, clients = self._opened(user, lasting)
                for records, expected in ((self.contacts, contacts), (self.files, clients)):
                    mine = self._as(user, records)
                    with self.subTest(seed=self.seed, user=user.login, operation=operation, model=mine._name):
                        self.assertEqual(set(mine._filtered_access(operation).ids), expected)
                        if not lasting:
                            self.assertEqual(set(mine.search([("id", "in", mine.ids)]).ids), expected)
                    found += len(expected)
        self.assertGreater(found, 3, self.seed)
