from psycopg2 import IntegrityError

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
