"""Run the module's tests inside Odoo and count them so that nothing can hide.

Odoo's own run ends with status 0 also when no test was found, when browser tests were skipped, when a
demo file failed to load, and whatever the log says. Here each of those is a failure.
"""

import logging
import os
import re
import time
from collections import defaultdict

from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tests.common import HttpCase
from odoo.tests.result import OdooTestResult
from odoo.tools import config

MODULE = "social_care"
# Logged by Odoo itself whatever the module does: (logger, beginning of the message)
HARMLESS = (("odoo", "Running as user 'root'"),)


class Count:
    """What became of each test, keyed by its id, and what the log complained of."""

    def __init__(self):
        self.started, self.failed, self.skipped = [], [], {}
        self.complaints, self.problems = [], []
        self.quiet = False  # the runner itself is logging a failure

    def passed(self):
        return len(set(self.started) - set(self.failed) - set(self.skipped))

    def last_line(self):
        failed = len(set(self.failed)) + len(self.problems)
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        return f"{self.passed()} passed, {failed} failed{skipped}"


count = Count()


class LogWatch(logging.Handler):
    """Keep every warning and error that no test expected (assertLogs and mute_logger hold theirs back)."""

    def emit(self, record):
        message = record.getMessage()
        harmless = any(record.name == name and message.startswith(text) for name, text in HARMLESS)
        if not count.quiet and not harmless:
            count.complaints.append(f"{record.levelname} {record.name}: {message}")


def main_test(test):
    """The test that a subtest belongs to."""
    return getattr(test, "test_case", None) or test


def watch_results():
    """Hook into Odoo's result class: it counts subtests apart, and skips not at all."""
    original = {name: getattr(OdooTestResult, name) for name in ("startTest", "addSkip", "logError")}

    def startTest(self, test):
        Progress.switch_to(test)
        if test.id() not in count.started:  # a retried test starts twice
            count.started.append(test.id())
        original["startTest"](self, test)

    def addSkip(self, test, reason):
        identity = main_test(test).id()
        count.skipped[identity] = reason
        if isinstance(main_test(test), HttpCase) or re.search("chrome|websocket", reason, re.I):
            count.problems.append(f"a browser or HTTP test was skipped: {identity} ({reason})")
        original["addSkip"](self, test, reason)

    def logError(self, flavour, test, error):
        if not self._soft_fail:
            count.failed.append(main_test(test).id())
            print(f"\n{flavour}: {test}\n{self._exc_info_to_string(error, test)}", flush=True)
        count.quiet = True
        try:
            original["logError"](self, flavour, test, error)
        finally:
            count.quiet = False

    for function in (startTest, addSkip, logError):
        setattr(OdooTestResult, function.__name__, function)


class Progress:
    """One line per test class, with how many tests it had and how long they took."""

    name, began, before = None, 0.0, (0, 0)
    seconds = defaultdict(float)

    @classmethod
    def switch_to(cls, test):
        name = f"{type(test).__module__.rpartition('.')[2]}.{type(test).__name__}" if test else None
        if name == cls.name:
            return
        if cls.name:
            tests = len(count.started) - cls.before[0]
            failed = len(set(count.failed)) - cls.before[1]
            taken = time.monotonic() - cls.began
            print(f"{'FAIL' if failed else 'ok':5}{cls.name}: {tests} tests, {taken:.1f} s", flush=True)
        cls.name, cls.began = name, time.monotonic()
        cls.before = (len(count.started), len(set(count.failed)))


def check_database():
    """The module is installed, and with its demo data: a demo file that fails is only a warning to Odoo."""
    with Registry(config["db_name"][0]).cursor() as cursor:
        cursor.execute("SELECT state, demo FROM ir_module_module WHERE name = %s", (MODULE,))
        state, demo = cursor.fetchone() or ("missing", False)
    if state != "installed":
        count.problems.append(f"the module is not installed but {state}")
    elif not demo:
        count.problems.append("the demo data did not load (the log above names the file)")


def run():
    watch_results()
    logging.getLogger().addHandler(LogWatch(logging.WARNING))
    status = server.start(preload=config["db_name"], stop=True)
    Progress.switch_to(None)
    if status == -1:
        count.problems.append("the module could not be installed")
    else:
        check_database()
    if not count.started:
        count.problems.append("no test ran")
    if count.complaints:
        count.problems.append(f"{len(count.complaints)} unexpected warnings or errors in the server log")
    report()
    # Odoo's threads may linger; everything worth keeping is written
    logging.shutdown()
    os._exit(1 if count.failed or count.problems else 0)


def report():
    print()
    for name, reason in count.skipped.items():
        print(f"skipped {name}: {reason}")
    for complaint in count.complaints[:50]:
        print(f"log: {complaint[:2000]}")
    for name in sorted(set(count.failed)):
        print(f"failed: {name}")
    for problem in count.problems:
        print(f"failed: {problem}")
    print(count.last_line(), flush=True)
