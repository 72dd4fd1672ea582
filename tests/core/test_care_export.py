import csv
import io
import json

import openpyxl

from odoo import http
from odoo.tests import HttpCase, tagged

from ..common import CareCase

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", '=HYPERLINK("http://x.example")']


@tagged("post_install", "-at_install")
class TestCareExport(CareCase, HttpCase):
    """What Odoo exports of this app holds no formula, whatever somebody has typed; other apps' files stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exporter = cls._user(
            "exporter", "social_care.group_care_admin,base.group_allow_export,base.group_partner_manager"
        )
        cls.units = cls.env["care.unit"].create(
            [
                {"name": text, "code": f"F{number}", "company_id": cls.company.id}
                for number, text in enumerate(FORMULAS)
            ]
        )
        cls.partners = cls.env["res.partner"].create([{"name": text} for text in FORMULAS])

    def _file(self, extension, records, *names, groupby=()):
        self.authenticate("exporter", "exporter")
        params = {
            "model": records._name,
            "fields": [{"name": name, "label": name, "type": "char"} for name in names],
            "ids": records.ids,
            "domain": [],
            "groupby": list(groupby),
            "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids},
        }
        answer = self.url_open(
            f"/web/export/{extension}",
            data={"data": json.dumps(params), "csrf_token": http.Request.csrf_token(self)},
        )
        answer.raise_for_status()
        return answer.content

    def _csv_cells(self, *args):
        rows = list(csv.reader(io.StringIO(self._file("csv", *args).decode(), newline="")))
        return [row[-1] for row in rows[1:]]

    def _sheet_cells(self, *args, **kwargs):
        sheet = openpyxl.load_workbook(io.BytesIO(self._file("xlsx", *args, **kwargs))).active
        return [cell for row in sheet.iter_rows(min_row=2) for cell in row]

    def test_no_cell_of_a_csv_begins_a_formula(self):
        told = self.units.mapped("name")
        self.assertEqual(self._csv_cells(self.units, "code", "name"), [f"'{text}" for text in told])

    def test_no_cell_of_a_sheet_is_a_formula_or_a_link(self):
        for groupby in ((), ("name",), ("code",)):
            with self.subTest(groupby):
                cells = self._sheet_cells(self.units, "code", "name", groupby=groupby)
                self.assertFalse([cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink])
                texts = {cell.value for cell in cells if isinstance(cell.value, str)}
                self.assertLessEqual({"=1+1", "@SUM(A1)", "+1"}, texts)

    def test_what_other_apps_export_is_odoo_s(self):
        texts = self._csv_cells(self.partners, "name")
        self.assertIn("@SUM(A1)", texts)
        self.assertIn("'=1+1", texts)
        self.assertTrue([cell for cell in self._sheet_cells(self.partners, "name") if cell.data_type == "f"])
