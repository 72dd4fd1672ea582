from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common_relative import RelativeCase


@tagged("post_install", "-at_install")
class TestCareNeutral(RelativeCase, TransactionCase):
    """The unit decides what may be written, and a record stays where it is. The wall is in test_relative_neutral.py."""

    def _contact(self, unit, user=None, **vals):
        contacts = self._as(user or self.supporter, self.env["care.relative.contact"])
        return contacts.create({"unit_id": unit.id, **vals})

    def test_a_mode_keeps_out_what_it_forbids_by_value_and_by_context(self):
        with self.assertRaises(ValidationError):
            self._contact(self.line, note="Gun Ek")
        contacts = self._supporter("care.relative.contact")
        with self.assertRaises(ValidationError):
            contacts.with_context(default_note="Gun Ek").create({"unit_id": self.line.id})
        contact = self._contact(self.line)
        with self.assertRaises(ValidationError):
            contact.write({"note": "Gun Ek"})
        self.assertFalse(contact.note)

    def test_the_database_keeps_out_the_same(self):
        tried = 0
        for model in self.env["care.neutral"]._neutral_models():
            self.cr.execute(
                "SELECT string_agg(pg_get_constraintdef(oid), ' ') FROM pg_constraint"
                " WHERE contype = 'c' AND conrelid = %s::regclass",
                [model._table],
            )
            (checks,) = self.cr.fetchone()
            modes = ("pseudonym", "none") if model._kept_in_none else ("pseudonym",)
            for name in {name for mode in modes for name in model._mode_keeps_out(mode)}:
                with self.subTest(model=model._name, field=name):
                    self.assertIn(f"({name} IS NULL)", checks)
                tried += 1
            if not model._kept_in_none:
                self.assertIn("<> 'none'", checks)
        self.assertGreater(tried, 20)

    def test_a_kind_of_record_that_a_mode_does_not_have(self):
        with self.assertRaises(UserError):
            self._supporter("care.relative.case").create({"unit_id": self.line.id, "name": "Gun Ek"})

    def test_the_mode_is_the_units(self):
        contact = self._contact(self.relatives)
        self.assertEqual(contact.mode, "named")
        with self.assertRaises(UserError):
            contact.write({"mode": "none"})

    def test_a_record_stays_with_its_unit_and_its_parent(self):
        contact = self._contact(self.relatives)
        with self.assertRaises(UserError):
            contact.write({"unit_id": self.cards.id})
        contact.write({"unit_id": self.relatives.id, "minutes": 20})
        self.assertEqual(contact.minutes, 20, "the same unit again is no move")
        cases = self._supporter("care.relative.case")
        first, second = cases.create(
            [{"unit_id": self.relatives.id, "name": name} for name in ("Gun", "Siv")]
        )
        note = self._supporter("care.relative.note").create({"case_id": first.id, "body": "Ett samtal"})
        with self.assertRaises(UserError):
            note.write({"case_id": second.id})

    def test_the_parent_decides_the_unit_not_the_caller(self):
        case = self._supporter("care.relative.case").create({"unit_id": self.relatives.id, "name": "Gun"})
        notes = self._supporter("care.relative.note")
        note = notes.create({"case_id": case.id, "unit_id": self.cards.id, "body": "Ett samtal"})
        self.assertEqual(note.unit_id, self.relatives)
        note = notes.with_context(default_case_id=case.id).create({"body": "Ett till"})
        self.assertEqual((note.case_id, note.unit_id), (case, self.relatives))

    def test_another_units_parent_takes_no_note(self):
        case = self._as(self.other_supporter, self.env["care.relative.case"]).create(
            {"unit_id": self.other_relatives.id, "name": "Rut"}
        )
        with self.assertRaises(AccessError):
            self._supporter("care.relative.note").create({"case_id": case.id, "body": "x"})

    def test_the_unit_is_ones_own_by_default(self):
        contact = self._as(self.other_supporter, self.env["care.relative.contact"]).create({})
        self.assertEqual(contact.unit_id, self.other_relatives)

    def test_an_external_id_is_for_whoever_reads_the_record(self):
        contact = self._contact(self.relatives)
        self.assertIn(contact.id, contact.get_external_id())
        for user in (self.other_supporter, self.north_manager, self.privacy_officer):
            with self.assertRaises(AccessError):
                self._as(user, contact).get_external_id()
