import itertools

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareUnitMember(CareCase, TransactionCase):
    def test_once_at_a_time(self):
        newcomer = self._user("newcomer", "social_care.group_care_staff")
        self._member(self.north, newcomer, start=-10, end=10)
        for start, end, refused in [
            (-20, -11, False),
            (10, None, True),
            (0, 5, True),
            (-30, 30, True),
            (11, None, False),
        ]:
            with self.subTest(start=start, end=end):
                if refused:
                    with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                        self._member(self.north, newcomer, start=start, end=end)
                else:
                    self._member(self.north, newcomer, start=start, end=end)
        self._member(self.south, newcomer)

    def test_only_the_administrator_changes_memberships(self):
        member = self.north.member_ids.filtered(lambda member: member.user_id == self.north_staff)
        vals = {"unit_id": self.north.id, "employee_id": self._employee(self.south_staff).id}
        for user in (self.north_staff, self.north_manager, self.privacy_officer, self.supporter):
            for change in (
                lambda u=user: self._as(u, member).write({"role": "manager"}),
                lambda u=user: self._as(u, member).unlink(),
                lambda u=user: self._as(u, self.env["care.unit.member"]).create(vals),
            ):
                with self.assertRaises(AccessError):
                    change()
        self._as(self.care_admin, self.env["care.unit.member"]).create(vals)

    def test_nobody_writes_the_confirmed_user(self):
        member = self.north.member_ids.filtered(lambda member: member.user_id == self.north_staff)
        thief = self._user("thief", "social_care.group_care_staff")
        self._as(self.care_admin, member).write({"confirmed_user_id": thief.id})
        self.assertEqual(member.confirmed_user_id, self.north_staff)
        made = self._as(self.care_admin, self.env["care.unit.member"]).create(
            {
                "unit_id": self.south.id,
                "employee_id": self._employee(self.north_staff).id,
                "confirmed_user_id": thief.id,
            }
        )
        self.assertFalse(made.sudo().confirmed_user_id)

    def test_no_default_confirms_a_membership(self):
        members = self._as(self.care_admin, self.env["care.unit.member"])
        made = members.with_context(default_confirmed_user_id=self.north_staff.id).create(
            {"unit_id": self.south.id, "employee_id": self._employee(self.north_staff).id}
        )
        self.assertFalse(made.sudo().confirmed_user_id)
        self.assertTrue(made.sudo().suspended)

    def test_a_changed_user_suspends_it_in_every_respect(self):
        employee = self._employee(self.north_manager)
        thief = self._user("thief", "social_care.group_care_manager")
        employee.user_id = thief
        member = self.north.member_ids.filtered(lambda member: member.employee_id == employee)
        self.assertTrue(member.suspended)
        for model in ("care.client", "care.dwelling", "care.unit.member"):
            self.assertFalse(
                self._as(thief, self.env[model]).search(
                    [("unit_id", "=", self.north.id)] if model != "care.client" else []
                ),
                model,
            )


@tagged("post_install", "-at_install")
class TestCareUnitMemberAtWork(CareCase, TransactionCase):
    """Who works in a unit now and can be asked, over every kind of membership, in SQL and as the records say."""

    PERIODS = ((-9, None), (-8, 0), (0, 9), (-20, -1), (1, None))
    FAULTS = (None, "suspended", "login archived", "employee archived", "other company", "no login")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env["care.unit.member"]._today()  # just after midnight it is not the server's
        cls.elsewhere = cls.env["res.company"].create({"name": "Annan vård AB"})
        cases = list(itertools.product(cls.PERIODS, ("staff", "manager")))
        cls.units = cls.env["care.unit"].concat(
            *(cls._unit(f"Enhet {number}") for number in range(len(cases)))
        )
        for number, fault in enumerate(cls.FAULTS):
            user = cls._user(f"case_{number}", "social_care.group_care_manager")
            for unit, (period, role) in zip(cls.units, cases, strict=True):
                member = cls._member(unit, user, role, *period)
                if fault == "suspended":
                    member._suspend_by_hand()
            cls._spoil(user, cls._employee(user), fault)
        cls._member(cls.units[0], cls.north_manager, "manager")
        cls._member(cls.units[0], cls.south_manager, "manager")
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _spoil(cls, user, employee, fault):
        if fault == "login archived":
            user.active = False
        elif fault == "employee archived":
            employee.active = False
        elif fault == "other company":
            user.write({"company_ids": [Command.set(cls.elsewhere.ids)], "company_id": cls.elsewhere.id})
        elif fault == "no login":
            employee.user_id = False

    def _by_record(self, unit, role=None):
        members = unit.member_ids.filtered(
            lambda member: (
                member.date_from <= self.today
                and (not member.date_to or member.date_to >= self.today)
                and member.user_id.active
                and member.user_id == member.confirmed_user_id
                and member.employee_id.active
                and member.company_id in member.user_id.company_ids
                and (not role or member.role == role)
            )
        )
        return members.sorted(lambda member: (member.date_from, member.id)).user_id

    def test_sql_and_records_agree(self):
        for role in (None, "manager", "staff", "mentor"):
            found = self.units._users_by_unit(role)
            for unit in self.units:
                with self.subTest(role=role, unit=unit.name):
                    self.assertEqual(found[unit].ids, self._by_record(unit, role).ids)
        asked = [unit for unit, users in self.units._managers_now().items() if users]
        self.assertEqual(len(asked), 4, "three of the five periods include today; two managers in the first")
        self.assertEqual(self.units[0]._users_now("manager"), self.north_manager | self.south_manager)

    def test_one_query_for_all_units(self):
        self.units._managers_now()
        with self.assertQueryCount(1):
            self.units._managers_now()
