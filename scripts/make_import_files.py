"""Write the workbooks of the importer's templates, static/import/*.xlsx, from the .csv beside them.

`python scripts/make_import_files.py`, with Odoo's openpyxl. The headers are those by which the importer knows the
columns, in data/base_import_mapping_data.xml. The sample is data like any other: nobody in it exists, personal
numbers are Skatteverket's test numbers.
"""

import csv
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

FOLDER = Path(__file__).resolve().parent.parent / "static" / "import"
VALUES = {
    "units": {
        "housing_support": "Boendestöd", "supported_housing": "Stödboende",
        "residential_care": "Särskilt boende", "home_care": "Hemtjänst", "daily_activity": "Daglig verksamhet",
        "on_call": "Jour", "relative_support": "Anhörigstöd", "intake": "Mottagning",
        "open_activity": "Öppen verksamhet", "employment": "Arbete och sysselsättning", "quality": "Kvalitet",
    },
    "members": {"staff": "Personal", "manager": "Chef", "mentor": "Handledare"},
    "clients": {
        "none": "Inga skyddade uppgifter", "marked": "Sekretessmarkering",
        "registered": "Skyddad folkbokföring", "new_identity": "Fingerade personuppgifter",
    },
    "stays": {
        "own_home": "Flyttade till egen bostad", "other_unit": "Flyttade till en annan enhet",
        "other_provider": "Flyttade till en annan utförare", "decision_ended": "Beslutet upphörde",
        "client_wish": "Klientens önskan", "deceased": "Avliden", "other": "Annat",
    },
}  # fmt: skip


def write(name, values):
    # with a byte order mark, or the importer guesses the encoding of a short file wrong, and Excel any file's
    with open(FOLDER / f"{name}.csv", newline="", encoding="utf-8-sig") as file:
        headers, *rows = csv.reader(file)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Import"
    for row in [headers, *rows]:
        sheet.append(row)
    for at, header in enumerate(headers, 1):
        sheet.cell(1, at).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = max(14, len(header) + 4)
    sheet.freeze_panes = "A2"
    legend = book.create_sheet("Värden")
    for row in [("Skriv", "Betyder"), *values.items()]:
        legend.append(row)
    new_year = book.properties.created.replace(2026, 1, 1, 0, 0, 0, 0)
    book.properties.created = book.properties.modified = new_year
    book.save(FOLDER / f"{name}.xlsx")


if __name__ == "__main__":
    for name, values in VALUES.items():
        write(name, values)
