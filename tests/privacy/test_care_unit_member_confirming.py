from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareUnitMemberConfirming(CareCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newcomer = cls._user("newcomer", "social_care.group_care_staff")
        cls.sysadmin = cls._user("sysadmin", "base.group_system,hr.group_hr_manager")
        cls.member = cls.north.member_ids.filtered(lambda member: member.user_id == cls.north_staff)

    def _made(self, unit=None, by=None, **vals):
        values = {
            "unit_id": (unit or self.north).id,
            "employee_id": self._employee(self.newcomer).id,
            "date_from": self._day(-5),
            **vals,
        }
        return self._as(by or self.care_admin, self.env["care.unit.member"]).create(values).sudo()

    def _opens(self, user=None, client=None):
        client = client or self.astrid
        return client in self._as(user or self.newcomer, self.env["care.client"]).search([])

    def _told(self, member):
        return self.env["mail.activity"].search(
            [("res_model", "=", "care.unit.member"), ("res_id", "=", member.id)]
        )

    def test_what_an_administrator_makes_waits_for_a_manager(self):
        member = self._made()
        self.assertTrue(member.suspended)
        self.assertFalse(self._opens())
        self.assertEqual(self._told(member).user_id, self.north_manager)
        self._as(self.north_manager, member).action_confirm()
        self.assertTrue(self._opens())
        self.assertEqual((member.confirmed_by_id, bool(member.confirmed_at)), (self.north_manager, True))
        self.assertFalse(self._told(member))
        noted = self.env["care.access.change"].search([("kind", "=", "membership")], limit=1)
        self.assertEqual((noted.subject_user_id, noted.user_id), (self.newcomer, self.north_manager))

    def test_who_confirms(self):
        member = self._made()
        for user in (self.newcomer, self.care_admin, self.south_manager, self.north_staff, self.sysadmin):
            with self.assertRaises(AccessError):
                self._as(user, member).action_confirm()
        elsewhere = self.env["res.company"].create(
            {"name": "Omsorg Väst AB", "care_operator_type": "private"}
        )
        values = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        officer = self._user("west_officer", "social_care.group_privacy_officer", **values)
        with self.assertRaises(AccessError):
            self._once_open(officer, member).action_confirm()
        self._as(self.privacy_officer, member).action_confirm()
        self.assertTrue(self._opens())

    def test_a_manager_never_confirms_oneself_by_any_login(self):
        both = self._user("both", "social_care.group_care_manager,social_care.group_care_admin")
        own = self._member(self.north, both, "manager")
        self._as(self.sysadmin, both).write(
            {"group_ids": [Command.link(self.env.ref("social_care.group_oncall_staff").id)]}
        )
        self.assertTrue(own.suspended)
        with self.assertRaises(AccessError):
            self._as(both, own).action_confirm()
        self._as(self.north_manager, own).action_confirm()
        made = self._made(by=both)
        with self.assertRaises(AccessError):
            self._as(both, made).action_confirm()
        self._as(self.north_manager, made).action_confirm()

    def test_a_role_that_is_given_suspends(self):
        self.assertTrue(self._opens(self.north_staff))
        for name in ("group_privacy_officer", "group_care_admin"):
            self._as(self.sysadmin, self.north_staff).write(
                {"group_ids": [Command.link(self.env.ref(f"social_care.{name}").id)]}
            )
            self.assertFalse(self.member.suspended, "these open nothing by a membership")
        self._as(self.sysadmin, self.north_staff).write(
            {"group_ids": [Command.link(self.env.ref("social_care.group_care_manager").id)]}
        )
        self.assertTrue(self.member.suspended)
        self.assertFalse(self._opens(self.north_staff))
        self._as(self.north_manager, self.member).action_confirm()
        self.assertTrue(self._opens(self.north_staff))
        self._as(self.sysadmin, self.north_staff).write(
            {"group_ids": [Command.unlink(self.env.ref("social_care.group_care_manager").id)]}
        )
        self.assertFalse(self.member.suspended, "to take a role away opens nothing")

    def test_from_the_groups_side_too(self):
        self._as(self.sysadmin, self.env.ref("social_care.group_oncall_staff")).write(
            {"user_ids": [Command.link(self.north_staff.id)]}
        )
        self.assertTrue(self.member.suspended)

    def test_another_user_of_the_employee(self):
        for write in (
            lambda user: self._as(self.sysadmin, self._employee(self.north_staff)).write(
                {"user_id": user.id}
            ),
            lambda user: (
                self.member.employee_id.resource_id.with_user(self.sysadmin)
                .sudo()
                .write({"user_id": user.id})
            ),
        ):
            thief = self._user(
                f"thief{len(self.env['res.users'].search([]))}", "social_care.group_care_staff"
            )
            employee = self.member.employee_id
            write(thief)
            self.env.flush_all()
            self.assertEqual(self.member.user_id, thief)
            self.assertTrue(self.member.suspended)
            self.assertFalse(self._opens(thief))
            noted = self.env["care.access.change"].search([("kind", "=", "employee_user")], limit=1)
            self.assertEqual((noted.subject_user_id, noted.after), (thief, thief.login))
            self.assertEqual(noted.name, employee.name)
            self.assertEqual(self._told(self.member).user_id, self.north_manager)
            with self.assertRaises(AccessError):
                self._as(thief, self.member).action_confirm()
            self._as(self.north_manager, self.member).action_confirm()
            self.assertTrue(self._opens(thief))
            employee.sudo().user_id = self.north_staff
            self._as(self.north_manager, self.member).action_confirm()

    def test_an_employee_without_a_membership_is_not_noted(self):
        other = self.env["hr.employee"].create({"name": "Vaktmästare", "company_id": self.company.id})
        before = self.env["care.access.change"].search_count([])
        self._as(self.sysadmin, other).write({"user_id": self._user("janitor", "base.group_user").id})
        self.assertEqual(self.env["care.access.change"].search_count([]), before)

    def test_widening_waits_and_narrowing_does_not(self):
        ended = self._member(self.south, self.newcomer, start=-100, end=-10)
        for change, waits in [
            ({"date_to": self._day(-20)}, False),
            ({"date_from": self._day(-90)}, False),
            ({"role": "mentor"}, False),
            ({"role": "manager"}, True),
            ({"role": "staff"}, False),
            ({"date_to": self._day(5)}, True),
            ({"date_to": False}, True),
            ({"date_from": self._day(-200)}, True),
            ({"unit_id": self.north.id}, True),
            ({"employee_id": self._employee(self.south_staff).id, "unit_id": self.relatives.id}, True),
        ]:
            with self.subTest(change=change):
                self._as(self.care_admin, ended).write(change)
                self.assertEqual(ended.suspended, waits)
                ended._set_confirmed()

    def test_a_unit_without_a_manager_turns_to_the_privacy_officer(self):
        self._as(self.care_admin, self.south.member_ids.filtered(lambda m: m.role == "manager")).write(
            {"date_to": self._day(-1)}
        )
        member = self._made(self.south, role="manager")
        self.assertEqual(self._told(member).user_id, self.privacy_officer)
        self._as(self.privacy_officer, member).action_confirm()
        self.assertTrue(self._opens(client=self.bo))

    def test_the_first_who_come_need_nobody(self):
        """Before the first client there is nothing to open: the administrator sets the company up alone."""
        company = self.env["res.company"].create({"name": "Nystartad AB", "care_operator_type": "private"})
        vals = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        admin = self._user("first_admin", "social_care.group_care_admin", **vals)
        manager = self._user("first_manager", "social_care.group_care_manager", **vals)
        unit = self._as(admin, self.env["care.unit"]).create({"name": "Första", "code": "1"})
        values = {"unit_id": unit.id, "employee_id": self._employee(manager).id, "role": "manager"}
        first = self._as(admin, self.env["care.unit.member"]).create(values).sudo()
        self.assertFalse(first.suspended)
        self._as(manager, self.env["care.client"]).create({"lastname": "Först", "intake_unit_id": unit.id})
        staff = self._user("second", "social_care.group_care_staff", **vals)
        second = self._as(admin, self.env["care.unit.member"]).create(
            {"unit_id": unit.id, "employee_id": self._employee(staff).id}
        )
        self.assertTrue(second.sudo().suspended)

    def test_reminded_until_it_is_done(self):
        member = self._made()
        members = self.env["care.unit.member"]
        members._waiting()._keep_confirmers_told()
        self.assertEqual(len(self._told(member)), 1)
        self._told(member).unlink()
        members._waiting()._keep_confirmers_told()
        self.assertEqual(self._told(member).user_id, self.north_manager)
        second = self._user("second_manager", "social_care.group_care_manager")
        self._member(self.north, second, "manager")
        members._waiting()._keep_confirmers_told()
        self.assertEqual(self._told(member).user_id, self.north_manager | second)
        self._as(self.care_admin, member).write({"date_to": self._day(1)})
        with freeze_time(self.today + timedelta(days=3)):
            members._waiting()._keep_confirmers_told()
            self.assertFalse(self._told(member), "it has ended")

    def test_confirming_costs_the_same_for_many(self):
        made = self._made()
        for number in range(5):
            user = self._user(f"many{number}", "social_care.group_care_staff")
            made |= self._made(employee_id=self._employee(user).id)
        counts = []
        for batch in (made[:1], made[1:]):
            members = self._as(self.north_manager, batch)
            before = self.cr.sql_log_count
            members.action_confirm()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
