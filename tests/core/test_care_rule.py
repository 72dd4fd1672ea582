import ast
from datetime import date, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common import CareCase

HERE = Path(__file__).resolve().parents[2]
PERIODS = ("weeks", "days", "hours", "minutes", "months", "years")


@tagged("post_install", "-at_install")
class TestCareRule(CareCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["care.rule"]
        cls.first = cls.env.ref("social_care.rule_plan_first")

    def _own(self, **vals):
        rule = self.rules.browse(self.first.with_user(self.care_admin).action_change()["res_id"])
        rule.with_user(self.care_admin).write(vals)
        return rule

    def test_the_row_that_holds_that_day_answers(self):
        rule = self._own(value=20, date_from="2027-01-01")
        self.assertEqual(rule.code, "plan_first")
        self.assertEqual(self.rules._value("plan_first", self.company, date(2026, 12, 31)), 14)
        self.assertEqual(self.rules._value("plan_first", self.company, date(2027, 1, 1)), 20)
        self.assertEqual(
            self.rules._period("plan_first", self.company, date(2027, 1, 1)), relativedelta(days=20)
        )

    def test_a_row_that_takes_over_is_named_in_every_language(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        swedish = self.first.with_context(lang="sv_SE")
        swedish.write({"name": "Första planen", "rests": "När den ska vara klar."})
        name, rests = self.first.name, self.first.rests
        for days, asker in enumerate((self.first, swedish), 1):
            rule = self.rules.browse(asker.with_user(self.care_admin).action_change()["res_id"])
            self.assertEqual((rule.name, rule.rests), (name, rests))
            self.assertFalse(rule.source, "another one")
            rule = rule.with_context(lang="sv_SE")
            self.assertEqual((rule.name, rule.rests), ("Första planen", "När den ska vara klar."))
            self.assertFalse(rule.source)
            rule.date_from += timedelta(days=days)

    @freeze_time("2026-11-10 12:00:00")
    def test_a_row_not_yet_valid_is_not_used_and_one_that_has_ended_no_more(self):
        rule = self._own(value=20)
        self.assertEqual(rule.date_from, date(2026, 11, 11))
        self.assertEqual(self.rules._value("plan_first", self.company), 14)
        with freeze_time("2026-11-11 12:00:00"):
            self.assertEqual(self.rules._value("plan_first", self.company), 20)
        rule.date_to = date(2026, 11, 30)
        with freeze_time("2026-12-01 12:00:00"):
            self.assertEqual(self.rules._value("plan_first", self.company), 14)

    def test_today_is_the_day_where_care_is_given(self):
        self._own(value=20, date_from="2026-11-11")
        with freeze_time("2026-11-10 23:30:00"):  # half past midnight in Stockholm
            self.assertEqual(self.rules.with_context(tz="UTC")._value("plan_first", self.company), 20)

    def test_the_companys_own_comes_before_its_kinds_and_that_before_all(self):
        other = self.env["res.company"].create({"name": "Kommunen", "care_operator_type": "municipal"})
        self.company.care_operator_type = "private"
        self._own(value=20, date_from=False, operator_type="private")
        self.assertEqual(self.rules._value("plan_first", self.company), 20)
        self.assertEqual(self.rules._value("plan_first", other), 14)
        self._own(value=30, date_from=False, company_id=self.company.id)
        self.assertEqual(self.rules._value("plan_first", self.company), 30)
        self.assertEqual(self.rules._value("plan_first", other), 14)

    def test_a_company_that_has_not_said_its_kind_gets_an_answer(self):
        """Another company of the database stops nobody's nightly visits."""
        shell = self.env["res.company"].create({"name": "Skal AB"})
        self._own(value=20, date_from=False, operator_type="private")
        with self.assertRaisesRegex(ValidationError, "nothing would hold"), self.cr.savepoint():
            self.first.operator_type = "municipal"
        self.first.invalidate_recordset()
        self.env.registry.clear_cache()
        self.assertEqual(self.rules._value("plan_first", shell), 14)
        self.rules._sql_value("plan_first", SQL.identifier("c", "id"))

    def test_a_query_of_its_own_gets_each_companys_number(self):
        other = self.env["res.company"].create({"name": "Kommunen"})
        self.set_rule("visit_horizon", 7, other)
        sql = self.rules._sql_value("visit_horizon", SQL.identifier("c", "id"))
        rows = self.env.execute_query(
            SQL("SELECT c.id, %s FROM res_company c WHERE c.id IN %s", sql, (self.company.id, other.id))
        )
        self.assertEqual(dict(rows), {self.company.id: 14, other.id: 7})

    def test_no_day_is_left_without_a_row(self):
        with self.assertRaisesRegex(ValidationError, "nothing would hold"):
            self.first.date_to = "2027-06-30"
        self._own(value=20, date_from="2027-07-01")
        self.first.date_to = "2027-06-30"
        self.assertEqual(self.rules._value("plan_first", self.company, date(2027, 6, 30)), 14)
        self.assertEqual(self.rules._value("plan_first", self.company, date(2027, 7, 1)), 20)
        with self.assertRaisesRegex(ValidationError, "nothing would hold"):
            self.first.date_to = "2027-06-01"
        with self.assertRaisesRegex(ValidationError, "nothing would hold"):
            self.first.operator_type = "private"
        with self.assertRaisesRegex(UserError, "not removed"):
            self.first.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_bounds_of_the_law_hold(self):
        review = self.env.ref("social_care.rule_plan_review").with_user(self.care_admin)
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            review.value = 13
        with self.assertRaisesRegex(UserError, "set by Odoo itself"):
            review.write({"most": 24, "value": 24})

    def test_somebody_verifies_and_what_has_changed_is_verified_no_more(self):
        first = self.first.with_user(self.care_admin)
        with self.assertRaisesRegex(UserError, "set by the buttons alone"):
            first.verified_by_id = self.north_manager
        first.action_verify()
        self.assertEqual(first.verified_by_id, self.care_admin)
        self.assertEqual(first.verified_on, self.today)
        first.value = 15
        self.assertFalse(first.verified_on or first.verified_by_id)
        first.action_verify()
        first.source = "Another"
        self.assertFalse(first.verified_on, "held against another source")
        first.action_verify()
        self.assertFalse(self.rules.browse(first.action_change()["res_id"]).verified_on)

    def test_the_administrator_alone_changes_rules_and_staff_read_them(self):
        for user in (self.north_staff, self.oncall_staff, self.supporter, self.privacy_officer):
            rule = self.first.with_user(user)
            self.assertEqual(rule.value, 14)
            for change in (
                rule.action_verify,
                rule.action_change,
                lambda rule=rule: rule.write({"value": 15}),
            ):
                with self.assertRaises(AccessError):
                    change()
        other = self.env["res.company"].create({"name": "Annan AB"})
        theirs = self._own(value=20, company_id=other.id)
        with self.assertRaises(AccessError):
            theirs.with_user(self.care_admin).value = 21

    def test_a_change_is_told(self):
        changes = self.env["care.access.change"].search([])
        self.set_rule("emergency_access", 12)
        change = self.env["care.access.change"].search([]) - changes
        self.assertIn("12", change.after)

    def test_what_is_shipped_is_asked_for_and_the_other_way_round(self):
        asked = {code for file in self._code() for code in self._asked(file)}
        self.assertEqual(set(self.rules.search([]).mapped("code")), asked)

    def test_no_number_in_code_is_a_period(self):
        """But for what a clock or calendar is, one day or month, and what says above or beside it why it is no rule."""
        found = [f"{file.relative_to(HERE)}:{line}" for file in self._code() for line in self._numbers(file)]
        self.assertFalse(
            found, "make it a row of care.rule, or say beside it after '# no rule:' why it is none"
        )

    @staticmethod
    def _code():
        return [file for room in ("models", "wizards") for file in sorted((HERE / room).rglob("*.py"))]

    @staticmethod
    def _asked(file):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
                if name in ("_period", "_value", "_sql_value", "period"):
                    yield node.args[0].value

    @staticmethod
    def _numbers(file):
        lines = file.read_text().splitlines()
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("timedelta", "relativedelta"):
                for keyword in node.keywords:
                    numbers = [n.value for n in ast.walk(keyword.value) if isinstance(n, ast.Constant)]
                    said = any(
                        "# no rule:" in line for line in lines[max(node.lineno - 3, 0) : node.end_lineno]
                    )
                    if keyword.arg in PERIODS and set(numbers) - {0, 1} and not said:
                        yield node.lineno
