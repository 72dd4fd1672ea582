from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import PERSONAL_NUMBERS, CareCase

ASTRID = ["19400604-9987", "194006049987", "400604-9987", "4006049987", " 400604 9987", "19400604\u20139987"]
FREE = "600101-9980"


@tagged("post_install", "-at_install")
class TestCareClient(CareCase, TransactionCase):
    def test_no_client_of_a_provider_whose_kind_nobody_has_said(self):
        other = self.env["res.company"].create({"name": "Annan AB"})
        with self.assertRaisesRegex(UserError, "municipal or private"), self.cr.savepoint():
            self.env["care.client"].create({"lastname": "Ny", "company_id": other.id})
        other.care_operator_type = "municipal"
        self.assertTrue(self._client("Eva", "Ny", company_id=other.id))

    def test_found_by_any_spelling_of_the_personal_number(self):
        clients = self._as(self.north_staff, self.env["care.client"])
        for written in ASTRID:
            with self.subTest(written=written):
                self.assertEqual([id_ for id_, _label in clients.name_search(written)], self.astrid.ids)
                for domain in (
                    [("personal_number", "=", written)],
                    [("personal_number", "in", [written, False])],
                    [("personal_number", "ilike", written)],
                    [("display_name", "ilike", written)],
                ):
                    self.assertEqual(clients.search(domain).ids, self.astrid.ids, domain)
                self.assertNotIn(self.astrid.id, clients.search([("personal_number", "!=", written)]).ids)
                self.assertNotIn(
                    self.astrid.id, clients.search([("personal_number", "not in", [written])]).ids
                )

    def test_found_by_name_and_reference(self):
        clients = self._as(self.north_staff, self.env["care.client"])
        for text in ("Astrid", "ek", "Ek Astrid", "astrid e", self.astrid.reference):
            self.assertEqual([id_ for id_, _label in clients.name_search(text)], self.astrid.ids, text)
        for text in ("Bo", "Al", PERSONAL_NUMBERS["bo"], self.bo.reference, "Astrid Al", "%"):
            self.assertNotIn(self.bo.id, [id_ for id_, _name in clients.name_search(text)], text)

    def test_a7_found_as_lists_show_the_name_and_by_birth_date(self):
        """FIELD A7."""
        clients = self._as(self.north_staff, self.env["care.client"])
        for text in ("Ek, Astrid", "Ek,Astrid", "1940-06-04", "19400604", "400604"):
            self.assertEqual([id_ for id_, _label in clients.name_search(text)], self.astrid.ids, text)
        self.assertFalse(clients.name_search("1940-06-05"))

    def test_a4_the_birth_date_decides_the_century(self):
        """FIELD A4: in the form, by a write and in a file; a contradiction is refused wherever it is made."""
        clients = self._as(self.north_manager, self.env["care.client"])
        vals = {"lastname": "Ny", "birth_date": "1924-02-02", "intake_unit_id": self.north.id}
        client = clients.create({**vals, "personal_number": "2402029801"})
        self.assertEqual(client.personal_number, "192402029801")
        for wrong in ({"birth_date": "2024-02-02"}, {"birth_date": "1924-02-03"}):
            with self.assertRaisesRegex(ValidationError, "birth date"):
                client.write(wrong)
        with self.assertRaisesRegex(ValidationError, "birth date says otherwise"):
            clients.create({**vals, "birth_date": "1925-02-02", "personal_number": "2402029801"})
        client.personal_number = FREE
        self.assertEqual(str(client.birth_date), "1960-01-01", "a corrected number brings its own date")
        form = Form(clients, "social_care.care_client_view_form")
        form.birth_date = "1924-02-02"
        form.personal_number_written = "2402029801"
        self.assertEqual(form.personal_number_written, "19240202-9801")
        form.personal_number_written = "400604-9987"
        self.assertEqual(str(form.birth_date), "1940-06-04")

    def test_a3_a_coordination_number_without_a_day(self):
        """FIELD A3: the date is not made up, and one that is known otherwise may stand beside it."""
        client = self._client("Ny", "Person", "19150072-2390")
        self.assertFalse(client.birth_date)
        client.birth_date = "1915-03-12"
        with self.assertRaisesRegex(ValidationError, "birth date"):
            client.birth_date = "1916-03-12"

    def test_stored_as_twelve_digits_whichever_way_it_came(self):
        self.astrid.personal_number = False
        self.astrid.former_number_ids.unlink()
        for written in ASTRID:
            for field in ("personal_number", "personal_number_written"):
                client = self._client("Ny", "Person")
                client[field] = written
                self.assertEqual(client.personal_number, "194006049987")
                self.assertEqual(client.personal_number_written, "19400604-9987")
                self.assertEqual(str(client.birth_date), "1940-06-04")
                client.unlink()

    def test_the_form_understands_and_explains(self):
        form = Form(
            self._as(self.north_manager, self.env["care.client"]), "social_care.care_client_view_form"
        )
        form.lastname = "Ny"
        form.personal_number_written = FREE
        self.assertEqual(form.personal_number_written, "19600101-9980")
        with self.assertRaisesRegex(ValidationError, "check digit"):
            form.personal_number_written = "400604-9980"

    def test_a_wrong_number_is_refused_with_the_reason(self):
        for written, reason in [
            ("19400604-9980", "check digit"),
            ("19400230-9980", "no such date"),
            ("20400604-9987", "future"),
            ("hej", "ten or twelve digits"),
        ]:
            with self.assertRaisesRegex(ValidationError, reason):
                self._client("Fel", "Nummer", written)
            with self.assertRaisesRegex(ValidationError, reason):
                self.astrid.write({"personal_number": written})

    def test_one_client_per_personal_number_and_company(self):
        """Refused in words, whoever writes and however it is spelt; and by the database."""
        for clients in (
            self.env["care.client"].sudo(),
            self._as(self.south_manager, self.env["care.client"]),
        ):
            for written in ASTRID[:3]:
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    clients.create(
                        {"lastname": "Två", "personal_number": written, "intake_unit_id": self.south.id}
                    )
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.bo.personal_number = ASTRID[0]
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(
                "UPDATE care_client SET personal_number = %s WHERE id = %s", [ASTRID[1], self.bo.id]
            )
        self.env.invalidate_all()
        other = self.env["res.company"].create({"name": "Annan AB", "care_operator_type": "private"})
        self._client("Astrid", "Ek", ASTRID[0], company_id=other.id)

    def test_an_unknown_identity_is_completed_later(self):
        unknown = [
            self._client(False, f"Okänd {number}", intake_unit_id=self.north.id) for number in range(3)
        ]
        client = self._as(self.north_manager, unknown[0])
        self.assertFalse(client.personal_number or client.birth_date or client.age)
        client.write({"birth_date": "1990-05-05"})
        self.assertEqual(str(client.birth_date), "1990-05-05")
        client.write({"firstname": "Nu", "lastname": "Känd", "personal_number": FREE})
        self.assertEqual(client.name, "Nu Känd")
        self.assertEqual(str(client.birth_date), "1960-01-01")

    def test_phone_as_swedes_write_it(self):
        for written in ("0701740605", "+46 70 174 06 05", "0046701740605", "070-1740605"):
            self.astrid.phone = written
            self.assertEqual(self.astrid.phone, "070-174 06 05", written)
        self.astrid.phone = "vet ej"
        self.assertEqual(self.astrid.phone, "vet ej")

    def test_references_are_unique_and_never_names(self):
        clients = self.astrid | self.bo | self.cilla | self.dan
        self.assertEqual(len(set(clients.mapped("reference"))), 4)
        for client in clients:
            self.assertEqual(client.display_name, client.reference)
            self.assertNotIn(client.lastname, client.display_name)

    def test_a_copy_is_a_new_person(self):
        copy = self._as(self.north_manager, self.cilla).copy()
        self.assertNotEqual(copy.reference, self.cilla.reference)
        self.assertFalse(copy.personal_number or copy.stay_ids or copy.contact_ids)

    def test_a_protected_person_is_listed_by_reference(self):
        for level in ("marked", "registered", "new_identity"):
            self.astrid.protection_level = level
            self.assertEqual(self.astrid.listed_name, self.astrid.reference)
            self.assertTrue(self.astrid.is_protected)
        self.astrid.protection_level = "none"
        self.assertEqual(self.astrid.listed_name, "Ek, Astrid")

    def test_a_protected_name_is_in_no_heading(self):
        """Neither in lists grouped by it, nor in a pivot, nor from the stays of the client."""
        self.astrid.protection_level = "marked"
        for model, field in (("care.client", "lastname"), ("care.stay", "client_id.lastname")):
            records = self._as(self.north_manager, self.env[model])
            grouped = records.formatted_read_group([], [field], ["__count"])
            pivot = records.formatted_read_grouping_sets([], [[field], []], ["__count"])
            self.assertNotIn("'Ek'", f"{grouped} {pivot}")
            self.assertIn("'Björk'", f"{grouped}")
            self.assertIn("'Björk'", f"{pivot}")

    def test_nothing_of_a_client_becomes_a_contact_or_a_mail(self):
        models = ("res.partner", "res.users", "mail.mail", "mail.followers", "mail.message", "ir.attachment")
        before = {model: self.env[model].search([]) for model in models}
        client = self._as(self.north_manager, self.env["care.client"]).create(
            {
                "firstname": "Unik",
                "lastname": "Zwxqvist",
                "email": "zwxqvist@example.com",
                "phone": "070-174 06 77",
                "intake_unit_id": self.north.id,
                "contact_ids": [
                    Command.create(
                        {"name": "Mor Zwxqvist", "unit_id": self.north.id, "email": "mor@example.com"}
                    )
                ],
            }
        )
        self._as(self.north_manager, self.env["care.stay"]).create(
            {"client_id": client.id, "unit_id": self.north.id}
        ).activity_schedule("mail.mail_activity_data_todo", user_id=self.north_staff.id)
        client.write({"lastname": "Zwxqberg"})
        self.env.flush_all()
        for model in models:
            new = self.env[model].search([]) - before[model]
            if model in ("mail.mail", "mail.message"):  # who is given an activity is told of it
                texts = " ".join(str(new.mapped(name)) for name in ("subject", "body", "record_name"))
                self.assertNotIn("zwxq", texts.lower())
            else:
                self.assertFalse(new, model)
        for partner in self.env["res.partner"].search([("name", "ilike", "zwxq")]):
            self.fail(f"{partner.name} became a contact")

    def test_a_manager_of_one_unit_admits_to_that_unit(self):
        clients = self._as(self.north_manager, self.env["care.client"])
        self.assertEqual(clients.default_get(["intake_unit_id"]).get("intake_unit_id"), self.north.id)
        self._member(self.south, self.north_manager, "manager")
        self.assertFalse(clients.default_get(["intake_unit_id"]).get("intake_unit_id"))

    def test_whom_to_call(self):
        contacts = self.env["care.client.contact"]
        common = {"client_id": self.astrid.id, "unit_id": self.north.id, "call_first": True}
        contacts.create(
            {**common, "name": "Förr", "phone": "08-1", "date_from": "2020-01-01", "date_to": "2020-02-01"}
        )
        contacts.create(
            {
                **common,
                "name": "Lisa",
                "relation": "syster",
                "phone": "08-123 45 67",
                "date_from": "2020-01-01",
            }
        )
        contacts.create({**common, "unit_id": self.south.id, "name": "Söders", "date_from": "2020-01-01"})
        self.assertEqual(self._as(self.north_staff, self.astrid).call_first, "Lisa, syster, 08-123 45 67")

    def test_namesakes_keep_their_places_from_page_to_page(self):
        made = self.env["care.client"].concat(*(self._client("Kerstin", "Andersson") for _number in range(7)))
        clients = self.env["care.client"]
        pages = [
            clients.search([("id", "in", made.ids)], order="listed_name desc", offset=start, limit=2)
            for start in range(0, 8, 2)
        ]
        self.assertEqual([client.id for page in pages for client in page], made.ids)
        self.assertIn('"id"', clients._search([], order="listed_name").order.code)
