import base64
import csv
import io
import json
import re

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ...tools.csv_text import plain_cell
from ...wizards.landlord.care_disturbance_report import REPORT_FIELDS
from .test_care_disturbance import DisturbanceCase

REPORT = "social_care.care_disturbance_report_document"
TENANT_PHONE = "070-174 06 15"
ADDRESS = "Asplunden 4, lgh 1101"
# What differs between two records of the same thing anywhere in Odoo.
REFERENCES = re.compile(r"\b[SHL]\d\d-\d+\b")
# Every stored relation that leads to a case or to a report of cases. One more is a decision.
POINTING = {
    "care.disturbance": {"care.oncall.event.disturbance_id", "care.landlord.report.case_ids"},
    "care.landlord.report": set(),
}


@tagged("post_install", "-at_install")
class TestCareDisturbanceReport(DisturbanceCase, TransactionCase):
    def test_the_same_whether_or_not_the_tenant_is_a_client(self):
        """DESIGN.md, idea 4: report, record, chatter and links are the same to the byte."""
        self.oncall_lead.group_ids |= self.env.ref("base.group_allow_export")
        with freeze_time(fields.Datetime.now()):
            seen = [self._everything_there_is(tenant_is_client) for tenant_is_client in (False, True)]
        self.assertEqual(seen[0].keys(), seen[1].keys())
        for part, value in seen[0].items():
            self.assertTrue(value, part)
            self.assertEqual(value, seen[1][part], part)

    def _everything_there_is(self, tenant_is_client):
        """One night, lived twice: all that anyone of the team or the landlord can read of the case."""
        with self.cr.savepoint() as savepoint:
            for code in ("care.disturbance", "care.oncall.event", "care.landlord.report"):
                self.env["ir.sequence"].search([("code", "=", code)]).write({"number_next": 5000})
            if tenant_is_client:
                self._make_the_tenant_a_client()
            case = self._live_the_night()
            sent = self._as(self.oncall_lead, self._report(self.oncall_lead)._kept())
            seen = {
                "record": self._read_all(case),
                "fields": json.dumps(case.fields_get(), sort_keys=True, default=str),
                "events": self._read_all(self._as(self.oncall_staff, case.event_ids)),
                "chatter": self._read_all(case.message_ids),
                "tracking": self._read_all(case.message_ids.sudo().tracking_value_ids),
                "export": json.dumps(
                    case.export_data(["address", "event_ids/reference", "message_ids/body"])["datas"]
                ),
                "pointing": self._pointing_at(case),
                "sent": self._read_all(sent),
                "sent csv": base64.b64decode(sent.csv_file).decode("utf-8-sig"),
                "sent cases": self._read_all(sent.case_ids),
                "sent texts": json.dumps(sent.content, ensure_ascii=False),
                "sent fields": json.dumps(sent.fields_get(), sort_keys=True, default=str),
                "pointing at sent": self._pointing_at(sent),
                "pdf": self._html(self.oncall_lead),
                "csv": self._csv(self.oncall_lead),
            }
            savepoint.rollback()
        self.env.invalidate_all()
        return {part: REFERENCES.sub("REF", text) for part, text in seen.items()}

    def _make_the_tenant_a_client(self):
        dwelling = self.env["care.dwelling"].create(
            {"name": "1101", "unit_id": self.north.id, "street": "Asplunden 4", "area_id": self.area.id}
        )
        client = self._client("Tora", "Hyresgäst", phone=TENANT_PHONE, street=ADDRESS)
        self._stay(client, self.north, -30, dwelling_id=dwelling.id)

    def _live_the_night(self):
        """The neighbour's call, then the tenant's own, and the case with its letters and notes."""
        shift = self._shift()
        events = self._as(self.oncall_staff, self.env["care.oncall.event"])
        calls = [{"caller_name": "Granne", "caller_phone": "08-123 45 67"}, {"caller_phone": TENANT_PHONE}]
        common = {
            "shift_id": shift.id,
            "unit_id": self.oncall.id,
            "kind": "disturbance",
            "area_id": self.area.id,
        }
        linked = [
            events.create({**common, "caller_kind": "tenant", "reason": "disturbance", **call}).id
            for call in calls
        ]
        case = self._as(self.oncall_staff, self.env["care.disturbance"]).create(
            {
                "area_id": self.area.id,
                "address": ADDRESS,
                "complainant_name": "Granne",
                "measures": "Vi ringde på. Musiken sänktes.",
                "verified": "heard",
                "event_ids": [(4, event_id) for event_id in linked],
            }
        )
        case.action_conversation()
        case.write({"warned_at": self._day(-1), "notified_at": self._day(0)})
        case.action_warning()
        case.message_post(body="Brevet är skickat.")
        case.activity_schedule("mail.mail_activity_data_todo")
        self.env.flush_all()
        self.cr.precommit.run()
        return self._as(self.oncall_lead, case)

    def _read_all(self, records):
        """Every field that the reader may read, with names for ids and numbers for lists."""
        lines = []
        for values in records.read():
            for name in ("id", "res_id", "mail_message_id", "message_id"):
                values.pop(name, None)
            lines.append({name: self._without_ids(value) for name, value in values.items()})
        return json.dumps(lines, sort_keys=True, default=str, ensure_ascii=False)

    @staticmethod
    def _without_ids(value):
        if isinstance(value, tuple):
            return value[1:]
        if isinstance(value, list):
            return len(value)
        return value

    def _pointing_at(self, case):
        """Every stored relation of the whole database that leads to the record."""
        found = {}
        for model_name, model in self.env.registry.items():
            if model._abstract or not model._auto:
                continue
            for name, field in model._fields.items():
                links = field.type in ("many2one", "many2many") and field.comodel_name == case._name
                if links and field.store:
                    found[f"{model_name}.{name}"] = (
                        self.env[model_name].sudo().search_count([(name, "=", case.id)])
                    )
        self.assertEqual(set(found), POINTING[case._name])
        return json.dumps(found, sort_keys=True) + "."

    def _html(self, user):
        report = self._report(user)._kept()
        html = self.env["ir.actions.report"].with_user(user)._render_qweb_html(REPORT, report.ids)[0].decode()
        self.assertIn(ADDRESS, html)
        return html

    def _csv(self, user):
        return base64.b64decode(self._report(user)._kept().csv_file).decode("utf-8-sig")

    def _lines(self, **vals):
        return list(csv.reader(io.StringIO(self._csv(self.oncall_lead)), delimiter=";"))

    def test_the_report_is_built_from_listed_fields(self):
        """A change of this list is a decision: nothing in it may hang on a person of ours."""
        self.assertEqual(
            REPORT_FIELDS,
            (
                "reference",
                "received_at",
                "area_id",
                "address",
                "kind",
                "verified",
                "measures",
                "ladder_step",
                "warned_at",
                "notified_at",
                "state",
                "same_address_count",
                "complainant_name",
            ),
        )
        fields_ = self.env["care.disturbance"]._fields
        for name in REPORT_FIELDS:
            self.assertNotIn(
                fields_[name].comodel_name, ("care.client", "care.stay", "care.dwelling", "care.oncall.event")
            )

    def test_the_case_has_no_way_to_a_client(self):
        """No field of a case leads to a person of ours, and its events cannot (a database check)."""
        allowed = {"care.unit", "care.area", "care.oncall.event", "care.disturbance"}
        models = {
            field.comodel_name
            for field in self.env["care.disturbance"]._fields.values()
            if field.comodel_name
        }
        self.assertFalse({name for name in models if name.startswith("care.")} - allowed)

    def test_the_complainant_is_told_only_when_they_agreed(self):
        self._case("Väg 1", complainant_name="Stina Granström", description="Stina hör basen")
        agreed = self._case("Väg 2", complainant_name="Olle Ek", complainant_agreed=True)
        for text in (self._csv(self.oncall_lead), self._html_of_period()):
            self.assertNotIn("Stina", text)
            self.assertIn("Olle Ek", text)
        agreed.complainant_agreed = False
        self.assertNotIn("Olle Ek", self._csv(self.oncall_lead))

    def _html_of_period(self):
        report = self._report(self.oncall_lead)._kept()
        return (
            self.env["ir.actions.report"]
            .with_user(self.oncall_lead)
            ._render_qweb_html(REPORT, report.ids)[0]
            .decode()
        )

    def test_an_empty_period_says_so(self):
        report = self._report(self.oncall_lead, date_from=self._day(-400), date_to=self._day(-390))._kept()
        html = (
            self.env["ir.actions.report"].with_user(self.oncall_lead)._render_qweb_html(REPORT, report.ids)[0]
        )
        self.assertIn("No disturbances", html.decode())

    def test_no_cell_is_a_formula(self):
        """A tenant's words may not run in the landlord's spreadsheet."""
        evil = ['=HYPERLINK("http://x")', "+46", "-1+1", "@SUM(A1)", "\t=1", "  =1", "＝1"]
        for number, text in enumerate(evil):
            self._case(f"Väg {number}", measures=text)
            self.assertTrue(plain_cell(text).startswith("'"), text)
        self._case(evil[0], measures='Citat "här"; och\nny rad')
        lines = self._lines()
        self.assertEqual(len(lines), 1 + len(evil) + 1)
        self.assertEqual({len(line) for line in lines}, {len(REPORT_FIELDS)})
        for line in lines:
            for cell in line:
                self.assertNotRegex(cell, r"^\s*[=+\-@]")
        self.assertIn('Citat "här"; och\nny rad', [cell for line in lines for cell in line])
        self.assertEqual(plain_cell("Musik = högt"), "Musik = högt")

    def test_excel_reads_it_at_once(self):
        self._case(measures="Åsa ö")
        wizard = self._report(self.oncall_lead)
        report, action = wizard._kept(), wizard.action_csv()
        content = base64.b64decode(report.csv_file)
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        self.assertIn("Åsa ö".encode(), content)
        self.assertIn(f"/{report.id}/csv_file/", action["url"])
        self.assertIn(str(fields.Date.today().year), report.csv_name)

    def test_report_takes_as_many_queries_whatever_its_length(self):
        spent = []
        for number in (2, 20):
            for index in range(number):
                self._case(f"Väg {index}", measures="x")
            report = self._report(self.oncall_lead)
            report.action_csv()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            report.action_csv()
            self.env.flush_all()
            spent.append(self.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0])
