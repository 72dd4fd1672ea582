"""Write the importer's template files and its sample of 1,000 clients: static/import and static/import/sample.

    python scripts/make_import_files.py

Nobody in them exists: names are drawn from lists, personal numbers are Skatteverket's test numbers (serial
980-999, given to nobody). The same rows come out each time. Needs openpyxl, which
comes with Odoo.
"""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

FOLDER = Path(__file__).resolve().parent.parent / "static" / "import"
CLIENTS, UNITS, LAST_DAY = 1000, 40, date(2026, 9, 30)

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

FIRST = [
    "Alma",
    "Albin",
    "Asta",
    "Arvid",
    "Britta",
    "Björn",
    "Cecilia",
    "Carl",
    "Dagny",
    "David",
    "Elsa",
    "Erik",
    "Frida",
    "Folke",
    "Gun",
    "Göran",
    "Hedda",
    "Harald",
    "Ida",
    "Ivar",
    "Jenny",
    "Johan",
    "Karin",
    "Knut",
    "Linnea",
    "Lars",
    "Maj",
    "Mats",
    "Nora",
    "Nils",
    "Olga",
    "Olof",
    "Pia",
    "Per",
    "Rut",
    "Rolf",
    "Siv",
    "Sven",
    "Tyra",
    "Tore",
    "Ulla",
    "Ulf",
    "Vera",
    "Viktor",
    "Yvonne",
    "Yngve",
    "Åsa",
    "Åke",
    "Ärla",
    "Östen",
    "Amina",
    "Dario",
    "Farid",
    "Leyla",
    "Mirza",
    "Samira",
    "Tomasz",
    "Zofia",
]
LAST_A = [
    "Al",
    "Ask",
    "Berg",
    "Björk",
    "Ceder",
    "Dal",
    "Ek",
    "Fors",
    "Gran",
    "Hassel",
    "Is",
    "Järn",
    "Lind",
    "Löv",
    "Mo",
    "Norr",
    "Ny",
    "Ros",
    "Sand",
    "Sjö",
    "Skog",
    "Sten",
    "Söder",
    "Ör",
]
LAST_B = [
    "backe",
    "blad",
    "by",
    "dahl",
    "fors",
    "gren",
    "holm",
    "kvist",
    "lund",
    "mark",
    "näs",
    "qvist",
    "sjö",
    "strand",
    "ström",
    "vall",
    "vik",
    "äng",
]
PLACES = [
    "Almgården",
    "Bergsgläntan",
    "Bäcken",
    "Dalgången",
    "Ekbacken",
    "Fjällstigen",
    "Furan",
    "Gläntan",
    "Granbacken",
    "Hagen",
    "Havsviken",
    "Hasseln",
    "Höjden",
    "Kajen",
    "Klippan",
    "Kullen",
    "Källan",
    "Lindgården",
    "Ljungen",
    "Lunden",
    "Lövsalen",
    "Malmen",
    "Myran",
    "Mossen",
    "Nordanvind",
    "Näset",
    "Parken",
    "Rönnen",
    "Sandviken",
    "Sjöstigen",
    "Skogsbrynet",
    "Solhöjden",
    "Stenbacken",
    "Strandängen",
    "Sunnanvind",
    "Tallen",
    "Torpet",
    "Utsikten",
    "Viken",
    "Ängen",
]
STREETS = ["Björkvägen", "Hamngatan", "Kvarngränd", "Lindallén", "Storgatan", "Södra vägen", "Ängsstigen"]
KINDS = ["housing_support", "supported_housing", "residential_care", "home_care"]
REASONS = list(VALUES["stays"])


def check_digit(nine_digits):
    """Luhn's, as Skatteverket describes it for personal numbers (SKV 704)."""
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(nine_digits))
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def test_number(born, serial):
    """A test number as people write it; ``serial`` 980-999, odd for men."""
    nine = f"{born:%y%m%d}{serial}"
    return f"{born:%Y%m%d}-{serial}{check_digit(nine)}"


def spelling(number, rng):
    """In the ways that real files have: with and without century and hyphen."""
    ways = [number, number.replace("-", ""), number.replace("-", " ")]
    if int(number[:4]) > LAST_DAY.year - 99:
        ways += [number[2:], number[2:].replace("-", "")]
    return rng.choice(ways)


def day_between(first, last, rng):
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def sample_units():
    codes = [f"P{number:02}" for number in range(1, UNITS + 1)]
    rows = [
        [code, place, KINDS[at % len(KINDS)], "", f"{code.lower()}@prov.example", ""]
        for at, (code, place) in enumerate(zip(codes, PLACES, strict=True))
    ]
    return codes, [*rows, ["PJOUR", "Provjouren", "on_call", "", "", ",".join(codes[:10])]]


def sample():
    """The three tables: units, clients, stays."""
    rng = random.Random(1000)
    codes, units = sample_units()
    clients, stays, numbers = [], [], set()
    while len(clients) < CLIENTS:
        number = test_number(day_between(date(1936, 1, 1), date(2007, 12, 31), rng), rng.randrange(980, 1000))
        if number in numbers:
            continue
        numbers.add(number)
        code = codes[len(clients) % UNITS]
        clients.append(sample_client(number, code, rng))
        stays += sample_stays(number, code, rng)
    return {"units": units, "clients": clients, "stays": stays}


def sample_client(number, code, rng):
    street = f"{rng.choice(STREETS)} {rng.randrange(1, 99)}"
    phone = (
        f"070-174 06 {rng.randrange(5, 100):02}" if rng.random() < 0.7 else ""
    )  # PTS's numbers for fiction
    protection = "marked" if rng.random() < 0.01 else ""
    return [
        *(
            spelling(number, rng),
            rng.choice(FIRST),
            rng.choice(LAST_A) + rng.choice(LAST_B),
            "",
            protection,
            phone,
            "",
        ),
        *(street, f"{rng.randrange(100, 990)} {rng.randrange(10, 99)}", "Storstad"),
        *("1" if rng.random() < 0.05 else "", "", code),
    ]


def sample_stays(number, code, rng):
    """One stay that goes on, and for one in five an earlier one that ended."""
    begun = day_between(date(2022, 1, 1), LAST_DAY, rng)
    rows = [[spelling(number, rng), code, "", begun.isoformat(), "", ""]]
    if rng.random() < 0.2:
        last = begun - timedelta(days=rng.randrange(30, 400))
        first = last - timedelta(days=rng.randrange(30, 1000))
        rows.insert(
            0, [spelling(number, rng), code, "", first.isoformat(), last.isoformat(), rng.choice(REASONS)]
        )
    return rows


def write(name, headers, rows, values=None):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
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
    if values:
        legend = book.create_sheet("Värden")
        for row in [("Skriv", "Betyder"), *values.items()]:
            legend.append(row)
    book.properties.created = book.properties.modified = book.properties.created.replace(
        2026, 1, 1, 0, 0, 0, 0
    )
    book.save(path.with_suffix(".xlsx"))


def main():
    for name, headers in HEADERS.items():
        write(name, headers, EXAMPLES[name], VALUES[name])
    for name, rows in sample().items():
        write(f"sample/{name}", HEADERS[name], rows)


if __name__ == "__main__":
    main()
