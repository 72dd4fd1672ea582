import base64
import csv
import io

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common_oncall import OncallCase


@tagged("post_install", "-at_install")
class TestCareOncallNumbers(OncallCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for kind, count in (("phone_support", 9), ("callout", 6), ("disturbance", 2)):
            for number in range(count):
                cls._event(kind=kind, reason="anxiety" if number else "health", area_id=cls.area.id)

    def _numbers(self, user, **vals):
        vals = {"unit_id": self.oncall.id, "date_from": self._day(-2), "date_to": self._day(1), **vals}
        return self._as(user, self.env["care.oncall.numbers"]).create(vals)

    def _cells(self, number):
        table = self._numbers(self.oncall_lead)._tables()[number]
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
        events = self.env["care.oncall.event"].search([("shift_id", "=", self.shift.id)], limit=5)
        for event in events[:4]:
            event.arrived_at = event.received_at
        wizard = self._numbers(self.oncall_lead)
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
        for user, numbers in ((stranger, wizard), (stranger, mine), (self.north_manager, mine)):
            with self.assertRaises(AccessError):
                self._as(user, numbers).action_csv()
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(name, numbers.ids)

    def test_the_log_is_not_exported(self):
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
