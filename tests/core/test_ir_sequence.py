from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestIrSequence(CareCase, TransactionCase):
    """How many clients, notes and cases there are is no colleague's business; other apps' numbers are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counters = cls.env["ir.sequence"].search([("code", "=like", "care.%")])
        cls.counters[0].write({"use_date_range": True})
        cls.counters[0]._create_date_range_seq("2026-01-01")
        cls.invoices = cls.env["ir.sequence"].create(
            [
                {"name": "Fakturor", "code": "x.invoice", "prefix": "F"},
                {"name": "Utan kod", "prefix": "U"},
            ]
        )
        colleague = cls._user("colleague", "base.group_user")
        cls.people = [
            *(cls.north_staff, cls.north_manager, cls.oncall_lead, cls.supporter),
            *(cls.privacy_officer, cls.care_admin, colleague),
        ]

    def test_nobody_reads_or_draws_the_app_s_numbers(self):
        self.assertGreater(len(self.counters), 7)
        ranges = self.counters.date_range_ids
        self.assertTrue(ranges)
        for user in self.people:
            counters = self._as(user, self.counters)
            self.assertFalse(counters.search([("code", "=like", "care.%")]))
            self.assertFalse(counters.search([("number_next", ">", 0), ("id", "in", self.counters.ids)]))
            self.assertFalse(self._as(user, ranges).search([("id", "in", ranges.ids)]))
            for counter in self.counters if user == self.people[-1] else self.counters[0]:
                self.assertFalse(counters.next_by_code(counter.code), counter.code)
                for ask in (
                    lambda one: one.read(["number_next"]),
                    lambda one: one.read(["number_next_actual"]),
                    lambda one: one.next_by_id(),
                    lambda one: one.get_next_char(1),
                ):
                    with self.subTest(user=user.login, counter=counter.code), self.assertRaises(AccessError):
                        ask(self._as(user, counter))
            with self.assertRaises(AccessError):
                self._as(user, ranges).read(["number_next_actual"])

    def test_other_apps_numbers_stay_as_they_are(self):
        for user in self.people:
            self.assertEqual(
                self._as(user, self.invoices).search([("id", "in", self.invoices.ids)]), self.invoices
            )
            self.assertTrue(self._as(user, self.invoices).next_by_code("x.invoice").startswith("F"))
            self.assertTrue(self._as(user, self.invoices[1]).next_by_id().startswith("U"))

    def test_records_have_their_numbers_all_the_same(self):
        client = self._as(self.north_manager, self.env["care.client"]).create(
            {"lastname": "Ny", "intake_unit_id": self.north.id}
        )
        self.assertTrue(client.reference)
        run = self._as(self.privacy_officer, self.env["care.retention.run"]).create(
            {"reason": "Prov", "source": "Prov"}
        )
        self.assertTrue(run.reference)

    def test_settings_set_what_numbers_look_like(self):
        settings = self._user("settings", "base.group_system")
        self._as(settings, self.counters[1]).write({"prefix": "X"})
        self.assertEqual(self.counters[1].prefix, "X")
