from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import CareCase


class OncallCase(CareCase):
    """Tonight's shift of Jouren, which serves Norr: the crew is oncall_staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.shift = cls._shift(cls.oncall_staff)

    @classmethod
    def _shift(cls, *crew, start=-1, hours=8, unit=None, state="open", **vals):
        employees = cls.env["hr.employee"].union(*(cls._employee(user) for user in crew))
        values = {
            "unit_id": (unit or cls.oncall).id,
            "date_start": cls.now + timedelta(hours=start),
            "date_end": cls.now + timedelta(hours=start + hours),
            "employee_ids": [Command.set(employees.ids)],
            "state": state,
        }
        return cls.env["care.oncall.shift"].create({**values, **vals})

    @classmethod
    def _event(cls, **vals):
        values = {"unit_id": cls.oncall.id, "shift_id": cls.shift.id, "reason": "anxiety"}
        return cls.env["care.oncall.event"].create({**values, **vals})


@tagged("post_install", "-at_install")
class TestCareOncallAccess(OncallCase, TransactionCase):
    def test_the_log_is_the_teams_own(self):
        event = self._event()
        for user in (self.oncall_staff, self.oncall_lead):
            self.assertEqual(self._as(user, event).read(["reason"])[0]["reason"], "anxiety")
            self.assertEqual(self._as(user, self.env["care.oncall.shift"]).search([]).ids, self.shift.ids)
        for user in (
            self.north_staff,
            self.north_manager,
            self.supporter,
            self.privacy_officer,
            self.care_admin,
        ):
            for record in (event, self.shift):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    self._as(user, record).read(["display_name"])
                with self.assertRaises(AccessError):
                    self._as(user, record.browse()).search([])

    def test_another_teams_log_is_closed(self):
        other = self._unit("Andra jouren", kind="on_call")
        stranger = self._user("stranger", "social_care.group_oncall_lead")
        self._member(other, stranger)
        for record in (self._event(), self.shift):
            self.assertFalse(self._as(stranger, record.browse()).search([]))
            with self.assertRaises(AccessError):
                self._as(stranger, record).read(["state"])

    def test_the_log_closes_with_the_membership(self):
        event = self._event()
        member = self.oncall.member_ids.filtered(lambda member: member.user_id == self.oncall_staff)
        self.assertTrue(self._as(self.oncall_staff, event.browse()).search([]))
        member.date_to = self._day(-1)
        self.assertFalse(self._as(self.oncall_staff, event.browse()).search([]))
