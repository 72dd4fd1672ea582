from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallCoverage(OncallCase, TransactionCase):
    def _holes(self):
        rows = self.env["care.oncall.coverage"].search([("unit_id", "=", self.oncall.id)])
        return [(row.kind, row.date_start, row.date_end) for row in rows]

    def test_gaps_and_lone_shifts_of_four_weeks(self):
        with freeze_time("2026-03-02 09:00:00"):
            self.env["care.oncall.shift"].search([("unit_id", "=", self.oncall.id)])._write_decided(
                {"employee_ids": [Command.clear()]}
            )
            both = (self._employee(self.oncall_staff) | self._employee(self.oncall_lead)).ids
            create = self.env["care.oncall.shift"].create
            for start, end, crew in (
                ("2026-03-01 23:00:00", "2026-03-02 12:00:00", both),
                ("2026-03-02 12:00:00", "2026-03-02 20:00:00", both[:1]),
            ):
                create(
                    {
                        "unit_id": self.oncall.id,
                        "date_start": start,
                        "date_end": end,
                        "employee_ids": [Command.set(crew)],
                    }
                )
            holes = self._holes()
            self.assertEqual(holes[0], ("lone", datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 20)))
            # the clock goes forward on 29 March: four weeks later midnight is at 22:00 UTC
            self.assertEqual(holes[1], ("gap", datetime(2026, 3, 2, 20), datetime(2026, 3, 29, 22)))
            self.assertEqual(len(holes), 2)

    def test_b1_whoever_has_left_the_team_is_not_on_duty(self):
        with freeze_time("2026-03-02 09:00:00"):
            crew = self._employee(self.oncall_staff) | self._employee(self.oncall_lead)
            self.env["care.oncall.shift"].create(
                {
                    "unit_id": self.oncall.id,
                    "date_start": "2026-03-05 12:00:00",
                    "date_end": "2026-03-05 20:00:00",
                    "employee_ids": [Command.set(crew.ids)],
                }
            )
            during = datetime(2026, 3, 5, 12)
            holes = {start: kind for kind, start, _end in self._holes()}
            self.assertNotIn(during, holes)
            self.oncall.member_ids.filtered(lambda member: member.user_id == self.oncall_staff).write(
                {"date_to": "2026-03-04"}
            )
            self.env["care.oncall.coverage"]._refresh(self.oncall)
            self.assertEqual({start: kind for kind, start, _end in self._holes()}[during], "lone")
            self.oncall_lead.active = False
            self.env["care.oncall.coverage"]._refresh(self.oncall)
            self.assertNotIn(during, {start for _kind, start, _end in self._holes()}, "part of a longer gap")

    def test_opening_hours(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Vardagar", "company_id": self.company.id, "tz": "Europe/Stockholm"}
        )
        with freeze_time("2026-03-02 09:00:00"):
            self.env["care.oncall.shift"].search([("unit_id", "=", self.oncall.id)])._write_decided(
                {"employee_ids": [Command.clear()]}
            )
            self.oncall.opening_calendar_id = calendar
            hours = {(start.hour, end.hour) for _kind, start, end in self._holes()}
            self.assertNotIn(3, {start for start, _end in hours})
            self.assertGreater(len(self._holes()), 20)

    def test_the_lead_is_reminded_once_before_a_gap(self):
        coverage = self.env["care.oncall.coverage"]
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("social_care.care_oncall_coverage_cron_warn").method_direct_trigger()
        activities = self.oncall.sudo().activity_ids
        self.assertEqual(activities.user_id, self.oncall_lead)
        gaps = coverage.search([("unit_id", "=", self.oncall.id), ("kind", "=", "gap")])
        warned = gaps.filtered("activity_ids")
        self.assertEqual(len(activities), len(warned))
        warned.unlink()
        self.assertFalse(self.oncall.sudo().activity_ids)

    def test_the_lead_is_reminded_as_early_as_the_company_itself_has_set(self):
        for hours, expected in ((1, False), (336, True)):  # tonight's shift ends in seven hours
            self.set_rule("coverage_warning", hours)
            with self.enter_registry_test_mode():
                self.env.ref("social_care.care_oncall_coverage_cron_warn").method_direct_trigger()
            self.assertEqual(bool(self.oncall.sudo().activity_ids), expected, hours)

    def test_the_crew_reads_and_nobody_writes(self):
        coverage = self._as(self.oncall_lead, self.env["care.oncall.coverage"])
        self.assertTrue(coverage.search([]))
        with self.assertRaises(AccessError):
            coverage.search([]).write({"kind": "lone"})

    def test_from_the_gap_to_the_shift(self):
        coverage = self.env["care.oncall.coverage"]
        coverage._refresh(self.oncall)
        rows = coverage.search([("unit_id", "=", self.oncall.id)])
        coming = rows.filtered(lambda row: row.date_end > self.now)
        gap, lone = (coming.filtered(lambda row, kind=kind: row.kind == kind)[0] for kind in ("gap", "lone"))
        context = self._as(self.oncall_lead, gap).action_plan_shift()["context"]
        vals = {name.removeprefix("default_"): value for name, value in context.items()}
        shift = self._as(self.oncall_lead, self.env["care.oncall.shift"]).create(vals)
        self.assertEqual((shift.unit_id, shift.date_start), (self.oncall, gap.date_start))
        self.assertEqual(shift.lead_id, self._employee(self.oncall_lead))
        self.assertLessEqual(shift.date_end - shift.date_start, timedelta(days=1))
        over, begun = coverage.create(
            [
                {
                    "unit_id": self.oncall.id,
                    "kind": "gap",
                    "date_start": self.now - timedelta(hours=3),
                    "date_end": self.now + timedelta(hours=hours),
                }
                for hours in (-1, 5)
            ]
        )
        with self.assertRaises(UserError):
            self._as(self.oncall_lead, over).action_plan_shift()
        context = self._as(self.oncall_lead, begun).action_plan_shift()["context"]
        self.assertGreater(context["default_date_start"], self.now - timedelta(minutes=2))
        self.assertEqual(context["default_date_end"], begun.date_end)
        alone = self._as(self.oncall_lead, lone).action_plan_shift()
        self.assertEqual(alone["res_id"], self.shift.id)
        with self.assertRaises(AccessError):
            self._once_open(self.north_manager, gap).action_plan_shift()
