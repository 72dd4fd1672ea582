import calendar
import logging
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.service.server import thread_local
from odoo.tools import SQL

from ...tools.access_gathered import COLUMNS, Gathered, own_cursor, values_sql
from ...tools.access_log_table import WINDOW

_logger = logging.getLogger(__name__)

CHANNELS = {"/json/": "json2", "/my": "portal"}
# Of so many refused files in one call one line is kept, with no client: a thief is not to flood the log.
MANY_REFUSED = 50
# What a worker remembers of lines that it has written in this window, at most.
MEMORY = 100_000


class Line(NamedTuple):
    """What makes one line: the same again within the window is the same line."""

    user_id: int
    client_id: int | None
    company_id: int | None
    model: str
    operation: str
    channel: str
    refused: bool = False
    emergency_id: int | None = None
    reason: str | None = None


class CareAccessLogWriting(models.Model):
    _inherit = "care.access.log"

    _written = {}
    _months_made = set()

    def _register_hook(self):
        super()._register_hook()
        # of this registry, that is, of this database and worker
        type(self)._written = {}
        type(self)._months_made = set()

    # ------------------------------------------------------------------
    # Gathering
    # ------------------------------------------------------------------

    @api.model
    def _note(self, records, operation=None, refused=False, reason=None, emergency_id=None):
        """Note that the current user saw or changed ``records``, which are walled, in this transaction.

        Lines are written once, when the transaction ends. Nothing is noted of the system's own work.

        :param operation: of ``care.access.log``; by default what is being done: read, or print within a print
        :param reason: what the user gave as a reason, where one was asked for
        :param emergency_id: given where the access is not committed yet; else it is looked up
        """
        if not self._is_person():
            return
        self._note_places(
            records._name,
            records._log_places(),
            operation,
            refused=refused,
            reason=reason,
            emergency_id=emergency_id,
        )

    @api.model
    def _note_places(self, model, places, operation=None, **values):
        """As ``_note``, for ``(res_id, client_id, company_id)`` of records of one model."""
        if not self._is_person():
            return
        gathered = Gathered.of(self)
        line = Line(self.env.uid, None, None, model, operation or gathered.doing or "read", self._channel())
        gathered.add(line._replace(**values) if values else line, places)

    @api.model
    def _note_line(self, model, operation, res_id=None, **values):
        """Note what is no walled record: a miss, a grant, a job. ``values`` are those of ``Line``."""
        values = {"user_id": self.env.uid, "client_id": None, "channel": self._channel(), **values}
        values.setdefault("company_id", self.env.company.id)
        client_id, company_id = values.pop("client_id"), values.pop("company_id")
        line = Line(client_id=None, company_id=None, model=model, operation=operation, **values)
        # the line is kept though it concerns no client
        Gathered.of(self).add(line, [(res_id, client_id, company_id)], clientless=True)

    @api.model
    @contextmanager
    def _while(self, operation):
        """What is seen inside is noted as one operation: what a print shows is printed, not read."""
        gathered = Gathered.of(self)
        before, gathered.doing = gathered.doing, operation
        try:
            yield
        finally:
            gathered.doing = before

    @api.model
    @contextmanager
    def _while_quiet(self):
        """Refusals inside are no attempts of anybody's."""
        gathered = Gathered.of(self)
        before, gathered.quiet = gathered.quiet, True
        try:
            yield
        finally:
            gathered.quiet = before

    @api.model
    def _note_refused(self, operation, records):
        """An attempt at a closed file. Who is refused learns nothing from it."""
        gathered = Gathered.of(self)
        if records._wall != "file" or gathered.quiet:
            return
        company_id = self.env.user.company_id.id
        places = [(*place[:2], place[2] or company_id) for place in records._log_places()]
        if not places and not any(line.refused and line.model == records._name for line in gathered.lines):
            places = [(None, None, company_id)]
        self._note_places(records._name, places, operation, refused=True)

    @api.model
    def _is_person(self):
        """Not the system itself; nor whoever loads the module, for then the table may not be there yet."""
        return self.env.uid and self.env.uid != api.SUPERUSER_ID and self.env.registry.ready

    @api.model
    def _channel(self):
        if not request:
            # Odoo puts the request away while it answers XML-RPC and JSON-RPC
            return "rpc" if getattr(thread_local, "rpc_model_method", "") else "server"
        if self.env.user.share:
            return "portal"
        path = request.httprequest.path
        return next((channel for start, channel in CHANNELS.items() if path.startswith(start)), "web")

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model
    def _emergency_sql(self):
        """SQL for the id of the emergency access under which ``line`` was read, or NULL.

        ``line`` has user_id, client_id and date (UTC). It runs on the log's own connection and sees
        what is committed. To be overridden by ``care.emergency.access``.
        """
        return SQL("NULL::int")

    @api.model
    def _write_changes(self, lines):
        """In the request's own transaction: what is rolled back has not happened."""
        created = {line[:4] for line in lines if line.operation == "create"}
        lines = {
            line: res_id
            for line, res_id in lines.items()
            if line.operation != "write" or line[:4] not in created
        }
        if lines:
            self._make_month_of(self._now())
            self._insert(self.env.cr, lines, once=True)

    @api.model
    def _write_seen(self, lines, raise_exception=True):
        """At once and for good, on a connection of its own. What cannot be logged is not shown."""
        slot = self._slot(self._now())
        written = self._written.get(slot, ())
        lines = {line: res_id for line, res_id in self._few(lines).items() if line not in written}
        if not lines:
            return
        try:
            self._make_month_of(self._now())
            with own_cursor(self.env.cr.dbname) as cr:
                emergencies = self._insert(cr, lines)
        except Exception as error:
            _logger.exception("The access log cannot be written")
            if not raise_exception:
                return
            raise UserError(
                self.env._(
                    "What you asked for is not shown, because Odoo cannot note that you have seen it."
                    " Try again, or tell the administrator that the access log cannot be written."
                )
            ) from error
        self._remember(slot, lines if not emergencies else ())

    @api.model
    def _now(self):
        return fields.Datetime.now()

    @api.model
    def _slot(self, now):
        return calendar.timegm(now.timetuple()) // WINDOW

    @api.model
    def _remember(self, slot, lines):
        """Equal lines of this window need no connection. The log itself leaves out what others remember."""
        memory = self._written
        for old in [key for key in memory if key != slot]:
            memory.pop(old, None)
        written = memory.setdefault(slot, set())
        if len(written) > MEMORY:
            written.clear()
        written.update(lines)

    @api.model
    def _few(self, lines):
        """A caller who is refused by the thousand leaves one line for them all."""
        refused = [line for line in lines if line.refused and line.client_id]
        if len(refused) <= MANY_REFUSED:
            return lines
        kept = {line: res_id for line, res_id in lines.items() if not line.refused or not line.client_id}
        return kept | {line._replace(client_id=None): None for line in refused}

    @api.model
    def _insert(self, cr, lines, once=False):
        """Write the lines in one statement.

        :param once: leave out what this transaction sees in the same window already; of readings the
            unique index of the month does so, whoever writes them
        :return: whether any was under an emergency access
        """
        now = self._now()
        # in one order everywhere, so that two who write the same never wait for each other in a ring
        ordered = sorted(lines.items(), key=lambda item: [str(value) for value in item[0]])
        rows = [(*line, res_id, now) for line, res_id in ordered]
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        emergency = SQL("COALESCE(line.emergency_id, %s)", self._emergency_sql())
        chosen = SQL(", ").join(
            emergency if name == "emergency_id" else SQL.identifier("line", name) for name in COLUMNS
        )
        window = SQL(
            "AND NOT EXISTS (SELECT 1 FROM care_access_log l WHERE l.user_id = line.user_id"
            " AND l.date BETWEEN %s AND line.date"
            " AND l.client_id IS NOT DISTINCT FROM line.client_id AND l.model = line.model"
            " AND l.operation = line.operation AND l.channel = line.channel)",
            datetime.fromtimestamp(self._slot(now) * WINDOW, UTC).replace(tzinfo=None),
        )
        cr.execute(
            SQL(
                "INSERT INTO care_access_log (%s) SELECT %s FROM %s WHERE TRUE %s ON CONFLICT DO NOTHING"
                " RETURNING emergency_id",
                columns,
                chosen,
                values_sql(rows),
                window if once else SQL(),
            )
        )
        return any(emergency for (emergency,) in cr.fetchall())

    @api.model
    def _make_month_of(self, now):
        """A cron makes months ahead. Should it have been off, the first line of a month makes its own."""
        month = now.strftime("%Y-%m")
        if month in self._months_made:
            return
        with own_cursor(self.env.cr.dbname) as cr:
            cr.execute("SELECT care_access_log_make_month(%s)", [now.date()])
        self._months_made.add(month)
