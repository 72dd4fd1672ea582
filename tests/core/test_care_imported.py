import csv
import io

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, file_open, file_path, mute_logger

from ..common import PERSONAL_NUMBERS, CareCase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MODELS = {"units": "care.unit", "members": "care.unit.member", "clients": "care.client", "stays": "care.stay"}


class ImportCase(CareCase):
    """Files as people upload them, through the importer's own methods, with the rights of one user."""

    def _wizard(self, user, model, content):
        self.env.flush_all()
        self.env.invalidate_all()
        is_text = isinstance(content, str)
        wizard = (
            self.env["base_import.import"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )
        return wizard.create(
            {
                "res_model": model,
                "file": content.encode("utf-8-sig") if is_text else content,
                "file_type": XLSX if content[:2] == b"PK" else "text/csv",
                "file_name": "fil.xlsx" if content[:2] == b"PK" else "fil.csv",
            }
        )

    def _import(self, user, model, content, dryrun=False, **options):
        """Map the columns as the importer proposes, then import."""
        options = {"has_headers": True, "quoting": '"', "limit": 2000, "skip": 0, **options}
        wizard = self._wizard(user, model, content)
        preview = wizard.parse_preview(options)
        self.assertNotIn("error", preview)
        columns = preview["headers"]
        matches = preview["matches"]
        mapped = ["/".join(matches[at]) if at in matches else False for at in range(len(columns))]
        self.assertNotIn(False, mapped, f"the importer does not know {columns}")
        return wizard.execute_import(mapped, columns, preview["options"], dryrun=dryrun)

    def _refused(self, user, model, content, **options):
        """The import is refused: ``{row in the file: reasons}``, the header being row 1."""
        before = self.env[model].search_count([])
        with mute_logger("odoo.sql_db"):
            result = self._import(user, model, content, **options)
        self.assertFalse(result["ids"])
        self.assertEqual(self.env[model].search_count([]), before, "nothing is half imported")
        reasons = {}
        for message in result["messages"]:
            if message["type"] == "error":
                reasons.setdefault(message["rows"]["from"] + 2, []).append(message["message"])
        return reasons

    def _imported(self, *args, **options):
        result = self._import(*args, **options)
        self.assertFalse(result["messages"], result["messages"])
        return result["ids"]

    def _table(self, headers, *rows):
        file = io.StringIO()
        csv.writer(file).writerows([headers, *rows])
        return file.getvalue()

    def _state(self, model):
        """Every stored value, write dates included."""
        self.env.flush_all()
        query = SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(self.env[model]._table))
        return self.env.execute_query(query)


@tagged("post_install", "-at_install")
class TestCareImported(ImportCase, TransactionCase):
    CLIENT = ["Personnummer", "Förnamn", "Efternamn"]
    STAY = ["Klient", "Enhet", "Från och med", "Till och med"]

    def _read(self, name, extension):
        with file_open(f"social_care/static/import/{name}.{extension}", "rb") as file:
            content = file.read()
        return content.decode("utf-8-sig") if extension == "csv" else content

    def test_d4_few_letters_are_read_as_they_were_written(self):
        """FIELD D4: without a byte order mark, and as older programs write them."""
        names = "Personnummer,Förnamn,Efternamn\n19600101-9980,Åsa,Sjö\n"
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            with self.subTest(encoding=encoding):
                ids = self._imported(self.north_manager, "care.client", names.encode(encoding))
                client = self.env["care.client"].browse(ids)
                self.assertEqual((client.firstname, client.lastname), ("Åsa", "Sjö"))
                client.lastname = "Annan"

    def test_d4_a_column_that_matches_nothing_is_said(self):
        """FIELD D4: before the import, at the test and at the import itself; the rest is read."""
        content = self._table([*self.CLIENT, "Skostorlek", ""], ["19600101-9980", "Åsa", "Sjö", "38", ""])
        wizard = self._wizard(self.north_manager, "care.client", content)
        preview = wizard.parse_preview({"has_headers": True, "quoting": '"', "separator": ","})
        self.assertIn("Skostorlek", preview["unread"])
        self.assertNotIn("Förnamn", preview["unread"])
        fields = ["/".join(preview["matches"].get(at, [])) or False for at in range(5)]
        for dryrun in (True, False):
            result = wizard.execute_import(fields, preview["headers"], dict(preview["options"]), dryrun)
            self.assertTrue(result["ids"])
            self.assertEqual([message["type"] for message in result["messages"]], ["warning"])
            self.assertIn("Skostorlek", result["messages"][0]["message"])
        partners = self._wizard(
            self.env.user, "res.partner", self._table(["Namn", "Skostorlek"], ["A", "38"])
        )
        self.assertFalse(partners.parse_preview({"has_headers": True, "quoting": '"'})["unread"])

    def _prepare_sample(self):
        self._imported(self.care_admin, "care.unit", self._read("sample/units", "csv"))
        rows = [[f"P{number:02}", "north_manager", "manager", "2020-01-01"] for number in range(1, 41)]
        members = self._imported(
            self.care_admin,
            "care.unit.member",
            self._table(["Enhet", "Medarbetare", "Roll", "Från och med"], *rows),
        )
        self._as(self.privacy_officer, self.env["care.unit.member"].browse(members)).action_confirm()

    # ------------------------------------------------------------------
    # Templates and sample
    # ------------------------------------------------------------------

    def test_each_model_offers_its_template_files(self):
        for name, model in MODELS.items():
            for extension, offered in zip(
                ("xlsx", "csv"), self.env[model].get_import_templates(), strict=True
            ):
                path = f"social_care/static/import/{name}.{extension}"
                self.assertEqual(offered["template"], f"/{path}")
                self.assertTrue(file_path(path))

    def test_templates_are_imported_as_they_are(self):
        for extension in ("csv", "xlsx"):
            with self.subTest(extension), self.env.cr.savepoint() as savepoint:
                self._imported(self.care_admin, "care.unit", self._read("units", extension))
                unit = self.env["care.unit"].search(
                    [("code", "=", "SOL"), ("company_id", "=", self.company.id)]
                )
                self.env["hr.employee"].create(
                    [
                        {
                            "name": "Karin",
                            "work_email": "karin@tryggvardag.example",
                            "company_id": self.company.id,
                        },
                        {"name": "Anna Berg", "company_id": self.company.id},
                    ]
                )
                self.env["care.dwelling"].create({"name": "1203", "unit_id": unit.id})
                members = self._imported(
                    self.care_admin, "care.unit.member", self._read("members", extension)
                )
                self.assertEqual(
                    self.env["care.unit.member"].browse(members).mapped("role"), ["manager", "staff"]
                )
                self._member(unit, self.north_manager, "manager")
                clients = self._imported(self.north_manager, "care.client", self._read("clients", extension))
                self.assertEqual(self.env["care.client"].browse(clients)[0].personal_number, "195001019800")
                stay = self.env["care.stay"].browse(
                    self._imported(self.north_manager, "care.stay", self._read("stays", extension))
                )
                self.assertEqual((stay.unit_id, stay.dwelling_id.name), (unit, "1203"))
                savepoint.rollback()

    def test_sample_of_a_thousand_clients(self):
        self._prepare_sample()
        clients = self._imported(self.north_manager, "care.client", self._read("sample/clients", "csv"))
        stays = self._imported(self.north_manager, "care.stay", self._read("sample/stays", "csv"))
        self.assertEqual(len(clients), 1000)
        self.assertEqual(
            self.env["care.client"].browse(clients).stay_ids, self.env["care.stay"].browse(stays)
        )
        before = {model: self._state(model) for model in ("care.client", "care.stay", "care.unit")}
        for name, extension in (("units", "xlsx"), ("clients", "xlsx"), ("stays", "csv")):
            user = self.care_admin if name == "units" else self.north_manager
            self._imported(user, MODELS[name], self._read(f"sample/{name}", extension))
        for model, state in before.items():
            self.assertEqual(self._state(model), state, f"{model}: the same file again changes nothing")

    def test_everyone_in_the_sample_is_invented(self):
        book = openpyxl.load_workbook(file_path("social_care/static/import/sample/clients.xlsx"))
        numbers = [
            self.env["care.client"]._read_personal_number(row[0])
            for row in book.active.iter_rows(2, values_only=True)
        ]
        self.assertEqual(len(set(numbers)), 1000)
        self.assertTrue(all(980 <= int(number[8:11]) <= 999 for number in numbers))

    # ------------------------------------------------------------------
    # Bad rows
    # ------------------------------------------------------------------

    def test_bad_clients_are_refused_row_by_row(self):
        content = self._table(
            [*self.CLIENT, "Skyddade uppgifter"],
            ["20010101-9800", "Rätt", "Rättsson", ""],
            ["20010101-9805", "Fel", "Siffra", ""],
            ["20011301-9805", "Fel", "Datum", ""],
            ["12345", "Fel", "Form", ""],
            ["", "Utan", "", ""],
            ["", "Fel", "Skydd", "hemlig"],
            ["010101 9800", "Samma", "Person", ""],
        )
        reasons = self._refused(self.north_manager, "care.client", content)
        self.assertEqual(set(reasons), {3, 4, 5, 6, 7, 8})
        for row, word in [
            (3, "check digit"),
            (4, "no such date"),
            (5, "ten or twelve"),
            (6, "Last Name"),
            (7, "hemlig"),
        ]:
            self.assertEqual(len(reasons[row]), 1, reasons)
            self.assertIn(word, reasons[row][0])

    def test_a_file_with_many_bad_rows_tells_each(self):
        rows = [["20010101-9805", "Fel", f"Nummer {row}"] for row in range(50)]
        reasons = self._refused(self.north_manager, "care.client", self._table(self.CLIENT, *rows))
        self.assertEqual(set(reasons), set(range(2, 52)))

    def test_bad_stays_are_refused_row_by_row(self):
        astrid, cilla = PERSONAL_NUMBERS["astrid"], PERSONAL_NUMBERS["cilla"]
        content = self._table(
            [*self.STAY, "Boende"],
            [cilla, "Norr", "2026-01-01", "", ""],
            [cilla, "Ingenstans", "2026-01-01", "", ""],
            [PERSONAL_NUMBERS["bo"], "Norr", "2026-01-01", "", ""],
            ["20010101-9800", "Norr", "2026-01-01", "", ""],
            [cilla, "Norr", "", "", ""],
            [cilla, "Norr", "2026-03-01", "2026-02-01", ""],
            [cilla, "Norr", "2026-05-01", "", "9999"],
            [astrid, "Norr", "2020-01-01", "", ""],
            [cilla, "Norr", "2026-01-01", "", ""],
        )
        reasons = self._refused(self.north_manager, "care.stay", content)
        self.assertEqual(set(reasons), {3, 4, 5, 6, 7, 8, 9, 10}, reasons)
        self.assertEqual(
            reasons[4][0].replace(PERSONAL_NUMBERS["bo"], ""), reasons[5][0].replace("20010101-9800", "")
        )
        self.assertIn("already has a stay", reasons[9][0])

    def test_bad_units_and_memberships_are_refused_row_by_row(self):
        content = self._table(
            ["Kod", "Enhet", "Verksamhet"],
            ["A", "Alm", ""],
            ["", "Bok", ""],
            ["C", "Ceder", "fabrik"],
            ["A", "Asp", ""],
        )
        self.assertEqual(set(self._refused(self.care_admin, "care.unit", content)), {3, 4, 5})
        for name in ("Kim Lind", "Kim Lind"):
            self.env["hr.employee"].create({"name": name, "company_id": self.company.id})
        content = self._table(
            ["Enhet", "Medarbetare", "Roll", "Från och med"],
            ["Norr", "oncall_staff", "staff", "2020-01-01"],
            ["Norr", "Kim Lind", "staff", "2020-01-01"],
            ["Norr", "ingen@alls.example", "staff", "2020-01-01"],
            ["Norr", "south_staff", "kung", "2020-01-01"],
        )
        reasons = self._refused(self.care_admin, "care.unit.member", content)
        self.assertEqual(set(reasons), {3, 4, 5})
        self.assertIn("Several", reasons[3][0])

    def test_rows_are_counted_on_when_a_batch_is_bad(self):
        """The importer asks for the next batch by the number that the first gives back."""
        rows = [["20010101-9805", "Fel", "Nummer"]] * 3 + [["", "Rätt", "Rätt"]]
        wizard = self._wizard(self.north_manager, "care.client", self._table(self.CLIENT, *rows))
        options = {"has_headers": True, "quoting": '"', "separator": ",", "limit": 2, "skip": 0}
        names = ["personal_number", "firstname", "lastname"]
        first = wizard.execute_import(names, self.CLIENT, dict(options), dryrun=True)
        self.assertEqual((first["nextrow"], len(first["messages"])), (2, 2))
        second = wizard.execute_import(names, self.CLIENT, {**options, "skip": 2}, dryrun=True)
        self.assertEqual((second["nextrow"], len(second["messages"])), (0, 1))

    # ------------------------------------------------------------------
    # The same record again
    # ------------------------------------------------------------------

    def test_a_known_personal_number_updates_in_any_spelling(self):
        number = PERSONAL_NUMBERS["astrid"]
        content = self._table(
            [*self.CLIENT, "Telefon", "Ort"],
            [f"{number[2:8]} {number[8:]}", "Astrid", "Ek-Lund", "", "Norrby"],
        )
        phone = self.astrid.phone
        self.assertEqual(self._imported(self.north_manager, "care.client", content), self.astrid.ids)
        self.assertEqual((self.astrid.lastname, self.astrid.city), ("Ek-Lund", "Norrby"))
        self.assertEqual(self.astrid.phone, phone, "an empty cell erases nothing")

    def test_a_former_number_is_the_same_person_and_stays_former(self):
        """FIELD A2: a list from elsewhere may have the old number for long."""
        former = PERSONAL_NUMBERS["astrid"]
        self.astrid.personal_number = "19400664-9984"
        content = self._table([*self.CLIENT, "Ort"], [former, "Astrid", "Ek", "Norrby"])
        for _time in range(2):
            self.assertEqual(self._imported(self.north_manager, "care.client", content), self.astrid.ids)
        self.assertEqual((self.astrid.personal_number, self.astrid.city), ("194006649984", "Norrby"))
        self.assertEqual(self.astrid.former_number_ids.mapped("number"), [former])
        stay = self._table(self.STAY, [former, "Norr", self._day(-30), ""])
        self.assertEqual(self._imported(self.north_manager, "care.stay", stay), self.stay_astrid.ids)

    def test_a_file_may_bring_other_numbers(self):
        clients = self._as(self.north_manager, self.env["care.client"])
        names = ["personal_number", "lastname", "former_number_ids/number", "former_number_ids/kind"]
        for _time in range(2):
            answer = clients.load(names, [["20010101-9800", "Man", "000101-T220", "interim"]])
            self.assertFalse(answer["messages"])
        client = self.env["care.client"].browse(answer["ids"])
        self.assertEqual(client.former_number_ids.mapped("number"), ["000101T220"])
        self.assertEqual(clients._import_find({"000101 t220"})["000101 t220"].id, client.id)

    def test_a6_a_row_without_number_is_the_unit_s_client_of_that_name_and_date(self):
        """FIELD A6: the same file twice makes nobody twice, and says so."""
        headers = ["Förnamn", "Efternamn", "Födelsedatum", "Ort"]
        rows = [["Okänd", "Besökare", "1990-01-01", "Norrby"], ["Okänd", "Besökare", "", ""]]
        first = self._import(self.north_manager, "care.client", self._table(headers, *rows))
        self.assertEqual((len(first["ids"]), first["notes"]), (2, []))
        rows[0][3] = "Söderby"
        again = self._import(self.north_manager, "care.client", self._table(headers, *rows))
        clients = self.env["care.client"].browse(first["ids"])
        self.assertEqual(again["ids"], first["ids"])
        self.assertFalse(again["messages"])
        self.assertEqual(clients.mapped("city"), ["Söderby", False])
        for client in clients:
            self.assertIn(client.reference, again["notes"][0])
        others = [["OKÄND", "besökare", "1990-01-02", ""], ["Okänd", "Besök", "1990-01-01", ""]]
        new = self._imported(self.north_manager, "care.client", self._table(headers, *others))
        self.assertFalse(set(new) & set(first["ids"]))

    def test_a_row_without_number_finds_nobody_who_is_closed(self):
        """Bo is at Söder: Norr's manager admits a namesake and learns nothing."""
        self.bo.birth_date = "1972-03-12"
        content = self._table(["Förnamn", "Efternamn", "Födelsedatum"], ["Bo", "Al", "1972-03-12"])
        result = self._import(self.north_manager, "care.client", content)
        self.assertEqual((len(result["ids"]), result["notes"]), (1, []))
        self.assertNotIn(self.bo.id, result["ids"])

    def test_a_row_that_may_be_either_of_two_is_refused(self):
        for _client in range(2):
            self._client("Åsa", "Två", intake_unit_id=self.north.id)
        reasons = self._refused(
            self.north_manager, "care.client", self._table(["Förnamn", "Efternamn"], ["Åsa", "Två"])
        )
        self.assertIn("Several clients", reasons[2][0])

    def test_a_double_s_row_goes_to_the_file_that_remains(self):
        double = self._client("Astrid", "Ek", "19400664-9984", intake_unit_id=self.north.id)
        self.astrid.intake_unit_id = self.north
        self._as(self.north_manager, double).action_join(self.astrid.id)
        content = self._table([*self.CLIENT, "Ort"], ["400664-9984", "Astrid", "Ek", "Norrby"])
        self.assertEqual(self._imported(self.north_manager, "care.client", content), self.astrid.ids)
        self.assertEqual(self.astrid.personal_number, PERSONAL_NUMBERS["astrid"])
        clients = self._as(self.north_manager, self.env["care.client"])
        self.assertEqual(clients._import_find({double.reference})[double.reference].id, self.astrid.id)

    def test_external_ids_are_the_same_record_whatever_else_changes(self):
        headers = ["id", *self.CLIENT]
        first = self._imported(
            self.north_manager, "care.client", self._table(headers, ["gammal_7", "", "Okänd", "Man"])
        )
        self.assertEqual(
            self._imported(
                self.north_manager, "care.client", self._table(headers, ["gammal_7", "", "Okänd", "Man"])
            ),
            first,
        )
        self.assertEqual(
            self._imported(
                self.north_manager,
                "care.client",
                self._table(headers, ["gammal_7", "20010101-9800", "Nils", "Man"]),
            ),
            first,
        )
        self.assertEqual(self.env["care.client"].browse(first).personal_number, "200101019800")
        both = self._table(headers, ["nytt_id", "20010101-9800", "Nils", "Man"])
        self.assertEqual(self._imported(self.north_manager, "care.client", both), first)
        self.assertEqual(self.env.ref("__import__.nytt_id").id, first[0])

    def test_a_stay_that_has_ended_since_is_not_opened_again(self):
        content = self._table(self.STAY, [self.cilla.reference, "Norr", "2026-01-01", ""])
        [stay_id] = self._imported(self.north_manager, "care.stay", content)
        stay = self.env["care.stay"].browse(stay_id)
        self.assertFalse(self.cilla.intake_unit_id)
        stay.date_to = "2026-06-30"
        self.assertEqual(self._imported(self.north_manager, "care.stay", content), [stay_id])
        self.assertEqual(stay.date_to, fields.Date.to_date("2026-06-30"))
        intake = self._table(
            [*self.CLIENT, "Intag vid enhet"], [PERSONAL_NUMBERS["cilla"], "Cilla", "Lönn", "Norr"]
        )
        self._imported(self.north_manager, "care.client", intake)
        self.assertFalse(self.cilla.intake_unit_id, "the stay has ended the intake")

    def test_dwellings_are_the_rows_units_own(self):
        other = self.env["care.dwelling"].create({"name": "1203", "unit_id": self.south.id})
        self._member(self.south, self.north_manager, "manager")
        self._stay(self.cilla, self.north, -900, -800)
        content = self._table(
            [*self.STAY, "Boende"], [self.cilla.reference, "Söder", "2026-01-01", "", "1203"]
        )
        self._as(self.north_manager, self.cilla).write({"intake_unit_id": self.south.id})
        [stay_id] = self._imported(self.north_manager, "care.stay", content)
        self.assertEqual(self.env["care.stay"].browse(stay_id).dwelling_id, other)

    def test_employees_by_name_email_or_login_without_hr_rights(self):
        self.assertFalse(self.care_admin.has_group("hr.group_hr_user"))
        employees = self.env["hr.employee"].create(
            [
                {"name": "Ylva Mo", "company_id": self.company.id},
                {"name": "Ylva By", "work_email": "ylva.by@test.example", "company_id": self.company.id},
            ]
        )
        content = self._table(
            ["Enhet", "Medarbetare", "Roll", "Från och med"],
            *(
                ["Söder", text, "", "2026-01-01"]
                for text in ("Ylva Mo", "ylva.by@test.example", "north_staff")
            ),
        )
        ids = self._imported(self.care_admin, "care.unit.member", content)
        members = self.env["care.unit.member"].browse(ids)
        self.assertEqual(members.employee_id, employees | self._employee(self.north_staff))
        self.assertTrue(members[2].suspended, "what is imported waits for a manager too")
        before = self._state("care.unit.member")
        self.assertEqual(self._imported(self.care_admin, "care.unit.member", content), ids)
        self.assertEqual(self._state("care.unit.member"), before)

    # ------------------------------------------------------------------
    # Nobody gains a right
    # ------------------------------------------------------------------

    def test_a_closed_client_is_not_overwritten_and_not_told(self):
        closed = self._state("care.client")
        content = self._table(self.CLIENT, [PERSONAL_NUMBERS["bo"], "Stulen", "Fil"])
        with mute_logger("odoo.sql_db"):
            result = self._import(self.north_manager, "care.client", content)
        [message] = result["messages"]
        self.assertFalse(result["ids"])
        self.assertNotIn("rows", message)
        for text in ("Bo", self.bo.reference, "Söder", PERSONAL_NUMBERS["bo"]):
            self.assertNotIn(text, message["message"].split())
        self.assertEqual(self._state("care.client"), closed)

    def test_an_external_id_opens_nothing(self):
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "bo", "model": "care.client", "res_id": self.bo.id}
        )
        content = self._table(["id", *self.CLIENT], ["bo", "", "Stulen", "Fil"])
        self._refused(self.north_manager, "care.client", content)
        content = self._table(["Klient/Externt ID", "Enhet", "Från och med"], ["bo", "Norr", "2026-01-01"])
        wizard = self._wizard(self.north_manager, "care.stay", content)
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        result = wizard.execute_import(["client_id/id", "unit_id", "date_from"], [], options)
        self.assertFalse(result["ids"])

    def test_staff_and_administrators_import_no_clients(self):
        for user in (self.north_staff, self.care_admin, self.oncall_staff, self.privacy_officer):
            content = self._table(self.CLIENT, ["", "Ny", "Klient"])
            before = self.env["care.client"].search_count([])
            try:
                result = self._import(user, "care.client", content)
            except AccessError:
                result = {"ids": False}
            self.assertFalse(result["ids"], user.login)
            self.assertEqual(self.env["care.client"].search_count([]), before)

    def test_a_manager_imports_into_units_they_manage(self):
        content = self._table([*self.CLIENT, "Intag vid enhet"], ["", "Ny", "Klient", "Söder"])
        self.assertEqual(set(self._refused(self.north_manager, "care.client", content)), {2})
        content = self._table(self.STAY, [self.cilla.reference, "Söder", "2026-01-01", ""])
        self.assertEqual(set(self._refused(self.north_manager, "care.stay", content)), {2})

    def test_a_context_that_pretends_is_not_believed(self):
        clients = self._as(self.north_manager, self.env["care.client"]).with_context(
            care_import={"references": {}}
        )
        result = clients.load(["firstname", "lastname"], [["Ny", "Klient"]])
        self.assertEqual(self.env["care.client"].browse(result["ids"]).intake_unit_id, self.north)

    # ------------------------------------------------------------------
    # Speed
    # ------------------------------------------------------------------

    def test_queries_do_not_grow_with_the_rows(self):
        """Twenty clients with their stays cost few queries more than two do."""
        costs = []
        for first, count in ((1, 2), (3, 20)):
            clients = [[f"v{row}", "", "Ny", f"Klient {row}", "Norr"] for row in range(first, first + count)]
            content = self._table(["id", *self.CLIENT, "Intag vid enhet"], *clients)
            self._as(self.north_manager, self.env["care.client"]).search([], limit=1)
            before = self.env.cr.sql_log_count
            ids = self._imported(self.north_manager, "care.client", content)
            references = self.env["care.client"].browse(ids).mapped("reference")
            self._imported(
                self.north_manager,
                "care.stay",
                self._table(self.STAY, *([reference, "Norr", "2026-01-01", ""] for reference in references)),
            )
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1] - costs[0], 18, costs)

    def test_queries_do_not_grow_with_rows_that_are_matched_by_name(self):
        costs = []
        for first, count in ((1, 2), (3, 20)):
            rows = [["Okänd", f"Klient {row}", "1990-01-01", "Norr"] for row in range(first, first + count)]
            content = self._table(["Förnamn", "Efternamn", "Födelsedatum", "Intag vid enhet"], *rows)
            ids = self._imported(self.north_manager, "care.client", content)
            before = self.env.cr.sql_log_count
            self.assertEqual(self._imported(self.north_manager, "care.client", content), ids)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0], costs)
