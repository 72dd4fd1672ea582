from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..common_file import FileCase


@tagged("post_install", "-at_install")
class TestCareAccessQueries(FileCase, TransactionCase):
    """Lists of many rows ask no more of the database than lists of few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.now()
        cls.clients = cls.env["care.client"].create(
            [{"lastname": f"Rad {n}", "company_id": cls.company.id} for n in range(8)]
        )
        for client in cls.clients:
            cls._stay(client, cls.north, -30)
        cls.readers = [cls._user(f"reader{n}", "social_care.group_care_staff") for n in range(8)]
        cls.accesses = cls.env["care.emergency.access"].create(
            [
                {
                    "client_id": client.id,
                    "user_id": user.id,
                    "reason": "Ropar på hjälp",
                    "date_from": now - timedelta(hours=1),
                    "date_to": now + timedelta(hours=1),
                    "review_due": cls.today,
                }
                for client, user in zip(cls.clients, cls.readers, strict=True)
            ]
        )
        month = cls.today.replace(day=1)
        cls.reviews = cls.env["care.access.review"].create(
            [
                {"unit_id": cls.north.id, "month": month - timedelta(days=40 * n), "due_date": cls.today}
                for n in range(8)
            ]
        )
        cls.lines = cls.env["care.access.review.line"].create(
            [
                {
                    "review_id": review.id,
                    "client_id": client.id,
                    "user_id": user.id,
                    "first_at": now,
                    "last_at": now,
                }
                for review in (cls.reviews[0], cls.reviews[1])
                for client, user in list(zip(cls.clients, cls.readers, strict=True))[
                    : 2 if review == cls.reviews[0] else 8
                ]
            ]
        )
        cls.changes = cls.env["care.access.change"]._note(
            [
                {"kind": "group", "name": user.name, "subject_user_id": user.id, "company_id": cls.company.id}
                for user in cls.readers
            ]
        )

    def _specification(self, model, kind):
        """What the web client asks for: the fields of the view, with the names of relations."""
        arch = self.env[model].get_view(view_type=kind)["models"][model]
        spec = {}
        for name in arch:
            field = self.env[model]._fields[name]
            spec[name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
        return spec

    def _cost(self, user, records, kind="list"):
        self._as(user, records).env.user.has_group("base.group_user")  # cached once for all
        spec = self._specification(records._name, kind)
        mine = self._as(user, records)
        before = self.cr.sql_log_count
        if kind == "list":
            mine.web_search_read([("id", "in", records.ids)], spec)
        else:
            mine.web_read(spec)
        return self.cr.sql_log_count - before

    def test_lists(self):
        for user, records in (
            (self.north_manager, self.accesses),
            (self.privacy_officer, self.accesses),
            (self.north_manager, self.reviews),
            (self.privacy_officer, self.reviews),
            (self.privacy_officer, self.changes),
        ):
            with self.subTest(model=records._name, user=user.login):
                self._cost(user, records)
                few, many = self._cost(user, records[:2]), self._cost(user, records)
                self.assertEqual(few, many)
                self.assertLessEqual(many, 12)

    def test_a_review_with_many_lines(self):
        spec = {
            name: {"fields": {"display_name": {}}} if name in ("user_id", "client_id", "judged_by_id") else {}
            for name in (
                "is_mine", "user_id", "client_id", "first_at", "last_at", "times", "signs", "judgement",
                "comment", "judged_by_id",
            )
        }  # fmt: skip
        costs = []
        for review in (self.reviews[1], self.reviews[0], self.reviews[1]):
            mine = self._as(self.north_manager, review)
            before = self.cr.sql_log_count
            mine.web_read({"line_ids": {"fields": spec}, "left_count": {}, "line_count": {}})
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])
