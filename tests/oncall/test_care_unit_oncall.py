from odoo import Command
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareUnitOncall(OncallCase, TransactionCase):
    """Whom the system tells of a gap, an alarm or a visit that nobody answers for."""

    def test_the_leads_are_told(self):
        self.assertEqual(self.oncall._oncall_leads(), self.oncall_lead)

    def test_where_nobody_leads_the_managers_are_told(self):
        boss = self._user("boss", "social_care.group_care_manager")
        self._member(self.oncall, boss, "manager")
        self.assertEqual(self.oncall._oncall_leads(), self.oncall_lead, "the lead comes first")
        lead = self.oncall.member_ids.filtered(lambda member: member.user_id == self.oncall_lead)
        lead.date_to = self._day(-1)
        self.assertEqual(self.oncall._oncall_leads(), boss)

    def test_nobody_is_told_who_has_left_or_is_in_doubt(self):
        lead = self.oncall.member_ids.filtered(lambda member: member.user_id == self.oncall_lead)
        self._employee(self.oncall_lead).user_id = self._user("thief", "social_care.group_oncall_lead")
        self.assertTrue(lead.suspended)
        self.assertFalse(self.oncall._oncall_leads())
        self._employee(self.oncall_lead)  # a new one: the login has lost the other
        self.assertEqual(self.north._users_now("manager"), self.north_manager)
        self.north_manager.active = False
        self.assertFalse(self.north._users_now("manager"))

    def test_the_day_unit_sees_who_serves_it(self):
        self.assertEqual(self.north.served_by_unit_ids, self.oncall)
        second = self._unit("Andra jouren", kind="on_call", serves_unit_ids=[Command.set(self.north.ids)])
        self.assertEqual(self.north.served_by_unit_ids, self.oncall | second)

    def test_opening_hours_and_closing_the_team_change_its_gaps(self):
        team = self._unit("Kvällsjouren", kind="on_call")
        gaps = self.env["care.oncall.coverage"]
        here = [("unit_id", "=", team.id)]
        gaps._refresh(team)
        self.assertEqual(len(gaps.search(here)), 1, "around the clock: one gap of four weeks")
        team.opening_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Kvällar",
                "company_id": self.company.id,
                "tz": "Europe/Stockholm",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 18,
                                "hour_to": 22,
                                "day_period": "afternoon",
                            }
                        )
                        for day in range(7)
                    ),
                ],
            }
        )
        self.assertEqual(len(gaps.search(here)), 28, "one each evening")
        team.active = False
        self.assertFalse(gaps.search(here))
