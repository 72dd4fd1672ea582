from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ...models.core import base
from ..common_access import conditions, without
from ..common_file import FILE_MODELS, FileCase

# The models whose rules are proven here. Each later noun proves its own in its own access tests.
FOUNDATION = [
    *FILE_MODELS,
    "care.client.lockout",
    "care.unit",
    "care.unit.member",
    "care.area",
    "care.dwelling",
]


@tagged("post_install", "-at_install")
class TestCareWalled(FileCase, TransactionCase):
    """Each rule is needed: its sentence holds, and no longer holds when the rule is taken away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["ir.rule"].search([("model_id.model", "in", FOUNDATION)])

    def _rule(self, xmlid):
        return self.env.ref(f"social_care.{xmlid}")

    def assertNeedsRule(self, xmlid, holds, sentence, field=None):
        """``holds()`` is true with the rule and false without it, or without its condition on ``field``."""
        rule = self._rule(xmlid)
        self.assertTrue(holds(), f"{sentence} (rule {xmlid})")
        as_it_is = {"active": True, "domain_force": rule.domain_force}
        rule.write({"domain_force": without(rule, field)} if field else {"active": False})
        try:
            self.assertFalse(holds(), f"{xmlid} {field or ''} is not what makes it so: {sentence}")
        finally:
            rule.write(as_it_is)

    def _file_rules(self, suffix):
        for model in FILE_MODELS:
            yield model, f"{model.replace('.', '_')}_rule_{suffix}", self.files[self.astrid][model]

    def assertNeedsWall(self, field, holds, sentence):
        """The same of a condition of the one global rule of each model of the file."""
        for _model, xmlid, record in self._file_rules("wall"):
            self.assertNeedsRule(xmlid, lambda r=record: holds(r), sentence, field)

    def test_another_company_sees_nothing(self):
        stranger = self._stranger("stranger", "social_care.group_care_manager")
        self.assertNeedsWall(
            "company_id", lambda record: not self._sees(stranger, record), "another company is closed"
        )

    def test_who_is_locked_out_sees_nothing(self):
        self._lockout(self.astrid, self.north_manager)
        self.assertNeedsWall(
            "locked_out",
            lambda record: not self._sees(self.north_manager, record),
            "a lockout beats every other right",
        )

    def test_protected_persons_are_for_those_named(self):
        self.astrid.protection_level = "marked"
        self.assertNeedsWall(
            "shielded",
            lambda record: not self._sees(self.north_staff, record),
            "staff who are not named see nothing",
        )

    def test_staff_see_those_who_stay(self):
        for _model, xmlid, record in self._file_rules("care_staff_stay"):
            self.assertNeedsRule(
                xmlid, lambda r=record: self._sees(self.north_staff, r), "staff see who stays"
            )

    def test_managers_see_ended_stays_too(self):
        for model, xmlid, _record in self._file_rules("care_manager_unit"):
            record = self.files[self.dan][model]
            self.assertNeedsRule(
                xmlid, lambda r=record: self._sees(self.north_manager, r), "managers see who stayed"
            )

    def test_oncall_staff_see_no_file(self):
        for _model, xmlid, record in self._file_rules("emergency"):
            self.assertNeedsRule(
                xmlid, lambda r=record: not self._sees(self.oncall_staff, r), "on-call staff see no file"
            )

    def test_lockouts(self):
        lockout = self._lockout(self.bo, self.oncall_staff)
        own = self._lockout(self.astrid, self.privacy_officer)
        of_astrid = self._lockout(self.astrid, self.oncall_staff)
        stranger = self._stranger("stranger_privacy", "social_care.group_privacy_officer")
        both = self._user("both", "social_care.group_privacy_officer,social_care.group_care_manager")
        self._member(self.north, both, "manager")
        for field, holds, sentence in [
            (
                "company_id",
                lambda: not self._sees(stranger, lockout),
                "another company's lockouts are closed",
            ),
            (
                "locked_out",
                lambda: not self._sees(self.privacy_officer, own),
                "nobody sees their own lockout",
            ),
        ]:
            self.assertNeedsRule("care_client_lockout_rule_wall", holds, sentence, field)
        for xmlid, holds, sentence in [
            (
                "care_manager_unit",
                lambda: (
                    self._sees(self.north_manager, of_astrid) and not self._sees(self.north_manager, lockout)
                ),
                "managers see lockouts of their own clients",
            ),
            ("privacy_officer_all", lambda: self._sees(both, lockout), "privacy officers see every lockout"),
        ]:
            self.assertNeedsRule(f"care_client_lockout_rule_{xmlid}", holds, sentence)

    def test_units_and_areas_of_another_company(self):
        stranger = self._stranger("stranger_admin", "social_care.group_care_admin")
        for model, record in [
            ("care_unit", self.north),
            ("care_area", self.area),
            ("care_dwelling", self.dwelling),
            ("care_unit_member", self.north.member_ids[0]),
        ]:
            self.assertNeedsRule(
                f"{model}_rule_company",
                lambda r=record: not self._sees(stranger, r),
                "another company is closed",
            )

    def test_dwellings(self):
        south_dwelling = self.env["care.dwelling"].create({"name": "7", "unit_id": self.south.id})
        both = self._user("both", "social_care.group_care_admin,social_care.group_care_staff")
        for xmlid, holds, sentence in [
            (
                "care_staff_own_unit",
                lambda: self._ids(self.north_staff, "care.dwelling") == {self.dwelling.id},
                "staff see the dwellings of their unit",
            ),
            (
                "care_manager_own_unit",
                lambda: (
                    self._may(self.north_manager, "write", self.dwelling)
                    and not self._may(self.north_manager, "write", south_dwelling)
                ),
                "managers change the dwellings of their unit",
            ),
            ("care_admin_all", lambda: self._sees(both, south_dwelling), "administrators see every dwelling"),
            (
                "oncall_staff_served",
                lambda: (
                    self._sees(self.oncall_staff, self.dwelling)
                    and not self._sees(self.oncall_staff, south_dwelling)
                ),
                "on-call staff see the dwellings of the units that their team serves",
            ),
        ]:
            self.assertNeedsRule(f"care_dwelling_rule_{xmlid}", holds, sentence)

    def test_members(self):
        both = self._user("both", "social_care.group_care_admin,social_care.group_care_staff")
        for xmlid, holds, sentence in [
            (
                "members_own_unit",
                lambda: self._ids(self.north_staff, "care.unit.member") == set(self.north.member_ids.ids),
                "one sees one's colleagues",
            ),
            (
                "all",
                lambda: self._sees(both, self.south.member_ids[0]),
                "administrators see every membership",
            ),
        ]:
            self.assertNeedsRule(f"care_unit_member_rule_{xmlid}", holds, sentence)

    def test_every_rule_of_the_foundation_is_proven_above(self):
        proven = {xmlid for name in FILE_SUFFIXES for _m, xmlid, _r in self._file_rules(name)} | OTHER_RULES
        real = {xmlid.partition(".")[2] for xmlid in self.rules.get_external_id().values()}
        self.assertEqual(real, proven)
        for model, xmlid, _record in self._file_rules("wall"):
            told = list(conditions(self._rule(xmlid)))
            self.assertEqual(told, ["company_id", "locked_out", "shielded"], model)
        lockouts = conditions(self._rule("care_client_lockout_rule_wall"))
        self.assertEqual(list(lockouts), ["company_id", "locked_out"])

    def test_a_role_in_one_unit_is_no_role_in_another(self):
        """A manager of Söder who works at Norr changes nothing there that only Norr's manager may."""
        self._member(self.north, self.south_manager, "staff")
        for model in ("care.stay", "care.decision", "care.contact.person"):
            record = self.files[self.astrid][model]
            self.assertTrue(self._may(self.south_manager, "read", record), model)
            self.assertFalse(self._may(self.south_manager, "write", record), model)
            self.assertTrue(self._may(self.north_manager, "write", record), model)
        contact = self.files[self.astrid]["care.client.contact"]
        self.assertTrue(self._may(self.south_manager, "write", contact))
        self.assertFalse(self._may(self.south_manager, "unlink", contact))
        for values in ({"protection_level": "marked"}, {"intake_unit_id": self.south.id}):
            with self.assertRaises(AccessError):
                self._as(self.south_manager, self.astrid).write(values)
            self._as(self.north_manager, self.astrid).write(values)

    def _may(self, user, operation, record):
        return self._as(user, record).has_access(operation)

    # ------------------------------------------------------------------
    # What the wall's SQL stands on
    # ------------------------------------------------------------------

    def test_no_null_can_open_a_file(self):
        """The conditions compare these columns; NULL would make a lockout or a protection not hold."""
        for table, columns in {
            "care_client": ["company_id", "protection_level"],
            "care_client_lockout": ["client_id", "user_id", "opens_at"],
            "care_unit_member": ["unit_id", "employee_id", "role", "opens_at"],
            "care_stay": ["client_id", "unit_id", "opens_at"],
            "care_contact_person": ["client_id", "unit_id", "employee_id", "opens_at"],
        }.items():
            self.env.cr.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'",
                [table],
            )
            required = {name for (name,) in self.env.cr.fetchall()}
            self.assertLessEqual(set(columns), required, table)

    def test_an_unknown_way_opens_nothing(self):
        for value in ("emergency ", "everything", "", False):
            self.assertFalse(
                self._as(self.north_manager, self.env["care.client"]).search([("opened_by", "=", value)])
            )

    def test_the_conditions_and_their_opposites_share_all_out(self):
        """Three-valued logic would leave a row in neither."""
        self._lockout(self.bo, self.north_staff)
        self.cilla.protection_level = "registered"
        for model in FILE_MODELS:
            records = self.env[model].with_user(self.north_staff).sudo()
            everything = records.search([])
            for name in ("locked_out", "shielded"):
                yes, no = records.search([(name, "=", True)]), records.search([(name, "=", False)])
                self.assertEqual(yes | no, everything, (model, name))
                self.assertFalse(yes & no, (model, name))
                self.assertEqual(records.search([(name, "!=", False)]), yes)
                self.assertEqual(records.search([(name, "not in", [True])]), no)
                self.assertEqual(records.search([(name, "in", [True, False])]), everything)
            way = records.search([("opened_by", "=", "stay")])
            rest = records.search([("opened_by", "!=", "stay")])
            self.assertEqual(way | rest, everything, model)
            self.assertFalse(way & rest, model)

    def test_an_inactive_member_and_an_archived_unit(self):
        """An archived unit still keeps its files for its members, to finish them; it opens them to no one else."""
        self.north.active = False
        self.assertTrue(self._sees(self.north_staff, self.astrid))
        self.assertFalse(self._sees(self.south_staff, self.astrid))
        self.north_staff.active = False
        self.assertTrue(self.north_staff.id not in self.env["res.users"].search([]).ids)
        self._employee(self.north_manager).active = False
        self.assertTrue(self._sees(self.north_manager, self.astrid), "archived with the employee card only")

    def test_more_records_than_are_asked_about_at_once(self):
        """The answer for many is the answers for each: the closed one is found wherever it stands."""
        four = self._as(self.north_staff, self.astrid | self.bo | self.cilla | self.dan)
        expected = [client.id for client in four if client.has_access("read")]
        with patch.object(base, "PREFETCH_MAX", 1):
            self.env.invalidate_all()
            self.assertEqual(four._filtered_access("read").ids, expected)
        self.assertIn(self.astrid.id, expected)
        self.assertNotIn(self.bo.id, expected)

    def test_new_records_and_mixed_sets(self):
        """A form's unsaved record is nobody's; a set with one closed record is refused, and filtered."""
        astrid, both = (
            self._as(self.north_staff, self.astrid),
            self._as(self.north_staff, self.astrid | self.bo),
        )
        self.assertEqual(both._filtered_access("read").ids, astrid.ids)
        with self.assertRaises(AccessError):
            both.check_access("read")
        with self.assertRaises(AccessError):
            both.read(["lastname"])
        self.env.invalidate_all()
        new = self._as(self.north_staff, self.env["care.client"]).new(
            origin=self._as(self.north_staff, self.bo)
        )
        with self.assertRaises(AccessError):
            new.lastname  # noqa: B018  reading is the test
        self.assertFalse(self._as(self.north_staff, self.env["care.client"]).browse().has_access("create"))


FILE_SUFFIXES = ["wall", "care_staff_stay", "care_manager_unit", "emergency"]
OTHER_RULES = {
    "care_client_lockout_rule_wall",
    "care_client_lockout_rule_care_manager_unit",
    "care_client_lockout_rule_privacy_officer_all",
    "care_unit_rule_company",
    "care_area_rule_company",
    "care_dwelling_rule_company",
    "care_dwelling_rule_care_staff_own_unit",
    "care_dwelling_rule_care_manager_own_unit",
    "care_dwelling_rule_care_admin_all",
    "care_dwelling_rule_oncall_staff_served",
    "care_unit_member_rule_company",
    "care_unit_member_rule_members_own_unit",
    "care_unit_member_rule_all",
}
