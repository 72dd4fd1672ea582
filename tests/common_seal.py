"""A read log of its own: months of 2014, in the test's transaction, with what was read in them and their seals."""

from unittest.mock import patch

from odoo import fields

from ..models.access_log.care_access_log_writing import Line
from .common import CareCase


class SealCase(CareCase):
    """Mixin for TransactionCase: nothing here is written on the log's own connection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["care.access.log"]
        cls.seals = cls.env["care.access.log.seal"]
        cls.startClassPatcher(patch.object(type(cls.log), "_make_month_of", cls._make_month_here))
        cls.now = fields.Datetime.to_datetime("2014-03-03 12:30:00")
        for day in ("2014-01-01", "2014-02-01", "2014-03-01"):
            cls._make_month_here(cls.log, fields.Datetime.to_datetime(day))

    @staticmethod
    def _make_month_here(log, now):
        log.env.cr.execute("SELECT care_access_log_make_month(%s)", [now.date()])

    def _write(self, when, **values):
        line = Line(self.north_staff.id, self.astrid.id, self.company.id, "care.client", "read", "web")
        with patch.object(type(self.log), "_now", lambda log: fields.Datetime.to_datetime(when)):
            self.log._insert(self.env.cr, {line._replace(**values): self.astrid.id})

    def _seal(self, now=None):
        with patch.object(fields.Datetime, "now", lambda: now or self.now):
            self.seals._cron_seal(after_batch=lambda done: None)
        return self.seals.search([], order="number")

    def _sealed(self):
        self._write("2014-01-31 22:10:00")
        self._write("2014-02-01 08:10:00")
        self._write("2014-03-03 10:10:00")
        return self._seal()
