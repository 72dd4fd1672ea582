"""Two real transactions; the second runs as Odoo runs every request, with its repetitions."""

import threading
from unittest.mock import patch

from passlib.context import CryptContext

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name
from odoo.tools import mute_logger


class RaceCase(BaseCase):
    """What a test makes here is committed: each cleans up after itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cheap = CryptContext(["pbkdf2_sha512", "plaintext"], pbkdf2_sha512__rounds=1)
        users = "odoo.addons.base.models.res_users.ResUsersPatchedInTest"
        # as in Odoo's own cases: a password for each person of each test costs more than the rest
        cls.startClassPatcher(patch(f"{users}._crypt_context", lambda self: cheap))

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {}).company.care_operator_type = "private"

    def _race(self, first, second):
        """``second`` begins before ``first`` is committed, and waits; its error is returned."""
        outcome, tries = [], []

        def run_second():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})

                def attempt():
                    tries.append(1)
                    second(env)

                try:
                    retrying(attempt, env)
                except Exception as error:  # noqa: BLE001  whatever it is, the test looks at it
                    outcome.append(error)
                    cr.rollback()

        with (
            patch("odoo.service.model.random.uniform", return_value=0),
            # the thread that loads the module and runs the tests holds the lock all the while
            patch.object(Registry, "_lock", DummyRLock()),
            mute_logger("odoo.sql_db", "odoo.service.model"),
            self.registry.cursor() as cr,
        ):
            first(api.Environment(cr, SUPERUSER_ID, {}))
            cr.flush()
            thread = threading.Thread(target=run_second)
            thread.start()
            self._wait_until_blocked(thread)
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(60)
            self.assertFalse(thread.is_alive())
        return (outcome or [None])[0], len(tries)

    def _wait_until_blocked(self, thread):
        for _attempt in range(200):
            with self.registry.cursor() as cr:
                cr.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cr.fetchone()[0] or not thread.is_alive():
                    return
            thread.join(0.05)
        self.fail("the second transaction neither waited nor ended")
