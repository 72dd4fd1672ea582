from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ...tools.small_numbers import hidden_cells, publishable
from ..common_relative import RelativeCase


@tagged("post_install", "-at_install")
class TestRelativeReport(RelativeCase, TransactionCase):
    """One statistic of the whole organisation's support; nothing small leaves the unit."""

    def _contacts(self, number, **values):
        self.env["care.relative.contact"].create(
            [{"unit_id": self.line.id, **values} for _i in range(number)]
        )

    def _support(self, user=None, **values):
        return self._as(user or self.north_staff, self.env["care.unit.support"]).create(
            {"unit_id": self.north.id, "kind": "listened", **values}
        )

    def _totals(self, user=None):
        report = self._as(user or self.supporter, self.env["care.relative.report"])
        domain = [("unit_id", "in", (self.line | self.relatives | self.other_relatives | self.north).ids)]
        return dict(report._exact_groups(domain, ["source"], ["contacts:sum"]))

    def test_contacts_meetings_and_units_show_in_one_statistic(self):
        self._contacts(3, minutes=10)
        group = self.env["care.support.group"].create({"unit_id": self.line.id, "name": "Onsdagar"})
        self.env["care.support.session"].create({"group_id": group.id, "head_count": 7})
        self._support(people=4)
        self.env["care.relative.contact"].create({"unit_id": self.other_relatives.id})
        self.assertEqual(self._totals(), {"contact": 3, "group": 7, "unit": 4})
        self.assertEqual(self._totals(self.other_supporter), {"contact": 1, "unit": 4})

    def test_ids_are_unique(self):
        self._contacts(3)
        self._support()
        ids = self._supporter("care.relative.report").search([]).ids
        self.assertEqual(len(ids), len(set(ids)))

    def test_graphs_pivots_and_their_downloads_hide_small_numbers(self):
        self._contacts(12, need_code="listen", minutes=10)
        self._contacts(7, need_code="respite", minutes=10)
        self._contacts(2, need_code="grief", minutes=33, first_contact=True)
        report = self._supporter("care.relative.report")
        domain = [("unit_id", "=", self.line.id)]
        asked = ["contacts:sum", "minutes:sum", "first_contacts:sum", "__count"]
        groups = report.formatted_read_group(domain, ["need_code"], asked)
        told = {group["need_code"]: [group[name] for name in asked] for group in groups}
        self.assertEqual(told["listen"], [12, 120, 0, 12])
        self.assertEqual(told["grief"], [None] * 4)
        self.assertEqual(told["respite"][0], None, "or the total gives the two away")
        total = report.formatted_read_group(domain, [], asked)[0]
        self.assertEqual((total["contacts:sum"], total["first_contacts:sum"]), (21, None))
        sets = report.formatted_read_grouping_sets(
            domain, [[], ["need_code"], ["need_code", "age_band"]], asked
        )
        self.assertEqual([group["contacts:sum"] for group in sets[0]], [21])
        for group in sets[1] + sets[2]:
            self.assertFalse(0 < (group["contacts:sum"] or 0) < 5, group)
        self.assertNotIn("33", str(sets), "the minutes of two contacts tell of them too")

    def test_no_cell_of_a_table_of_two_ways_can_be_reckoned(self):
        cells = {("a", "x"): 2, ("a", "y"): 9, ("a", "z"): 30, ("b", "x"): 8, ("b", "y"): 7, ("b", "z"): 40}
        hidden = hidden_cells(cells)
        for line in (
            *([key for key in cells if key[0] == row] for row in "ab"),
            *([key for key in cells if key[1] == column] for column in "xyz"),
        ):
            gone = [key for key in line if key in hidden]
            self.assertTrue(not gone or (len(gone) > 1 and sum(cells[key] for key in gone) >= 5), gone)
        self.assertNotIn(("b", "z"), hidden)
        self.assertEqual(hidden_cells({(): 3}), {()})
        self.assertFalse(hidden_cells({("a",): 5, ("b",): 0}))

    def test_no_row_of_the_report_leaves_and_no_other_sum(self):
        self._contacts(6)
        report = self._supporter("care.relative.report")
        rows = report.search([("unit_id", "=", self.line.id)])
        self.env.ref("base.group_allow_export").user_ids |= self.supporter
        for act in (
            lambda: rows.read(["need_code"]),
            lambda: report.search_read([], ["need_code"], limit=1),
            lambda: rows.export_data(["need_code"]),
        ):
            with self.assertRaises(AccessError):
                act()
        for aggregate in ("id:array_agg", "minutes:max", "date:max", "contacts:count"):
            with self.assertRaises(UserError):
                report.formatted_read_group([], ["need_code"], [aggregate])
        with self.assertRaises(UserError):
            report.formatted_read_group([], ["need_code"], having=[("contacts:sum", "<", 3)])

    def test_the_wait_is_told_when_five_have_waited(self):
        for _i in range(5):
            self._as(self.supporter, self._referral(self._send())).action_contacted()
        report = self._supporter("care.relative.report")
        this_year = (self.relatives, self.today.year, "date:month")
        self.assertEqual([days for _month, days in report._year_waits(*this_year)], [0])
        other = self._referral(self._send())
        self.env.cr.execute(
            "UPDATE care_referral SET date = date - 400, contacted_on = date - 390 WHERE id = %s", [other.id]
        )
        self.env.invalidate_all()
        waits = report._year_waits(self.relatives, other.date.year, "date:month")
        self.assertEqual([days for _month, days in waits], [None])

    def test_the_wait_by_part_of_the_municipality(self):
        """Told where five have waited; a referral without a part is in no part, and the sender learns of none."""
        north, south = self.env["care.relative.district"].create([{"name": "Norr"}, {"name": "Söder"}])
        for district, count in ((north, 5), (south, 4), (north.browse(), 1)):
            for _i in range(count):
                referral = self._as(self.supporter, self._referral(self._send()))
                referral.district_id = district
                referral.action_contacted()
        report = self._supporter("care.relative.report")
        waits = report._year_waits(self.relatives, self.today.year, "district_id")
        self.assertEqual(waits, [("Norr", 0), ("Söder", None)])
        self.assertNotIn("district_id", self.env["care.referral.receipt"]._fields)

    def test_nobody_else_reads_the_statistic(self):
        for user in self.outsiders[:-2]:
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.relative.report"])._read_group([], [], ["contacts:sum"])

    def test_a_unit_s_own_numbers_are_its_members(self):
        support = self._support()
        self.assertEqual(self._as(self.north_manager, support).read(["people"])[0]["people"], 1)
        for user in (self.south_staff, self.supporter, self.privacy_officer):
            with self.assertRaises(AccessError):
                self._as(user, support).read(["people"])
        with self.assertRaises(AccessError):
            self._support(self.south_staff)
        texts = {
            name
            for name, field in support._fields.items()
            if field.store and field.type in ("char", "text", "html", "binary")
        }
        self.assertFalse(texts, "numbers only")

    def test_small_cells_are_hidden_and_cannot_be_reckoned(self):
        for cells in (
            {"a": 3, "b": 20, "c": 9},
            {"a": 1, "b": 1, "c": 30, "d": 12},
            {"a": 4, "b": 4, "c": 6},
            {"a": 2, "b": 5},
            {"a": 1, "b": 2, "c": 1, "d": 1},
        ):
            shown, total = publishable(cells)
            hidden = [key for key, count in shown.items() if count is None]
            for key, count in cells.items():
                self.assertFalse(0 < count < 5 and shown[key] is not None, (cells, shown))
            rest = total - sum(count for count in shown.values() if count is not None)
            self.assertGreaterEqual(len(hidden), 2, (cells, shown))
            self.assertGreaterEqual(rest, 5, (cells, shown))
        self.assertEqual(publishable({"a": 3, "b": 0}), ({"a": None, "b": 0}, None))
        self.assertEqual(publishable({"a": 8, "b": 5, "c": 0}), ({"a": 8, "b": 5, "c": 0}, 13))
        self.assertEqual(publishable({}), ({}, 0))

    def test_the_yearly_report_hides_and_adds_up(self):
        year = self.today.year
        self._contacts(12, date=f"{year}-02-03", need_code="respite", relation="partner", age_band="65_79")
        self._contacts(6, date=f"{year}-03-03", need_code="grief", relation="partner", age_band="65_79")
        self._contacts(2, date=f"{year}-03-04", need_code="conflict", relation="young", age_band="0_17")
        self._contacts(9, date=f"{year - 1}-03-04", need_code="conflict")
        table = self._supporter("care.relative.report")._year_table(
            [("unit_id", "=", self.line.id), ("date", ">=", f"{year}-01-01")], "need_code", "x"
        )
        self.assertEqual([count for _label, count in table["rows"]], [12, None, None])
        self.assertEqual(table["total"], 20)

    def test_who_prints_the_yearly_report(self):
        self._contacts(6)
        wizard = self._as(self.supporter, self.env["care.relative.year"]).create(
            {"year": self.today.year, "unit_ids": self.line.ids}
        )
        self.assertEqual(wizard.action_print()["report_name"], "social_care.care_relative_year_report")
        html = self._render(self.supporter, wizard)
        self.assertIn(str(self.today.year), html)
        for user in (self.other_supporter, self.north_manager, self.privacy_officer, self.care_admin):
            with self.assertRaises(AccessError):
                self._render(user, wizard)
        foreign = self._as(self.supporter, self.env["care.relative.year"]).create(
            {"year": self.today.year, "unit_ids": self.other_relatives.ids}
        )
        with self.assertRaises(AccessError):
            self._render(self.supporter, foreign)

    def test_anybody_in_care_prints_the_leaflet(self):
        html = self._render(self.north_staff, self.line, "care_relative_leaflet_report")
        self.assertIn("Anhöriglinjen", html)

    def _render(self, user, record, name="care_relative_year_report"):
        reports = self._as(user, self.env["ir.actions.report"])
        return reports._render_qweb_html(f"social_care.{name}", record.ids)[0].decode()
