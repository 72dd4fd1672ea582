"""Write the importer's template files, static/import: `python scripts/make_import_files.py`, with Odoo's openpyxl.

The sample beside them is data like any other: nobody in it exists, personal numbers are Skatteverket's test numbers.
"""

import csv
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

FOLDER = Path(__file__).resolve().parent.parent / "static" / "import"

# The same headers as in data/base_import_mapping_data.xml, by which the importer knows the columns.
HEADERS = {
    "units": ["Kod", "Enhet", "Verksamhet", "Telefon", "E-post", "Svarar för enheter"],
    "members": ["Enhet", "Medarbetare", "Roll", "Från och med", "Till och med"],
    "clients": [
        *("Personnummer", "Förnamn", "Efternamn", "Födelsedatum", "Skyddade uppgifter", "Telefon", "E-post"),
        *("Gatuadress", "Postnummer", "Ort", "Behöver tolk", "Kommunikation", "Intag vid enhet"),
    ],
    "stays": ["Klient", "Enhet", "Boende", "Från och med", "Till och med", "Orsak till avslut"],
}
EXAMPLES = {
    "units": [
        ["SOL", "Solgläntan", "supported_housing", "08-123 456 01", "solglantan@tryggvardag.example", ""],
        ["JOUR", "Trygghetsjouren", "on_call", "08-123 456 02", "", "SOL"],
    ],
    "members": [
        ["SOL", "karin@tryggvardag.example", "manager", "2026-01-01", ""],
        ["SOL", "Anna Berg", "staff", "2026-01-01", "2026-12-31"],
    ],
    "clients": [
        [
            *(
                "19500101-9800",
                "Exempel",
                "Exempelsson",
                "",
                "",
                "070-174 06 35",
                "",
                "Björkvägen 1",
                "123 45",
            ),
            *("Storstad", "", "Talar gärna i telefon på förmiddagen", "SOL"),
        ],
        ["", "Okänd", "Besökare", "1990-01-01", "", "", "", "", "", "", "1", "", "SOL"],
    ],
    "stays": [["19500101-9800", "SOL", "1203", "2026-01-15", "", ""]],
}
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


def write(name, headers, rows, values):
    path = FOLDER / name
    # with a byte order mark, or the importer guesses the encoding of a short file wrong, and Excel any file's
    with open(path.with_suffix(".csv"), "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, lineterminator="\n").writerows([headers, *rows])
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
    book.properties.created = book.properties.modified = book.properties.created.replace(
        2026, 1, 1, 0, 0, 0, 0
    )
    book.save(path.with_suffix(".xlsx"))


if __name__ == "__main__":
    for name, headers in HEADERS.items():
        write(name, headers, EXAMPLES[name], VALUES[name])
