from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common import PERSONAL_NUMBERS, CareCase

FILE_MODELS = [
    "care.client",
    "care.stay",
    "care.client.contact",
    "care.decision",
    "care.consent",
    "care.contact.person",
]


@tagged("post_install", "-at_install")
class TestCareClientAccess(CareCase, TransactionCase):
    """One sentence per role, the yes and the no (DESIGN.md, Roles and Walls)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everyone = cls.astrid | cls.bo | cls.cilla | cls.dan

    def _seen(self, user, model="care.client", **context):
        records = self._as(user, self.env[model]).with_context(**context)
        return self.env[model].browse(records.search([]).ids)

    def assertSees(self, user, clients, **context):
        self.assertEqual(self._seen(user, **context), clients.sorted("reference"))
        for client in self.everyone:
            record = self._as(user, client)
            if client in clients:
                self.assertEqual(record.read(["lastname"])[0]["lastname"], client.sudo().lastname)
            else:
                with self.assertRaises(AccessError):
                    record.read(["lastname"])

    def test_staff_see_who_stays_in_their_unit_now(self):
        self.assertSees(self.north_staff, self.astrid)
        self.assertSees(self.south_staff, self.bo)

    def test_managers_see_intake_and_ended_stays_too(self):
        self.assertSees(self.north_manager, self.astrid | self.cilla | self.dan)
        self.assertSees(self.south_manager, self.bo)

    def test_the_group_without_the_role_opens_no_more(self):
        """The group says what, the membership says where: both are needed to manage."""
        self.north.member_ids.filtered(lambda m: m.user_id == self.north_manager).role = "staff"
        self.assertSees(self.north_manager, self.astrid)
        self.north.member_ids.filtered(lambda m: m.user_id == self.north_staff).role = "manager"
        self.assertSees(self.north_staff, self.astrid)

    def test_nobody_else_sees_anyone(self):
        admin = self.env.ref("base.user_admin")
        admin.write({"company_ids": [Command.link(self.company.id)]})
        for user in (self.oncall_staff, self.oncall_lead):
            for model in FILE_MODELS:
                self.assertFalse(self._seen(user, model))
        for user in (self.privacy_officer, self.care_admin, self.supporter, admin):
            for model in FILE_MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self._as(user, self.env[model]).search([])
                if record := self.env[model].search([], limit=1):
                    with self.assertRaises(AccessError):
                        self._as(user, record).read(["display_name"])

    def test_membership_opens_and_closes_by_the_clock(self):
        member = self.north.member_ids.filtered(lambda m: m.user_id == self.north_staff)
        for start, end, expected in [(-10, -1, 0), (-10, 0, 1), (0, None, 1), (1, None, 0)]:
            member.write({"date_from": self._day(start), "date_to": end is not None and self._day(end)})
            self.assertEqual(len(self._seen(self.north_staff)), expected, (start, end))

    def test_midnight_is_the_companys_whatever_tz_the_caller_sends(self):
        """Summer time ends on 25 October 2026: the membership closes at 23:00 UTC, not 22:00."""
        member = self.north.member_ids.filtered(lambda m: m.user_id == self.north_staff)
        member.write({"date_from": "2026-10-24", "date_to": "2026-10-25"})
        self.assertEqual(member.opens_at, datetime(2026, 10, 23, 22))
        self.assertEqual(member.closes_at, datetime(2026, 10, 25, 23))
        for moment, expected in [
            ("2026-10-23 21:59:59", 0),
            ("2026-10-23 22:00:00", 1),
            ("2026-10-25 22:59:59", 1),
            ("2026-10-25 23:00:00", 0),
        ]:
            for tz in (None, "Pacific/Kiritimati", "Etc/GMT+12"):
                with freeze_time(moment):
                    self.stay_astrid.date_from = "2026-01-01"
                    self.assertEqual(len(self._seen(self.north_staff, tz=tz)), expected, (moment, tz))

    def test_staff_finish_the_documentation_for_some_days(self):
        for ended, expected in [(0, 1), (-14, 1), (-15, 0)]:
            self.stay_astrid.date_to = self._day(ended)
            self.assertEqual(len(self._seen(self.north_staff)), expected, ended)
        self.north.finish_days = 30
        self.assertEqual(self._seen(self.north_staff), self.astrid)

    def test_planned_stay_is_the_managers(self):
        self.stay_astrid.date_from = self._day(1)
        self.assertFalse(self._seen(self.north_staff))
        self.assertIn(self.astrid, self._seen(self.north_manager))

    def test_one_unit_never_sees_another_units_part_of_the_file(self):
        self._stay(self.astrid, self.south, -5)
        basis = self.env.ref("social_care.legal_basis_sol_11_1")
        authority = self.env["res.partner"].create({"name": "Nämnden", "is_company": True})
        for unit in (self.north, self.south):
            common = {"client_id": self.astrid.id, "unit_id": unit.id}
            self.env["care.client.contact"].create({**common, "name": "Eva", "phone": "08-1"})
            self.env["care.decision"].create(
                {**common, "legal_basis_id": basis.id, "authority_id": authority.id}
            )
            self.env["care.consent"].create({**common, "scope": "photo", "purpose": "Album"})
            user = self.north_staff if unit == self.north else self.south_staff
            self._contact_person(self.astrid, unit, user)
        for user, unit in ((self.north_staff, self.north), (self.south_manager, self.south)):
            client = self._as(user, self.astrid)
            self.assertEqual(client.unit_ids.ids, unit.ids)
            self.assertEqual(client.contact_person_id.unit_id.ids, unit.ids)
            for model in FILE_MODELS[1:]:
                records = self._as(user, self.env[model]).search([("client_id", "=", self.astrid.id)])
                self.assertEqual(records.unit_id.ids, unit.ids, model)
                other = self.env[model].search(
                    [("client_id", "=", self.astrid.id), ("unit_id", "!=", unit.id)]
                )
                self.assertTrue(other)
                with self.assertRaises(AccessError):
                    self._as(user, other).read(["unit_id"])

    def test_what_another_has_looked_up_is_not_the_readers(self):
        """Odoo keeps one cache for all who read in a transaction, the superuser among them."""
        self._stay(self.astrid, self.south, -5)
        self._contact_person(self.astrid, self.south, self.south_staff)
        vals = {"client_id": self.astrid.id, "unit_id": self.south.id, "name": "Eva", "call_first": True}
        self.env["care.client.contact"].create(vals)
        names = ["unit_ids", "dwelling_id", "contact_person_id", "call_first", "stay_count"]
        own = {name: self._as(self.north_staff, self.astrid)[name] for name in names}
        for other in (
            self._as(self.south_staff, self.astrid),
            self._as(self.north_staff, self.astrid).sudo(),
        ):
            self._as(self.north_staff, self.astrid)
            read = {name: other[name] for name in names}
            self.assertEqual(read["call_first"], "Eva")
            mine = other.sudo(False).with_user(self.north_staff)
            self.assertEqual({name: mine[name] for name in names}, own)

    def test_a_member_of_both_units_sees_each_part_by_its_own_stay(self):
        """Access to a client in one unit is no access to what another unit holds."""
        self._member(self.south, self.north_staff)
        self._stay(self.astrid, self.south, -300, -100)
        self.env["care.client.contact"].create(
            {"client_id": self.astrid.id, "unit_id": self.south.id, "name": "Gammal kontakt"}
        )
        self.assertFalse(self._seen(self.north_staff, "care.client.contact"))

    def test_another_company_is_closed(self):
        other = self.env["res.company"].create({"name": "Annan AB"})
        stranger = self._user(
            "stranger",
            "social_care.group_care_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._employee(stranger).company_id = self.company
        self._member(self.north, stranger, "manager")
        self.assertFalse(self._seen(stranger))
        with self.assertRaises(AccessError):
            self._seen(stranger, allowed_company_ids=self.company.ids)

    def test_lockout_beats_staff_manager_and_contact_person(self):
        self._contact_person(self.astrid, self.north, self.north_staff)
        for user in (self.north_staff, self.north_manager):
            lockout = self._as(self.privacy_officer, self.env["care.client.lockout"]).create(
                {"client_key": self.astrid.reference, "user_id": user.id, "reason": "Släkt"}
            )
            self.assertNotIn(self.astrid, self._seen(user))
            for model in FILE_MODELS[1:]:
                self.assertNotIn(self.astrid, self._seen(user, model).client_id)
            lockout.sudo().date_to = self._day(0)
            with freeze_time(self._day(2)):
                self.assertIn(self.astrid, self._seen(user))

    def test_protected_persons_are_seen_by_those_named(self):
        self.astrid.protection_level = "marked"
        self.assertFalse(self._seen(self.north_staff))
        for model in FILE_MODELS[1:]:
            self.assertNotIn(self.astrid, self._seen(self.north_staff, model).client_id)
        self.assertIn(self.astrid, self._seen(self.north_manager))
        self._contact_person(self.astrid, self.north, self.north_staff)
        self.assertEqual(self._seen(self.north_staff), self.astrid)

    def test_being_named_in_one_unit_is_not_being_named_in_another(self):
        self._stay(self.astrid, self.south, -5)
        self._member(self.south, self.north_staff)
        self.astrid.protection_level = "registered"
        self._contact_person(self.astrid, self.north, self.north_staff)
        self.assertEqual(self._seen(self.north_staff, "care.stay"), self.stay_astrid | self.stay_bo)

    def test_a_new_user_on_the_employee_opens_nothing_until_confirmed(self):
        employee = self._employee(self.north_staff)
        thief = self._user("thief", "social_care.group_care_staff")
        employee.user_id = thief
        self.assertFalse(self._seen(thief))
        member = self.north.member_ids.filtered(lambda m: m.employee_id == employee)
        self.assertTrue(member.suspended)
        self._as(self.north_manager, member).action_confirm()
        self.assertEqual(self._seen(thief), self.astrid)

    def test_nobody_opens_a_file_by_writing_into_it(self):
        for values in ({"client_id": self.bo.id, "unit_id": self.north.id},):
            for model, extra in [
                ("care.stay", {}),
                ("care.client.contact", {"name": "x"}),
                ("care.consent", {"scope": "photo", "purpose": "x"}),
                ("care.contact.person", {"employee_id": self._employee(self.north_manager).id}),
            ]:
                with self.assertRaises(AccessError):
                    self._as(self.north_manager, self.env[model]).create({**values, **extra})
                with self.assertRaises(AccessError):
                    self._as(self.north_manager, self.env[model]).with_context(
                        default_client_id=self.bo.id
                    ).create({"unit_id": self.north.id, **extra})
        with self.assertRaises(UserError):
            self._as(self.north_manager, self.stay_astrid).write({"client_id": self.bo.id})
        with self.assertRaises(AccessError):
            self._as(self.north_manager, self.bo).write({"intake_unit_id": self.north.id})

    def test_a_missing_client_and_a_closed_one_answer_alike(self):
        gone = self._client("Ingen", "Alls")
        gone_id = gone.id
        gone.unlink()
        answers = set()
        for client_id in (gone_id, self.bo.id):
            with self.assertRaises(AccessError) as refused:
                self._as(self.north_staff, self.env["care.client"].browse(client_id)).check_access("read")
            answers.add(str(refused.exception).replace(str(client_id), "#"))
        self.assertEqual(len(answers), 1, answers)

    def test_only_managers_change_protection_and_intake(self):
        for vals in (
            {"protection_level": "marked"},
            {"intake_unit_id": self.north.id},
            {"personal_number": PERSONAL_NUMBERS["bo"]},
            {"personal_number_written": PERSONAL_NUMBERS["bo"]},
        ):
            with self.assertRaises(AccessError):
                self._as(self.north_staff, self.astrid).write(vals)
        self._as(self.north_manager, self.astrid).write({"protection_level": "marked"})

    def test_admission_hands_the_client_over_to_the_unit(self):
        """A manager sends a client on; the stay that follows opens the file to the other unit."""
        self._as(self.north_manager, self.astrid).write({"intake_unit_id": self.south.id})
        self.assertIn(self.astrid, self._seen(self.south_manager))
        self.assertNotIn(self.astrid, self._seen(self.south_staff))
        self._as(self.south_manager, self.env["care.stay"]).create(
            {"client_id": self.astrid.id, "unit_id": self.south.id, "date_from": self._day(0)}
        )
        self.assertIn(self.astrid, self._seen(self.south_staff))
        self.assertFalse(self.astrid.intake_unit_id)

    def test_every_model_with_a_client_carries_the_global_rules(self):
        rules = self.env["ir.rule"].search([("global", "=", True)])
        for name, model in self.env.registry.items():
            field = model._fields.get("client_id")
            if not field or field.comodel_name != "care.client" or model._abstract or model._transient:
                continue
            domains = " ".join(
                rules.filtered(lambda rule, n=name: rule.model_id.model == n).mapped("domain_force")
            )
            by_reference = name in (
                "care.client.lockout",
                "care.emergency.access",
                "care.access.review.line",
                "care.access.log",
                "care.journal.chain",
                "care.subject.request",
            )
            wanted = ["company_id", "locked_out"] + (["shielded"] if not by_reference else [])
            for wall in wanted:
                self.assertIn(wall, domains, f"{name} lacks the global rule on {wall}")

    def test_a_protected_name_is_not_exported_grouped_or_listed(self):
        self.astrid.protection_level = "marked"
        self.north_manager.group_ids |= self.env.ref("base.group_allow_export")
        client = self._as(self.north_manager, self.astrid)
        self.assertEqual(client.listed_name, self.astrid.reference)
        rows = client.export_data(
            ["reference", "name", "phone", "stay_ids/dwelling_id", "stay_ids/date_from"]
        )
        self.assertEqual(rows["datas"][0][1], self.astrid.reference)
        self.assertFalse(rows["datas"][0][2])
        self.assertFalse(rows["datas"][0][3])
        groups = self._as(self.north_manager, self.env["care.client"])._read_group([], ["lastname"], [])
        self.assertNotIn("Ek", [name for (name,) in groups])

    def test_display_name_is_the_reference(self):
        self.assertEqual(self.astrid.display_name, self.astrid.reference)
        self.assertEqual(self.stay_astrid.display_name, self.astrid.reference)

    def test_no_messages_in_a_file(self):
        with self.assertRaises(UserError):
            self._as(self.north_staff, self.stay_astrid).message_post(body="Astrid Ek mår dåligt")

    def test_wrong_values_are_refused(self):
        with self.assertRaises(ValidationError):
            self._client("Fel", "Nummer", "19400604-9981")
