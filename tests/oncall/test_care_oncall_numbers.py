import base64
import csv
import io
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ...tools.midnight import midnight
from ..common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallNumbers(OncallCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = cls.today.replace(day=1) - relativedelta(months=1)
        cls.night = cls._night(cls.month, phone_support=9, callout=6, disturbance=2)

    @classmethod
    def _night(cls, month, closed=True, **counts):
        """A closed shift in the middle of the month, with so many events of each kind."""
        start = datetime.combine(month, datetime.min.time()) + timedelta(days=14, hours=18)
        shift = cls._shift(cls.oncall_lead, start=(start - cls.now).total_seconds() / 3600)
        for kind, count in counts.items():
            for number in range(count):
                reason = "anxiety" if number else "health"
                values = {"kind": kind, "reason": reason, "area_id": cls.area.id, "received_at": start}
                cls._event(shift_id=shift.id, **values)
        if closed:
            shift.event_ids._write_decided({"state": "done"})
            cls.env.flush_all()
            shift._write_decided({"state": "closed"})
            cls.env.flush_all()
        return shift

    def _numbers(self, user, period=None, **vals):
        vals = {"unit_id": self.oncall.id, "period": period or f"{self.month:%Y-%m}", **vals}
        return self._as(user, self.env["care.oncall.numbers"]).create(vals)

    def _cells(self, number, period=None):
        table = self._numbers(self.oncall_lead, period)._tables()[number]
        return dict(table["rows"]), table["total"]

    def test_small_cells_are_hidden_and_cannot_be_worked_out(self):
        cells, total = self._cells(0)
        self.assertEqual(cells, {"Phone support": 9, "Call-out": None, "Disturbance": None})
        self.assertEqual(total, 17)
        cells, total = self._cells(1)
        self.assertEqual(cells, {"Anxiety": None, "Health": None})
        for number in range(5):
            cells, total = self._cells(number)
            hidden = [label for label, count in cells.items() if count is None]
            self.assertNotEqual(len(hidden), 1, "one alone is the total less the rest")
            self.assertFalse([count for count in cells.values() if count and count < 5])

    def _quarter(self):
        """The first months of one that is over, and the name of it."""
        first = self.today.replace(month=(self.today.month - 1) // 3 * 3 + 1, day=1)
        first -= relativedelta(months=6)
        return [
            first + relativedelta(months=turn) for turn in range(3)
        ], f"{first.year}-q{first.month // 3 + 1}"

    def test_one_period_less_another_tells_nothing_more(self):
        """A quarter less two of its months must not be the third."""
        months, period = self._quarter()
        for month, (phone, callout, disturbance) in zip(
            months, [(9, 8, 7), (9, 6, 2), (6, 7, 0)], strict=True
        ):
            self._night(month, phone_support=phone, callout=callout, disturbance=disturbance)
        told = [self._cells(0, f"{month:%Y-%m}")[0] for month in months]
        self.assertEqual(told[1], {"Phone support": 9, "Call-out": None, "Disturbance": None})
        cells, total = self._cells(0, period)
        self.assertEqual(cells, {"Phone support": 24, "Call-out": None, "Disturbance": None})
        self.assertEqual(total, 54)

    def test_a_quarter_tells_no_total_that_a_month_hides(self):
        months, period = self._quarter()
        self._night(months[0], phone_support=20, callout=20)
        self._night(months[1], phone_support=1, callout=2)
        self._night(months[2], phone_support=9, callout=9)
        self.assertEqual(
            self._cells(0, f"{months[1]:%Y-%m}"), ({"Phone support": None, "Call-out": None}, None)
        )
        self.assertEqual(self._cells(0, period), ({"Phone support": None, "Call-out": None}, None))

    def test_only_whole_periods_that_are_over(self):
        for period in (f"{self.today:%Y-%m}", f"{self.month:%Y-%m}-15", "1999-01", f"{self.today.year}"):
            with self.subTest(period), self.assertRaises(ValidationError):
                self._numbers(self.oncall_lead, period)
        lengths = set()
        for period, _label in self.env["care.oncall.numbers"]._selection_period():
            numbers = self._numbers(
                self.oncall_lead, period, date_from=self._day(-3), date_to=self._day(-2)
            )  # the dates follow from the period alone
            following = numbers.date_to + relativedelta(days=1)
            months = relativedelta(following, numbers.date_from)
            lengths.add(length := months.years * 12 + months.months)
            self.assertEqual((months.days, (numbers.date_from.month - 1) % length), (0, 0), period)
            self.assertEqual(numbers.date_from.day, 1, period)
            self.assertLess(numbers.date_to, self.today, period)
        self.assertEqual(lengths, {1, 3, 12})

    def test_a_month_is_told_when_its_shifts_are_closed(self):
        """What could still be written would be told by the difference."""
        month = self.month - relativedelta(months=1)
        shift = self._night(month, closed=False, phone_support=6)
        numbers = self._numbers(self.oncall_lead, f"{month:%Y-%m}")
        name = "social_care.care_oncall_numbers_report_document"
        reports = self.env["ir.actions.report"].with_user(self.oncall_lead)
        with self.assertRaises(UserError):
            numbers.action_csv()
        with self.assertRaises(UserError):
            reports._render_qweb_html(name, numbers.ids)
        shift.event_ids._write_decided({"state": "done"})
        self._as(self.oncall_lead, shift).action_close()
        numbers.action_csv()
        self.assertTrue(reports._render_qweb_html(name, numbers.ids))

    def test_written_late_it_counts_with_its_shift(self):
        """An event of this month's shift does not change what was told of the last one."""
        before = self._cells(0)
        first = midnight(self.today.replace(day=1), "Europe/Stockholm")
        self.shift._write_decided({"date_start": first, "date_end": first + timedelta(hours=8)})
        self._event(received_at=first - timedelta(minutes=30))
        self.assertEqual(self._cells(0), before)

    def test_pdf_and_csv_hide_the_same(self):
        wizard = self._numbers(self.oncall_lead)
        wizard.action_csv()
        text = base64.b64decode(wizard.csv_file).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        self.assertIn(["Kind", "Disturbance", "hidden"], rows)
        self.assertIn(["Kind", "Phone support", "9"], rows)
        self.assertFalse([row for row in rows if row[2] in ("1", "2", "3", "4")])
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.oncall_lead)
            ._render_qweb_html("social_care.care_oncall_numbers_report_document", wizard.ids)
        )
        self.assertIn("hidden", html.decode())

    def test_response_times_need_five(self):
        month = self.month - relativedelta(months=1)
        shift = self._night(month, closed=False, callout=6)
        events = shift.event_ids.sorted("id")
        for event in events[:4]:
            event.arrived_at = event.received_at
        wizard = self._numbers(self.oncall_lead, f"{month:%Y-%m}")
        self.assertIsNone(wizard._response())
        events[4].arrived_at = events[4].received_at
        self.assertEqual(wizard._response(), 0)
        self.assertEqual(dict(wizard._tables()[4]["rows"])["0–9"], 5)

    def test_the_lead_of_that_team_and_nobody_else(self):
        with self.assertRaises(AccessError):
            self._numbers(self.oncall_staff)
        other = self._unit("Andra jouren", kind="on_call")
        stranger = self._user("other_lead", "social_care.group_oncall_lead")
        self._member(other, stranger)
        wizard = self._numbers(stranger)
        mine = self._numbers(self.oncall_lead)
        name = "social_care.care_oncall_numbers_report_document"
        colleague = self._user("second_lead", "social_care.group_oncall_lead")
        self._member(self.oncall, colleague)
        with self.assertRaises(AccessError):  # what another lead has filled in, though of the same team
            self._once_open(colleague, mine).action_csv()
        for user, numbers in ((stranger, wizard), (stranger, mine), (self.north_manager, mine)):
            with self.assertRaises(AccessError):
                self._as(user, numbers).action_csv()
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(name, numbers.ids)

    def test_a_membership_that_nobody_has_confirmed_makes_no_numbers(self):
        """Not of an administrator either, who sees all memberships and makes them."""
        self.care_admin.group_ids |= self.env.ref("social_care.group_oncall_lead")
        member = self._member(self.oncall, self.care_admin)
        numbers = self._numbers(self.care_admin)
        self.assertTrue(numbers.action_csv())
        member.confirmed_user_id = False
        with self.assertRaises(AccessError):
            self._as(self.care_admin, numbers).action_csv()

    def test_queries_do_not_grow_with_the_events(self):
        """Each month is asked for as often, whatever happened in it."""
        numbers = self._numbers(self.oncall_lead)
        counts = []
        for _turn in range(2):
            self.env.invalidate_all()
            numbers._tables()
            before = self.cr.sql_log_count
            numbers._tables()
            counts.append(self.cr.sql_log_count - before)
            self._night(self.month, phone_support=20, callout=8)
        self.assertEqual(*counts)

    def test_the_log_is_not_exported(self):
        self._event()
        self.oncall_lead.group_ids |= self.env.ref("base.group_allow_export")
        events = self._as(self.oncall_lead, self.env["care.oncall.event"]).search([])
        for columns in (["description"], ["reference", "caller_phone"], ["shift_id/event_ids/caller_name"]):
            with self.assertRaises(AccessError):
                events.export_data(columns)
        with self.assertRaises(AccessError):
            self._as(self.oncall_lead, self.shift).export_data(["event_ids/description"])
        self.assertTrue(events.export_data(["reference"])["datas"])

    def test_nobody_outside_the_team_groups_the_log(self):
        for user in (self.north_manager, self.north_staff, self.care_admin, self.supporter):
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.oncall.event"]).formatted_read_group([], ["kind"], ["__count"])
