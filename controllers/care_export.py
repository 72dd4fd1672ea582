import json

from odoo.addons.web.controllers.export import (
    CSVExport,
    ExcelExport,
    ExportXlsxWriter,
    GroupExportXlsxWriter,
)
from odoo.http import request

from ..tools.csv_text import plain_cell


def care_columns(fields):
    """For each column of the export, whether what stands in it comes from a model of this app."""
    root = json.loads(request.params["data"])["model"]
    return [_passes_care(root, field["name"]) for field in fields]


def _passes_care(model, path):
    for name in path.split("/"):
        if model.startswith("care."):
            return True
        field = request.env[model]._fields.get(name)
        model = (field and field.relational and field.comodel_name) or ""
    return model.startswith("care.")


class CareCSVExport(CSVExport):
    """No cell of ours begins a formula: Odoo leaves those with ``@``, a tab or a line feed."""

    def from_data(self, fields, columns_headers, rows):
        care = care_columns(fields)
        if any(care):
            rows = [
                [
                    plain_cell(cell) if own and isinstance(cell, str) else cell
                    for own, cell in zip(care, row, strict=True)
                ]
                for row in rows
            ]
        return super().from_data(fields, columns_headers, rows)


class TextCells:
    """A text stays a text: ``=1+1`` is no formula, and an address no link."""

    def write(self, row, column, cell_value, style=None):
        if isinstance(cell_value, str) and cell_value:
            self.worksheet.write_string(row, column, cell_value, style)
        else:
            super().write(row, column, cell_value, style)


class TextXlsxWriter(TextCells, ExportXlsxWriter):
    pass


class TextGroupXlsxWriter(TextCells, GroupExportXlsxWriter):
    pass


class CareExcelExport(ExcelExport):
    """A sheet with a column of ours holds no formula; a cell there has a type, so that nothing is put before it."""

    def from_group_data(self, fields, columns_headers, groups):
        if not any(care_columns(fields)):
            return super().from_group_data(fields, columns_headers, groups)
        with TextGroupXlsxWriter(fields, columns_headers, groups.count) as sheet:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = sheet.write_group(row, column, name, group)
        return sheet.value

    def from_data(self, fields, columns_headers, rows):
        if not any(care_columns(fields)):
            return super().from_data(fields, columns_headers, rows)
        with TextXlsxWriter(fields, columns_headers, len(rows)) as sheet:
            for at, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    sheet.write_cell(at, column, cell)
        return sheet.value
