"""What was read last month at Norr, and the review that is drawn of it."""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..models.privacy.care_access_review_line import SIGNS
from .common_oncall import OncallCase


class ReviewCase(OncallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = (cls.today - relativedelta(months=1)).replace(day=1)
        for month in (cls.month, cls.month - timedelta(days=1), cls.today):
            cls.env.cr.execute("SELECT care_access_log_make_month(%s)", [month])
        first = cls.month - cls.today
        cls.stay_astrid.date_from = cls.month - timedelta(days=30)
        cls.stay_bo.date_from = cls.month - timedelta(days=30)
        cls.colleague = cls._user("colleague", "social_care.group_care_staff")
        cls._member(cls.north, cls.colleague, start=first.days - 30)
        cls.reviews = cls.env["care.access.review"]

    def _read(self, user, client, day=10, hour=12, **values):
        line = {
            "user_id": user.id,
            "client_id": client.id,
            "company_id": client.company_id.id,
            "date": datetime.combine(self.month + timedelta(days=day), time(hour)),
            "model": "care.client",
            "operation": "read",
            "channel": "web",
            **values,
        }
        columns = SQL(", ").join(map(SQL.identifier, line))
        self.cr.execute(SQL("INSERT INTO care_access_log (%s) VALUES %s", columns, tuple(line.values())))

    def _drawn(self, unit=None):
        """The review of the unit, drawn among the lines of this test."""
        return self.reviews._draw(unit or self.north, self.month)

    def _line(self, user, client):
        line = self._drawn().line_ids.filtered(lambda line: (line.user_id, line.client_id) == (user, client))
        self.assertEqual(len(line), 1)
        return line

    def _signs(self, line):
        return {name for name in SIGNS if line[name]}
