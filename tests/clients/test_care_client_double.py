from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..common_emergency import REASON, EmergencyCase
from ..common_file import FILE_MODELS, FileCase

# About who opens a file and what leaves it, and so about a double too.
ON_DOUBLES = {
    "care.client.lockout",
    "care.emergency.access",
    "care.access.review.line",
    "care.journal.chain",
    "care.journal.look",
    "care.journal.objection",
    "care.disclosure",
    "care.subject.item",
    "care.subject.part",
}


class DoubleCase(EmergencyCase, FileCase):
    """Astrid has a second file at Norr, with a whole file of its own and no number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._client("Astrid", "Ek", birth_date="1940-06-04", email="astrid@example.com")
        cls.stay_double = cls._stay(cls.double, cls.north, -20)
        cls.files[cls.double] = cls._file(cls.double, cls.north, cls.stay_double, cls.north_manager)
        cls.people = (
            cls.north_staff | cls.north_manager | cls.south_staff | cls.south_manager
            | cls.oncall_staff | cls.oncall_lead
        )  # fmt: skip

    def _join(self, user=None, double=None, remaining=None):
        double = self._as(user or self.north_manager, double or self.double)
        double.action_join((remaining or self.astrid).id)
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestCareClientDouble(DoubleCase, TransactionCase):
    """FIELD A6. Whoever manages both files says that they are one person's; nothing is moved, nobody opens more."""

    def _open(self):
        return {
            (user.login, model, id_)
            for user in self.people
            for model in FILE_MODELS
            for id_ in self._ids(user, model)
        }

    def test_a6_both_stay_readable_and_nobody_opens_more(self):
        before = self._open()
        self._join()
        after = self._open()
        self.assertLessEqual(after, before)
        for user in (self.north_staff, self.north_manager):
            for model, record in self.files[self.double].items():
                self.assertIn((user.login, model, record.id), after)
        self.assertEqual((self.stay_double.state, self.stay_double.end_reason), ("ended", "double"))
        self.assertEqual(self.stay_astrid.state, "active")

    def test_the_units_staff_read_on_for_as_long_as_the_other_file(self):
        self._join()
        later = fields.Datetime.now() + timedelta(days=100)
        with freeze_time(later):
            self.assertTrue(self._sees(self.north_staff, self.double))
        self.stay_astrid.action_end(self._day(0))
        self.assertTrue(self._sees(self.north_staff, self.double))
        with freeze_time(later):
            self.assertFalse(self._sees(self.north_staff, self.double))
            self.assertTrue(self._sees(self.north_manager, self.double))

    def test_what_had_closed_stays_closed(self):
        """Astrid stays at Söder too, where the double was years ago: Söder's staff do not get that back."""
        self._stay(self.astrid, self.south, -10)
        self._stay(self.double, self.south, -900, -800)
        before = self._open()
        self._join()
        self.assertLessEqual(self._open(), before)
        self.assertFalse(self._sees(self.south_staff, self.double))

    def test_only_whoever_manages_both(self):
        for user in (
            self.north_staff, self.south_staff, self.south_manager, self.oncall_lead, self.privacy_officer,
            self.care_admin, self.supporter,
        ):  # fmt: skip
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._join(user)
        self._open_file(self.south_manager, self.double.reference)
        self._open_file(self.south_manager, self.astrid.reference)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._join(self.south_manager)
        managing = self.north.member_ids.filtered(lambda member: member.user_id == self.north_manager)
        managing.role = "staff"
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._join()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._join(self.south_manager, self.bo, self.astrid)
        managing.role = "manager"
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._as(self.north_manager, self.double).action_join(2**31 - 1)

    def test_it_is_set_by_the_verb_alone(self):
        for user in (self.north_manager, self.env.user):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._as(user, self.double).write({"double_of_id": self.astrid.id})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._as(self.north_manager, self.env["care.client"]).create(
                {"lastname": "Ny", "intake_unit_id": self.north.id, "double_of_id": self.astrid.id}
            )

    def test_the_file_that_may_remain(self):
        planned = self._client("Astrid", "Ek")
        self._stay(planned, self.north, 5)
        elsewhere = self._client("Astrid", "Ek", intake_unit_id=self.north.id)
        self._stay(elsewhere, self.south, -5)
        for double, remaining in (
            (self.astrid, self.double),  # whose number would be lost from sight
            (self.double, self.double),
            (self.double, self.dan),  # whose stay has ended
            (planned, self.astrid),
            (elsewhere, self.astrid),
        ):
            with self.subTest(double=double), self.assertRaises(UserError), self.env.cr.savepoint():
                self._join(double=double, remaining=remaining)
        self._join()
        third = self._client("Astrid", "Ek", intake_unit_id=self.north.id)
        for double, remaining in ((third, self.double), (self.double, self.astrid), (self.astrid, third)):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._join(double=double, remaining=remaining)
        self._join(double=third)
        self.assertEqual(self.astrid.double_ids, self.double | third)

    def test_a_unit_that_the_manager_does_not_see_keeps_its_client(self):
        """And the answer does not tell that there is one: it is the one about the manager's own unit."""
        self._stay(self.double, self.south, -5)
        self._stay(self.astrid, self.south, -5)
        with self.assertRaises(UserError) as unseen, self.env.cr.savepoint():
            self._join()
        other = self._client("Astrid", "Ek", intake_unit_id=self.north.id)
        with self.assertRaises(UserError) as own, self.env.cr.savepoint():
            self._stay(other, self.north, 3)
            self._join(double=other)
        self.assertEqual(
            str(unseen.exception).replace(self.double.reference, other.reference), str(own.exception)
        )

    def test_a_coordination_number_gives_way_to_the_personal_number(self):
        """Else the number stays with the double, and the file that remains never gets it."""
        number = self.astrid.personal_number
        self.double.personal_number = "19400664-9984"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._join(double=self.astrid, remaining=self.double)
        self._join()
        self.assertEqual(self.astrid.personal_number, number)

    def test_what_is_empty_is_filled(self):
        self.double.write({"phone": "08-123 45 67", "street": "Ekvägen 1", "city": "Norrby", "zip": "123 45"})
        self.astrid.city = "Söderby"
        phone = self.astrid.phone
        self._join()
        self.assertEqual(
            (self.astrid.phone, self.astrid.email, self.astrid.city, self.astrid.street),
            (phone, "astrid@example.com", "Söderby", False),
        )
        self.assertEqual(self.double.email, "astrid@example.com")

    def test_nothing_new_is_written_in_it(self):
        self._join()
        common = {"client_id": self.double.id, "unit_id": self.north.id}
        for model, vals in (
            ("care.client.contact", {"name": "Lisa"}),
            ("care.decision", {"legal_basis_id": self.basis.id, "authority_id": self.authority.id}),
            ("care.consent", {"scope": "photo", "purpose": "Album"}),
            ("care.stay", {"date_from": self._day(3)}),
            ("care.plan", {}),
            ("care.journal.entry", {"body": "Hej"}),
        ):
            for user in (self.north_manager, self.env.user):
                with (
                    self.subTest(model),
                    self.assertRaisesRegex(UserError, self.astrid.reference),
                    self.env.cr.savepoint(),
                ):
                    self._as(user, self.env[model]).create({**common, **vals})
        with self.assertRaisesRegex(UserError, self.astrid.reference), self.env.cr.savepoint():
            self._as(self.north_staff, self.double).write({"phone": "08-1"})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._as(self.south_staff, self.double).write({"phone": "08-1"})

    def test_what_stands_in_it_is_put_right_there(self):
        vals = {"client_id": self.double.id, "unit_id": self.north.id, "body": "Fel"}
        entry = self._as(self.north_staff, self.env["care.journal.entry"]).create(vals)
        entry.action_sign()
        self._join()
        manager = self._as(self.north_manager, entry)
        self.env["care.journal.objection"].with_user(self.north_manager).create(
            {"entry_id": entry.id, "body": "Så var det inte"}
        )
        correction = manager.browse(manager.action_amend()["res_id"])
        correction.write({"body": "Rätt", "amend_reason": "Fel person"})
        correction.action_sign()
        self.assertEqual(manager.state, "amended")

    def test_every_walled_model_has_its_answer(self):
        found = {
            name
            for name, model in self.env.items()
            if model._wall == "file" and not model._abstract and model._wall_on_double
        }
        self.assertEqual(found, ON_DOUBLES)

    def test_its_numbers_find_the_file_that_remains(self):
        interim = "000101-T220"
        self.double.personal_number = "19400664-9984"
        self.env["care.client.number"].create(
            {"client_id": self.double.id, "number": interim, "kind": "interim"}
        )
        self._join()
        clients = self._as(self.north_staff, self.env["care.client"])
        for text in ("400664-9984", interim, "000101t220"):
            self.assertEqual([id_ for id_, _name in clients.name_search(text)], self.astrid.ids, text)
            found = clients.search([("display_name", "ilike", text)])
            self.assertEqual(found.ids, (self.astrid | self.double).sorted("reference").ids)
            self.assertEqual(self.env["care.client"]._find_exactly(text, self.company), self.astrid)
            action = self._as(self.oncall_staff, self.env["care.emergency.access"]).action_open(text, REASON)
            self.assertEqual(action["res_id"], self.astrid.id)
        self.assertFalse(self._sees(self.oncall_staff, self.double))
        self.assertNotIn(self.double.id, [id_ for id_, _name in clients.name_search("Ek")])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._client("Ny", "Ek", "19400664-9984")

    def test_it_goes_on_no_card(self):
        self._join()
        cards = self.env["care.client.card"].search([("unit_id", "=", self.north.id)])
        self.assertNotIn(self.double, cards.client_id)
        self.assertIn(self.astrid, cards.client_id)

    def test_protection_holds_for_both(self):
        self.double.protection_level = "marked"
        self._join()
        self.assertEqual(self.astrid.protection_level, "marked")
        self._as(self.north_manager, self.astrid).write({"protection_level": "registered"})
        self.assertEqual(self.double.protection_level, "registered")
        for client in (self.astrid, self.double):
            self.assertFalse(self._sees(self.north_staff, client))
            self.assertTrue(self._sees(self.north_manager, client))

    def test_lockouts_hold_for_both(self):
        earlier = self._lockout(self.double, self.north_staff)
        self._join()
        for client in (self.astrid, self.double):
            self.assertFalse(self._sees(self.north_staff, client))
        self._lockout(self.astrid, self.north_manager)
        self.assertFalse(self._sees(self.north_manager, self.double))
        self._as(self.privacy_officer, earlier).write({"date_from": self._day(-1), "date_to": self._day(-1)})
        for client in (self.astrid, self.double):
            self.assertTrue(self._sees(self.north_staff, client))

    def test_lockouts_that_were_found_in_both_files(self):
        """By the number in one, by the telephone in the other: one row a file, each as long as the longer."""
        lockouts = self.env["care.client.lockout"]
        days = ((self.astrid, "related", -10, -5), (self.double, "self", -8, None))
        for client, origin, start, end in days:
            lockouts.create(
                {
                    "client_id": client.id,
                    "user_id": self.north_staff.id,
                    "origin": origin,
                    "reason": "Samma nummer",
                    "date_from": self._day(start),
                    "date_to": end and self._day(end),
                }
            )
        self._join()
        found = lockouts.search([("user_id", "=", self.north_staff.id)])
        self.assertEqual(len(found), 2)
        self.assertEqual(set(found.mapped("date_from")), {self._day(-10)})
        for client in (self.astrid, self.double):
            self.assertFalse(self._sees(self.north_staff, client))

    def test_a_stay_is_ended_as_a_doubles_by_joining_alone(self):
        """Else a stay that had closed years ago would open with the other file's."""
        self._stay(self.astrid, self.south, -10)
        old = self._as(self.south_manager, self._stay(self.double, self.south, -900))
        stays = self._as(self.south_manager, self.env["care.stay"])
        for door in (
            lambda: old.action_end(self._day(-100), "double"),
            lambda: old.write({"date_to": self._day(-100), "end_reason": "double"}),
            lambda: stays.with_context(default_end_reason="double").create(
                {
                    "client_id": self.bo.id,
                    "unit_id": self.south.id,
                    "date_from": self._day(-900),
                    "date_to": self._day(-100),
                }
            ),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                door()

    def test_its_stays_do_not_return(self):
        """The crew would see no card of it, and the person would stay here twice."""
        self._join()
        stay = self._as(self.north_manager, self.stay_double)
        for door in (
            stay.action_reopen,
            lambda: stay.write({"date_to": False}),
            lambda: stay.write({"date_to": self._day(30)}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                door()
        self._as(self.north_manager, self.double).action_separate()
        self._as(self.north_manager, self.stay_double).action_reopen()
        self.assertEqual(self.stay_double.state, "active")

    def test_a_death_is_the_persons(self):
        self._join()
        with self.assertRaisesRegex(UserError, "is a double"):
            self._as(self.north_manager, self.double).action_deceased()
        self._as(self.north_manager, self.astrid).action_deceased()
        self.env.invalidate_all()
        self.assertEqual(self.double.deceased_on, self.today)
        self._as(self.north_manager, self.astrid).action_take_back_deceased()
        self.env.invalidate_all()
        self.assertFalse(self.double.deceased_on)

    def test_a_death_that_was_noted_in_the_double(self):
        self._as(self.north_manager, self.double).action_deceased()
        self._join()
        self.env.invalidate_all()
        self.assertEqual((self.astrid.deceased_on, self.stay_astrid.end_reason), (self.today, "deceased"))

    def test_taken_back(self):
        self._join()
        for user in (self.north_staff, self.south_manager):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._as(user, self.double).action_separate()
        self._as(self.north_manager, self.double).action_separate()
        self.assertFalse(self.double.double_of_id)
        self.assertEqual(str(self.stay_double.closes_at.date()), str(self._day(self.north.finish_days)))
        self._as(self.north_manager, self.double).write({"phone": "08-123 45 67"})
        self._stay(self.double, self.north, 1)
        with self.assertRaises(UserError):
            self._as(self.north_manager, self.double).action_separate()

    def test_the_screens(self):
        form = Form(
            self._as(self.north_manager, self.env["care.client"]), "social_care.care_client_view_form"
        )
        form.firstname, form.lastname = "Astrid", "Ek"
        form.birth_date = "1940-06-04"
        self.assertEqual(form.similar, ", ".join((self.astrid | self.double).mapped("reference")))
        action = self._as(self.north_manager, self.double).action_open_join()
        wizard = Form(
            self._as(self.north_manager, self.env["care.client.join"]).with_context(**action["context"])
        )
        self.assertEqual(wizard.remaining_id.id, self.astrid.id)
        self.assertEqual(wizard.save().action_join()["res_id"], self.astrid.id)
        astrid = self._as(self.north_staff, self.astrid)
        self.assertEqual((astrid.double_count, astrid.similar), (1, ""))
        self.assertEqual(astrid.action_open_doubles()["res_id"], self.double.id)
        self.assertEqual(self._as(self.south_staff, self.bo).double_count, 0)

    def test_a6_the_hint_is_of_files_that_the_reader_opens(self):
        elsewhere = self._client("Astrid", "Ek", birth_date="1940-06-04")
        self._stay(elsewhere, self.south, -5)
        self.assertEqual(self._as(self.north_staff, self.double).similar, self.astrid.reference)
        self.assertEqual(self._as(self.south_staff, elsewhere).similar, "")
        for vals, hinted in (
            ({"birth_date": "1941-06-04"}, False),
            ({"birth_date": False}, True),
            ({"birth_date": False, "firstname": "ASTRID"}, True),
            ({"personal_number": "19400604-9995"}, False),
        ):
            with self.subTest(vals):
                self.double.write({"birth_date": "1940-06-04", **vals})
                similar = self._as(self.north_staff, self.double).similar
                self.assertEqual(similar, self.astrid.reference if hinted else "")
