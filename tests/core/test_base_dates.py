from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestBaseDates(CareCase, TransactionCase):
    """Every day and time that is written is one that can be meant."""

    def _ours(self):
        for name, model in self.env.registry.items():
            if name.startswith("care.") and not model._abstract:
                yield self.env[name]

    def test_b6_every_field_of_ours_has_bounds(self):
        self.env["care.unit"]._check_days({"id": 1})
        checked = 0
        for model in self._ours():
            for name in model._care_days():
                for day in ("0206-11-01", "2206-11-01"):
                    with (
                        self.subTest(model=model._name, field=name, day=day),
                        self.assertRaises(ValidationError),
                    ):
                        model._check_days({name: day})
                model._check_days({name: False})
                model._check_days({name: fields.Datetime.now() - timedelta(days=1)})
                checked += 1
        self.assertGreater(checked, 150)

    def test_only_what_follows_from_others_has_none(self):
        for model in self._ours():
            for name, field in model._fields.items():
                if field.type in ("date", "datetime") and field.store and name not in model._care_days():
                    with self.subTest(model=model._name, field=name):
                        by_odoo = "social_care" not in field._modules
                        self.assertTrue(by_odoo or (field.compute and field.readonly))

    def test_what_has_happened_does_not_lie_ahead(self):
        checked = 0
        for model in self._ours():
            for name in model._care_days():
                field = model._fields[name]
                if getattr(field, "happened", False):
                    ahead = timedelta(days=1) if field.type == "date" else timedelta(minutes=10)
                    now = self.today if field.type == "date" else fields.Datetime.now()
                    model._check_days({name: now})
                    with self.subTest(model=model._name, field=name), self.assertRaises(ValidationError):
                        model._check_days({name: now + ahead})
                    checked += 1
        self.assertGreater(checked, 20)

    def test_the_last_moment_that_a_clock_knows_is_refused_in_words(self):
        for moment in ("9999-12-31 23:59:59", "0001-01-01 00:00:00"):
            with self.assertRaisesRegex(ValidationError, f"{moment} cannot be right"):
                self.env["care.oncall.shift"]._check_days({"date_end": moment})

    @freeze_time("2026-11-10 22:30:00")  # half an hour before midnight in Stockholm
    def test_whoever_is_a_zone_further_east_writes_their_own_today(self):
        decisions = self.env["care.decision"].with_context(tz="Europe/Helsinki")
        decisions._check_days(decisions.default_get(["received_date"]))
        with self.assertRaises(ValidationError):
            decisions._check_days({"received_date": "2026-11-12"})

    def test_by_whatever_way_it_comes(self):
        stays = self._as(self.north_manager, self.env["care.stay"])
        vals = {"client_id": self.cilla.id, "unit_id": self.north.id}
        with self.assertRaisesRegex(ValidationError, "From: 0206-11-01 cannot be right"):
            stays.create({**vals, "date_from": "0206-11-01"})
        with self.assertRaises(ValidationError):
            stays.with_context(default_date_from="2206-11-01").create(vals)
        with self.assertRaises(ValidationError):
            self._as(self.north_manager, self.stay_astrid).write({"date_to": "9999-12-31"})
        with self.assertRaises(ValidationError):
            self._as(self.north_manager, self.stay_astrid).action_end("2206-11-01")
        with self.assertRaises(ValidationError):
            self._as(self.north_manager, self.astrid).write(
                {"stay_ids": [(1, self.stay_astrid.id, {"date_to": "2206-11-01"})]}
            )

    def test_an_import_says_which_row(self):
        stays = self._as(self.north_manager, self.env["care.stay"])
        days = [str(self._day(-2)), "0206-11-01", "2206-11-01"]
        rows = [
            [client.reference, "Norr", day]
            for client, day in zip((self.cilla, self.dan, self.astrid), days, strict=True)
        ]
        result = stays.with_context(import_file=True).load(["client_id", "unit_id", "date_from"], rows)
        self.assertFalse(result["ids"])
        told = {message["record"]: message["message"] for message in result["messages"]}
        self.assertEqual(told.keys(), {1, 2})
        for row in (1, 2):
            self.assertIn(f"{days[row]} cannot be right", told[row])

    def test_an_old_row_keeps_nobody_from_another_change(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE care_stay SET date_from = '0206-11-01' WHERE id = %s", [self.stay_bo.id])
        self.stay_bo.invalidate_recordset()
        self._as(self.south_manager, self.stay_bo).end_reason = "other"
        self._as(self.south_manager, self.stay_bo).action_end()
        self.assertEqual(self.stay_bo.state, "ended")
