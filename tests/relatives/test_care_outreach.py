from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ...models.relatives.care_outreach import CareOutreach
from ...tools import keyed_hash
from ..common_relative import RelativeCase


@tagged("post_install", "-at_install")
class TestCareOutreach(RelativeCase, TransactionCase):
    """Names for the round only; a no outlives them, without them."""

    def _round(self, unit=None, **values):
        return self._supporter("care.outreach").create(
            {
                "unit_id": (unit or self.relatives).id,
                "name": "Brev till 80-åringar",
                "purpose": "Förebygga ensamhet",
                "source": "Folkbokföringen, urval",
                "offered": "Ett besök",
                "date": self._day(-30),
                "erase_on": self._day(30),
                **values,
            }
        )

    def _line(self, outreach, **values):
        return self._supporter("care.outreach.line").create(
            {
                "outreach_id": outreach.id,
                "name": "Åke Sund",
                "phone": "070-174 06 61",
                "zip": "241 30",
                **values,
            }
        )

    def _columns(self, lines):
        """The rows' texts: the microseconds of a time hold any number once in a while."""
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM care_outreach_line WHERE id IN %s", [tuple(lines.ids)])
        return " ".join(value for row in self.env.cr.fetchall() for value in row if isinstance(value, str))

    def test_names_are_gone_after_their_date(self):
        outreach = self._round()
        line = self._line(outreach, street="Ekvägen 1", city="Ekeby", remark="Ring på kvällen")
        line.action_not_reached()
        line.action_yes()
        self.env.flush_all()
        self.env.cr.execute("UPDATE care_outreach SET erase_on = %s WHERE id = %s", [self.today, outreach.id])
        self.env.invalidate_all()
        cron = self.env.ref("social_care.care_outreach_cron_erase")
        for _again in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.env.invalidate_all()
        for secret in ("Åke", "174", "241", "Ekvägen", "Ekeby", "kvällen"):
            self.assertNotIn(secret, self._columns(line))
        self.assertEqual((line.answer, line.attempts, line.erased), ("yes", 2, True))
        self.assertEqual((outreach.line_count, outreach.yes_count), (1, 1))
        self.assertTrue(outreach.erased_at)

    def test_a_new_person_s_form_asks_for_what_the_round_may_keep(self):
        """Also from a round that is not saved yet, which tells its unit alone."""
        lines = self._supporter("care.outreach.line")
        for unit, asked in ((self.relatives, {"name", "phone"}), (self.cards, {"alias"}), (self.line, set())):
            for context in (
                {"default_outreach_id": self._round(unit).id},
                {"default_outreach_id": False, "default_unit_id": unit.id},
            ):
                form = Form(lines.with_context(**context))
                shown = {n for n in ("name", "phone", "alias") if not form._get_modifier(n, "invisible")}
                self.assertEqual(shown, asked, (unit.name, context))

    def test_a_round_that_fails_does_not_keep_the_others_names(self):
        first, second = self._round(), self._round()
        lines = self._line(first) | self._line(second)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE care_outreach SET erase_on = %s WHERE id IN %s", [self.today, (first.id, second.id)]
        )
        self.env.invalidate_all()
        erase = CareOutreach._erase_names

        def fail(outreach):
            if outreach == first:
                raise ValueError
            erase(outreach)

        cron = self.env.ref("social_care.care_outreach_cron_erase")
        with (
            patch.object(CareOutreach, "_erase_names", fail),
            mute_logger("odoo.addons.social_care.models.core.ir_cron"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual([bool(outreach.erased_at) for outreach in (first, second)], [False, True])
        self.assertEqual(lines.mapped("erased"), [False, True])

    def test_no_name_comes_back_to_a_round_that_is_over(self):
        outreach = self._round()
        line = self._line(outreach)
        outreach.action_erase_now()
        with self.assertRaises(UserError), self.assertNoLogs("odoo.sql_db"):
            line.write({"name": "Åke Sund"})
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.cr.execute("UPDATE care_outreach_line SET name = 'Åke Sund' WHERE id = %s", [line.id])
        with self.assertRaises(UserError):
            self._line(outreach)
        with self.assertRaises(UserError):
            outreach.erase_on = self._day(60)

    def test_the_date_cannot_be_put_off_for_ever(self):
        for day in (-31, 336):
            with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
                self._round(erase_on=self._day(day))

    def test_e5_a_no_is_remembered_without_the_name(self):
        outreach = self._round()
        line = self._line(outreach)
        line.action_no()
        outreach.action_erase_now()
        self.assertNotIn("174", self._columns(line))
        again = self._round(name="Hösten")
        for same in (
            {"name": "Någon Annan", "phone": "+46 70 174 06 61"},
            {"name": "Någon Annan", "phone": "+46 (0)70 174 06 61"},
            {"name": "Någon Annan", "phone": "0046701740661"},
            {"name": "sund  ÅKE", "phone": False, "zip": "24130"},
        ):
            with self.assertRaises(UserError):
                self._line(again, **same)
        self.assertTrue(self._line(again, name="Åke Sund", phone="070-174 06 69", zip="241 31"), "a namesake")

    def test_the_hash_tells_nothing_without_the_app_s_key(self):
        """FIELD E5: and holds in a copy of the database, where Odoo renews its own secret."""
        who = ("070-174 06 61", "Åke Sund", "241 30")
        self._line(self._round()).action_no()
        refusals = self.env["care.outreach.refusal"].search([("unit_id", "=", self.relatives.id)])
        keys = set(refusals.mapped("key"))
        self.assertEqual(len(keys), 2)
        self.assertTrue(all(len(key) == 64 for key in keys))
        self.env["ir.config_parameter"].sudo().set_param("database.secret", "another")
        self.assertEqual(set(refusals._keys(self.relatives, *who)), keys)
        self.assertFalse(set(refusals._keys(self.other_relatives, *who)) & keys, "another unit's differs")
        with patch.object(keyed_hash, "key", return_value=b"another"):
            self.assertFalse(set(refusals._keys(self.relatives, *who)) & keys)

    def test_e5_a_no_from_before_the_app_s_key_still_holds(self):
        refusals = self.env["care.outreach.refusal"]
        keys = refusals._keys_until_1_4(self.relatives, "070-174 06 61", "Åke Sund", "241 30")
        refusals._remember(self.relatives, keys)
        with self.assertRaises(UserError):
            self._line(self._round())

    def test_a_no_by_mistake_is_taken_back(self):
        outreach = self._round()
        line = self._line(outreach)
        line.action_no()
        line.action_yes()
        self.assertFalse(self.env["care.outreach.refusal"].search([("unit_id", "=", self.relatives.id)]))
        line.answer = "no"
        self.assertTrue(self.env["care.outreach.refusal"].search([("unit_id", "=", self.relatives.id)]))

    def test_a_unit_without_names_counts_answers_only(self):
        outreach = self._round(self.line)
        line = self._supporter("care.outreach.line").create({"outreach_id": outreach.id, "answer": "yes"})
        self.assertEqual(line.mode, "none")
        for name in ("name", "phone", "street", "zip", "city", "remark", "alias"):
            with self.assertRaises(ValidationError), self.assertNoLogs("odoo.sql_db"):
                self._supporter("care.outreach.line").create({"outreach_id": outreach.id, name: "Åke"})
            with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.cr.execute(
                    SQL(
                        "UPDATE care_outreach_line SET %s = 'Åke' WHERE id = %s",
                        SQL.identifier(name),
                        line.id,
                    )
                )
        self.assertEqual(outreach.yes_count, 1)

    def test_attempts_and_erasing_are_not_written_by_hand(self):
        line = self._line(self._round())
        for values in ({"attempts": 0}, {"erased": False}, {"answered_on": False}):
            with self.assertRaisesRegex(UserError, "is set by the buttons alone"):
                line.write(values)
