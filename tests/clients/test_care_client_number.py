from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import PERSONAL_NUMBERS, CareCase
from ..common_race import RaceCase

COORDINATION = "194006649984"  # the fourth of June 1940, plus 60


@tagged("post_install", "-at_install")
class TestCareClientNumber(CareCase, TransactionCase):
    """FIELD A2, A8. Staff read a client's other numbers, managers of the client write and take them away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = PERSONAL_NUMBERS["astrid"]

    def _numbers(self, client):
        return {(number.number, number.kind) for number in client.former_number_ids}

    def _add(self, user, client, number, kind="interim"):
        return self._as(user, self.env["care.client.number"]).create(
            {"client_id": client.id, "number_written": number, "kind": kind}
        )

    def _found(self, user, text):
        clients = self._as(user, self.env["care.client"])
        return self.env["care.client"].browse(id_ for id_, _name in clients.name_search(text))

    def test_a2_a_number_that_is_changed_is_kept(self):
        self.astrid.personal_number = COORDINATION
        self.assertEqual(self._numbers(self.astrid), {(self.number, "former")})
        self.astrid.with_context(active_test=False).write({"personal_number": False})
        self.assertEqual(self._numbers(self.astrid), {(self.number, "former"), (COORDINATION, "former")})
        self.astrid.personal_number = self.number
        self.assertEqual(
            self._numbers(self.astrid), {(COORDINATION, "former")}, "the old one is the new one again"
        )

    def test_a2_former_numbers_are_found_in_any_spelling(self):
        self.astrid.personal_number = COORDINATION
        for text in (self.number, "400604-9987", "19400604‑9987", COORDINATION, "400664-9984"):
            self.assertEqual(self._found(self.north_staff, text), self.astrid, text)
            self.assertFalse(self._found(self.south_manager, text), text)
            found = self.env["care.client"]._find_exactly(text, self.company)
            self.assertEqual(found, self.astrid, text)

    def test_a8_interim_and_reserve_numbers_are_found_with_and_without_hyphen(self):
        self._add(self.north_manager, self.astrid, "000101-t220")
        self._add(self.north_manager, self.astrid, " 19400604-X12Y ", "reserve")
        self.assertEqual(self._numbers(self.astrid), {("000101T220", "interim"), ("19400604X12Y", "reserve")})
        self.assertEqual(
            self.astrid.former_number_ids.mapped("number_written"), ["000101-T220", "19400604-X12Y"]
        )
        for text in ("000101-T220", "000101T220", "000101 t220", "000101–T220", "19400604X12Y"):
            self.assertEqual(self._found(self.north_staff, text), self.astrid, text)
        for text in ("000101-T22", "000101", "T220", "19400604"):
            self.assertFalse(self._found(self.north_manager, text) - self.astrid, text)
            self.assertFalse(self.env["care.client"]._find_exactly(text, self.company), text)

    def test_a2_a_known_number_is_refused_whosever_it_was(self):
        """And with the one answer, which tells neither where nor who."""
        self.bo.personal_number = False
        self._add(self.south_manager, self.bo, "000101-T220")
        values = {"lastname": "Ny", "intake_unit_id": self.north.id}
        answers = set()
        for door in (
            lambda: self._as(self.north_manager, self.env["care.client"]).create(
                {**values, "personal_number": PERSONAL_NUMBERS["bo"]}
            ),
            lambda: self._as(self.north_manager, self.astrid).write(
                {"personal_number": PERSONAL_NUMBERS["bo"]}
            ),
            lambda: self._add(self.north_manager, self.astrid, PERSONAL_NUMBERS["bo"], "former"),
            lambda: self._add(self.north_manager, self.astrid, "000101T220", "other"),
            lambda: self._add(self.north_manager, self.astrid, self.cilla.personal_number, "other"),
        ):
            with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
                door()
            answers.add(str(refused.exception))
        self.assertEqual(len(answers), 1, answers)

    def test_the_database_refuses_too(self):
        self.bo.personal_number = False
        self.env.flush_all()
        for sql in (
            "UPDATE care_client SET personal_number = %(bo)s WHERE id = %(astrid)s",
            "INSERT INTO care_client_number (client_id, company_id, number, kind)"
            " VALUES (%(astrid)s, %(company)s, %(bo)s, 'other')",
        ):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(
                    sql,
                    {
                        "astrid": self.astrid.id,
                        "company": self.company.id,
                        "bo": PERSONAL_NUMBERS["bo"],
                    },
                )

    def test_another_company_has_its_own_numbers(self):
        other = self.env["res.company"].create({"name": "Annan", "care_operator_type": "private"})
        self.env.user.company_ids |= other
        client = self.env["care.client"].with_context(allowed_company_ids=other.ids)
        twin = client.create({"lastname": "Ek", "company_id": other.id, "personal_number": self.number})
        self.assertEqual(twin.personal_number, self.number)
        self.assertEqual(self.env["care.client"]._find_exactly(self.number, self.company), self.astrid)

    def test_who_reads_and_who_writes(self):
        interim = self._add(self.north_manager, self.astrid, "000101-T220")
        self.assertEqual(self._as(self.north_staff, interim).read(["number"])[0]["number"], "000101T220")
        for user in (self.south_staff, self.south_manager, self.oncall_staff):
            with self.assertRaises(AccessError):
                self._as(user, interim).read(["number"])
        for user in (self.privacy_officer, self.care_admin, self.supporter):
            with self.assertRaises(AccessError):
                self._as(user, self.env["care.client.number"]).search([])
        for user in (self.north_staff, self.south_manager, self.oncall_staff, self.care_admin):
            with self.subTest(user.login):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    self._add(user, self.astrid, "000102-T220")
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    self._as(user, self.astrid).write(
                        {"former_number_ids": [Command.create({"number": "1234", "kind": "other"})]}
                    )
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    self._as(user, interim).unlink()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._as(self.north_manager, interim).write({"number": "000102T220"})

    def test_former_member_ended_stay_protected_and_locked_out(self):
        interim = self._add(self.north_manager, self.astrid, "000101-T220")
        numbers = self.env["care.client.number"]
        domain = [("id", "=", interim.id)]
        self.astrid.protection_level = "marked"
        self.assertFalse(self._as(self.north_staff, numbers).search(domain))
        self.assertFalse(self._found(self.north_staff, "000101-T220"))
        self.astrid.protection_level = "none"
        self.assertTrue(self._as(self.north_staff, numbers).search(domain))
        self._lockout(self.astrid, self.north_staff)
        self.assertFalse(self._as(self.north_staff, numbers).search(domain))
        self._lockout(self.astrid, self.north_manager)
        self.assertFalse(self._as(self.north_manager, numbers).search(domain))
        other = self._add(self.south_manager, self.bo, "000109-T220")
        self.stay_bo.date_to = self._day(-30)
        self.assertFalse(self._as(self.south_staff, numbers).search([("id", "=", other.id)]))
        self.assertTrue(self._as(self.south_manager, numbers).search([("id", "=", other.id)]))

    def test_the_personal_number_itself_is_the_clients(self):
        numbers = self.env["care.client.number"].search([("client_id", "=", self.astrid.id)])
        self.assertEqual(numbers.kind, "current")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._as(self.north_manager, numbers).unlink()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._add(self.north_manager, self.astrid, COORDINATION, "current")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._add(self.north_manager, self.astrid, "000101-T220", "former")

    def test_a_context_s_defaults_pass_by_no_check(self):
        numbers = self._as(self.north_manager, self.env["care.client.number"])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            numbers.with_context(default_kind="current").create(
                {"client_id": self.cilla.id, "number": "000101T220"}
            )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            numbers.with_context(default_client_id=self.bo.id).create(
                {"number": self.bo.personal_number, "kind": "other"}
            )

    def test_a_number_like_a_reference_names_nobody_else(self):
        for client, other in ((self.astrid, self.bo), (self.bo, self.astrid)):
            self._add(self.env.user, client, other.reference, "other")
        for client in (self.astrid, self.bo):
            found = self.env["care.client"]._find_exactly(client.reference, self.company)
            self.assertEqual(found, client)

    def test_a_mistake_is_taken_away(self):
        """Else the mistyped number of somebody else would open this file for good."""
        self.astrid.personal_number = COORDINATION
        self._as(self.north_manager, self.astrid.former_number_ids).unlink()
        self.assertFalse(self._found(self.north_manager, self.number))
        self.cilla.personal_number = self.number

    def test_numbers_go_with_the_client(self):
        self._add(self.north_manager, self.cilla, "000101-T220")
        self.cilla.unlink()
        self.assertFalse(
            self.env["care.client.number"].search(
                [("number", "in", ("000101T220", PERSONAL_NUMBERS["cilla"]))]
            )
        )


@tagged("post_install", "-at_install")
class TestCareClientNumberRace(RaceCase, BaseCase):
    def tearDown(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM care_client WHERE lastname = 'Samtidig'")
        super().tearDown()

    def test_two_at_once_cannot_give_one_number_to_two(self):
        def former(env):
            client = env["care.client"].create({"lastname": "Samtidig"})
            env["care.client.number"].create(
                {"client_id": client.id, "number": "20010101-9800", "kind": "former"}
            )
            env.flush_all()

        def current(env):
            env["care.client"].create({"lastname": "Samtidig", "personal_number": "20010101-9800"})
            env.flush_all()

        error, _tries = self._race(former, current)
        self.assertTrue(error, "the second is refused")
