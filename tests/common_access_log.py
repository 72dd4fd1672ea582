"""The read log as its own connection has written it: committed, whatever the test rolls back."""

import itertools
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ..tools.access_gathered import Gathered
from .common_file import FileCase


class AccessLogCase(FileCase):
    """Users and clients of a test exist in its transaction only; their ids in the log are new each time."""

    _tests = itertools.count(1)

    def setUp(self):
        """Lines are committed, so each test has a window of its own: the log's clock runs ahead."""
        super().setUp()
        self._end_request()
        self.startPatcher(patch.object(type(self.env["care.access.log"]), "_now", lambda log: self._clock))
        self._tick()
        self._since = self._last_id()

    def _tick(self):
        """The next window, in which nothing has been logged."""
        type(self)._clock = fields.Datetime.now() + timedelta(minutes=10 * next(AccessLogCase._tests))

    def _end_request(self):
        """What Odoo does when a request has been answered."""
        self.env.flush_all()
        self.env.cr.flush()

    def _last_id(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT COALESCE(max(id), 0) FROM care_access_log")
            return cr.fetchone()[0]

    def _lines(self, user=None, client=None, **values):
        """The lines since the test began, as dictionaries: those of readings, and with them the changes."""
        condition = SQL("id > %s", self._since)
        if user:
            condition = SQL("%s AND user_id = %s", condition, user.id)
        if client:
            condition = SQL("%s AND client_id = %s", condition, client.id)
        for name, value in values.items():
            condition = SQL("%s AND %s = %s", condition, SQL.identifier(name), value)
        query = SQL("SELECT * FROM care_access_log WHERE %s ORDER BY id", condition)
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(query)
            lines = cr.dictfetchall()
        self.env.cr.execute(query)
        known = {line["id"] for line in lines}
        return lines + [line for line in self.env.cr.dictfetchall() if line["id"] not in known]

    def _write_lines(self, user, clients):
        """Lines of a reading in the test's own transaction, where its searches find them."""
        log = self.env["care.access.log"].with_user(user)
        log._note_places("care.client", [(client.id, client.id, client.company_id.id) for client in clients])
        _changes, lines = Gathered.of(log)._take()
        log._insert(self.env.cr, lines)

    def _forget(self):
        """As if five minutes had passed for this worker's memory, though not for the log."""
        type(self.env["care.access.log"])._written.clear()

    def assertLogged(self, user, client, times=1, **values):
        lines = self._lines(user, client, **values)
        self.assertEqual(len(lines), times, f"{values}: {self._lines(user, client)}")
        return lines[0] if lines else {}
