from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...models.access_log import care_access_log_writing
from ...models.access_log.care_access_log_writing import Line
from ..common_access_log import AccessLogCase
from ..common_emergency import EmergencyCase


@tagged("post_install", "-at_install")
class TestCareAccessLogWriting(EmergencyCase, AccessLogCase, TransactionCase):
    """What a worker gathers and remembers. What makes a line is in test_care_access_log.py."""

    def setUp(self):
        super().setUp()
        self.log = self.env["care.access.log"].with_user(self.north_staff)
        self._forget()

    def _memory(self):
        return type(self.env["care.access.log"])._written

    def _read(self, client=None, user=None):
        self._as(user or self.north_staff, client or self.astrid).read(["name"])
        self._end_request()

    def test_a_worker_remembers_one_window(self):
        self._read()
        first = set(self._memory())
        self._tick()
        self._read()
        self.assertEqual(len(self._memory()), 1)
        self.assertFalse(first & set(self._memory()))
        self.assertEqual(len(self._lines(self.north_staff, self.astrid)), 2)

    def test_a_memory_that_is_full_is_emptied_and_nothing_is_lost(self):
        self.patch(care_access_log_writing, "MEMORY", 1)
        for client in (self.astrid, self.cilla, self.dan, self.astrid):
            self._read(client, self.north_manager)
        (memory,) = self._memory().values()
        self.assertLessEqual(len(memory), 2)
        for client in (self.astrid, self.cilla, self.dan):
            self.assertLogged(self.north_manager, client)

    def test_what_was_read_in_an_emergency_is_not_remembered(self):
        """When the access ends within the window, the next reading is no longer under it."""
        self._open_file(self.oncall_staff, self.astrid.reference)
        self.env.flush_all()
        line = Line(self.oncall_staff.id, self.astrid.id, self.company.id, "care.client", "read", "server")
        with patch.object(type(self.log), "_insert", lambda log, cr, lines, once=False: True):
            self.log._write_seen({line: self.astrid.id})
        self.assertFalse(any(self._memory().values()))
        with patch.object(type(self.log), "_insert", lambda log, cr, lines, once=False: False):
            self.log._write_seen({line: self.astrid.id})
        self.assertEqual(list(self._memory().values()), [{line}])

    def test_what_could_not_be_written_is_not_remembered(self):
        line = Line(self.north_staff.id, self.astrid.id, self.company.id, "care.client", "read", "server")

        def fail(log, cr, lines, once=False):
            raise ValueError("no")

        with (
            patch.object(type(self.log), "_insert", fail),
            self.assertLogs("odoo.addons.social_care.models.access_log.care_access_log_writing", "ERROR"),
        ):
            self.log._write_seen({line: self.astrid.id}, raise_exception=False)
        self.assertFalse(any(self._memory().values()))

    def test_lines_are_written_in_one_order(self):
        """Or two who write the same lines in other orders wait for each other for ever."""
        clients = self.astrid | self.cilla | self.dan
        for order in (clients, clients[::-1]):
            self._tick()
            self._as(self.north_manager, order).read(["name"])
            self._end_request()
            written = [line["client_id"] for line in self._lines(self.north_manager)][-3:]
            self.assertEqual(written, sorted(clients.ids, key=str))

    def test_the_channel_is_the_door(self):
        for path, user, channel in (
            ("/web/dataset/call_kw/care.client/read", self.north_staff, "web"),
            ("/json/2/care.client/read", self.north_staff, "json2"),
            ("/my/plan", self.north_staff, "portal"),
            ("/mythical", self.env.ref("base.public_user"), "portal"),
        ):
            request = SimpleNamespace(httprequest=SimpleNamespace(path=path))
            with patch.object(care_access_log_writing, "request", request):
                self.assertEqual(self.log.with_user(user)._channel(), channel, path)
        self.assertEqual(self.log._channel(), "server")
        with patch.object(care_access_log_writing.thread_local, "rpc_model_method", "x", create=True):
            self.assertEqual(self.log._channel(), "rpc")

    def test_a_print_within_an_export_is_an_export_again_afterwards(self):
        log = self.log
        with log._while("export"):
            with log._while("print"):
                log._note(self.astrid)
            log._note(self.cilla)
        log._note(self.dan)
        self._end_request()
        for client, operation in ((self.astrid, "print"), (self.cilla, "export"), (self.dan, "read")):
            self.assertLogged(self.north_staff, client, operation=operation)
