"""What one transaction has seen and changed of clients' files, until it is written."""

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo.sql_db import db_connect
from odoo.tools import SQL

COLUMNS = {
    "user_id": "int",
    "client_id": "int",
    "company_id": "int",
    "model": "varchar",
    "operation": "varchar",
    "channel": "varchar",
    "refused": "boolean",
    "emergency_id": "int",
    "reason": "varchar",
    "res_id": "int",
    "date": "timestamp",
}
# Part of the request's own transaction: they happen when it is committed, and not when it is rolled back.
CHANGES = ("create", "write", "unlink")
KEY = "care.access.log"


def own_cursor(dbname):
    """A connection to the primary beside the request's.

    It is a real one in tests too: the cursors of Odoo's tests all lie in one transaction, and the
    line of a reading must outlive the one that it was read in.
    """
    cr = db_connect(dbname).cursor()
    # The second of two equal lines waits for the first and is left out. In a snapshot it would fail.
    cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
    # should something hold the log, a request fails with a sentence and does not hang
    cr.execute("SET LOCAL lock_timeout = '10s'")
    return cr


class Gathered:
    """Lines of one cursor's transaction. The hooks below run in whichever way the transaction ends.

    ``precommit`` comes first, and what fails there fails the request; rolling back to a savepoint
    forgets it, so ``postcommit`` and ``prerollback`` write what may be left.
    """

    def __init__(self, cr):
        self.cr = cr
        self.lines = {}
        self.log = None
        self.doing = None
        self.quiet = False
        self.asked = None

    @classmethod
    def of(cls, log):
        """The gathered lines of the transaction of ``log``, a ``care.access.log`` in any environment."""
        cr = log.env.cr
        # not in cr.cache nor with precommit: rolling back to a savepoint clears both
        gathered = cr.prerollback.data.get(KEY)
        if gathered is None:
            gathered = cr.prerollback.data[KEY] = cls(cr)
            cr.prerollback.add(gathered.write_before_rollback)
        # sudo: it writes the lines when the transaction ends, which nobody has the right to do
        gathered.log = log.sudo()
        return gathered

    def add(self, line, places, clientless=False):
        """Note ``(res_id, client_id, company_id)`` of records, which share the rest of ``line``.

        :param clientless: keep what concerns no client, too
        """
        seen = self.lines.get(line)
        if seen is None:
            seen = self.lines[line] = {}
        known = len(seen)
        for res_id, client_id, company_id in places:
            if client_id or line.refused or clientless:
                key = (client_id or None, company_id or None)
                # empty for several records of this kind
                seen[key] = res_id if seen.get(key, res_id) == res_id else None
        if len(seen) > known:
            self._watch()

    def _watch(self):
        for hooks, write in (
            (self.cr.precommit, self.write_before_commit),
            (self.cr.postcommit, self.write_after_commit),
        ):
            if hooks.data.get(KEY) is not self:
                hooks.data[KEY] = self
                hooks.add(write)

    def write_before_commit(self):
        changes, seen = self._take()
        self.log._write_changes(changes)
        self.log._write_seen(seen)

    def write_after_commit(self):
        changes, seen = self._take()
        self.log._write_seen({**changes, **seen})

    def write_before_rollback(self):
        """What was seen was seen. Nothing may be raised here: Odoo is giving the connection back."""
        _changes, seen = self._take()
        self.log._write_seen(seen, raise_exception=False)

    def _take(self):
        gathered, self.lines = self.lines, {}
        lines = {
            line._replace(client_id=client_id, company_id=company_id): res_id
            for line, seen in gathered.items()
            for (client_id, company_id), res_id in seen.items()
        }
        # what was read was found, too: one line tells both
        lines = {
            line: res_id
            for line, res_id in lines.items()
            if line.operation != "search" or line._replace(operation="read") not in lines
        }
        # a change that was refused is something that somebody tried, whatever is rolled back
        changes = {
            line: res_id for line, res_id in lines.items() if line.operation in CHANGES and not line.refused
        }
        return changes, {line: res_id for line, res_id in lines.items() if line not in changes}


def values_sql(rows):
    """The rows as a table ``line``, one array per column."""
    columns = zip(*rows, strict=True)
    arrays = SQL(", ").join(
        SQL(f"%s::{kind}[]", list(values))  # pylint: disable=sql-injection  # our own types
        for kind, values in zip(COLUMNS.values(), columns, strict=True)
    )
    return SQL("unnest(%s) AS line(%s)", arrays, SQL(", ").join(map(SQL.identifier, COLUMNS)))
