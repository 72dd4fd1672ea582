"""Run the module's tests inside Odoo and count them so that nothing can hide.

Odoo's own run ends with status 0 also when no test was found, when browser tests were skipped, when a
demo file failed to load, and whatever the log says. Here each of those is a failure.
"""

import functools
import json
import logging
import os
import re
import time
from pathlib import Path

from odoo_log import LogWatch

from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tests import loader
from odoo.tests.common import HttpCase
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite
from odoo.tools import config

MODULE = "social_care"


class Count:
    """What became of each test, by its id, and what the log complained of."""

    def __init__(self):
        self.started, self.failed, self.skipped, self.problems = set(), set(), {}, []

    def as_dict(self):
        return {
            "passed": len(self.started - self.failed - set(self.skipped)),
            "failed": sorted(self.failed),
            "problems": self.problems,
            "skipped": self.skipped,
        }


count = Count()
watch = LogWatch()


def main_test(test):
    """The test that a subtest belongs to."""
    return getattr(test, "test_case", None) or test


def watch_results():
    """Hook into Odoo's result class: it counts subtests apart, and skips not at all."""
    original = {
        name: getattr(OdooTestResult, name) for name in ("startTest", "stopTest", "addSkip", "logError")
    }

    def startTest(self, test):
        Progress.switch_to(test)
        count.started.add(test.id())  # a retried test starts twice
        original["startTest"](self, test)

    def stopTest(self, test):
        Progress.ended = time.monotonic()
        original["stopTest"](self, test)

    def addSkip(self, test, reason):
        identity = main_test(test).id()
        count.skipped[identity] = reason
        if isinstance(main_test(test), HttpCase) or re.search("chrome|websocket", reason, re.I):
            count.problems.append(f"a browser or HTTP test was skipped: {identity} ({reason})")
        original["addSkip"](self, test, reason)

    def logError(self, flavour, test, error):
        if not self._soft_fail:
            count.failed.add(main_test(test).id())
            print(f"\n{flavour}: {test}\n{self._exc_info_to_string(error, test)}", flush=True)
        watch.quiet = True
        try:
            original["logError"](self, flavour, test, error)
        finally:
            watch.quiet = False

    for function in (startTest, stopTest, addSkip, logError):
        setattr(OdooTestResult, function.__name__, function)


def look_at_our_module_only():
    """Odoo's rules would read every module on the addons path: keep them to ours while they run."""
    original = Manifest.all_addon_manifests

    def all_addon_manifests():
        if (Progress.name or "").startswith("test_lint."):
            return [Manifest.for_addon(MODULE)]
        return original()

    Manifest.all_addon_manifests = staticmethod(all_addon_manifests)


def class_name(test):
    """`test_care_plan.TestCarePlan`; of another module than ours, with that before it."""
    _odoo, _addons, module, *_folders, file = type(test).__module__.split(".")
    return f"{'' if module == MODULE else module + '.'}{file}.{type(test).__name__}"


class Progress:
    """One line per test class, with how many tests it had and how long they took."""

    name, began, ended, before = None, 0.0, 0.0, (0, 0)

    @classmethod
    def switch_to(cls, test):
        name = class_name(test) if test else None
        if name == cls.name:
            return
        numbers = len(count.started), len(count.failed)
        if cls.name:
            tests, failed = (now - before for now, before in zip(numbers, cls.before, strict=True))
            taken = cls.ended - cls.began
            print(f"{'FAIL' if failed else 'ok':5}{cls.name}: {tests} tests, {taken:.1f} s", flush=True)
        # setting up a class is its time too
        cls.name, cls.began, cls.before = name, cls.ended or time.monotonic(), numbers


class Shared(OdooSuite):
    """Tests of which several processes each run whole classes: each class is run by whoever comes to it first."""

    def run(self, result, debug=False):
        self._tests = (test for test in list(self) if is_ours(class_name(test)))
        return super().run(result, debug)


@functools.cache
def is_ours(name):
    try:
        Path(os.environ["SOCIAL_CARE_TEST_SHARE"], name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def keep_own_part(share):
    """Of the tests, only the part that this process is to run.

    Without a folder in which they are shared: those that run while the module is being installed, and the
    bundles for the browser. Else a share of those that run afterwards.
    """
    original = loader.make_suite

    def make_suite(module_names, position="at_install"):
        ours = [name for name in module_names if name in (MODULE, "test_lint")]
        suite = original(ours, position)
        if position == "at_install":
            return OdooSuite([]) if share else suite  # Odoo would run them in each process again
        if share:
            return Shared(suite)
        bundles_only = OdooSuite([])
        bundles_only.has_http_case = suite.has_http_case
        return bundles_only

    loader.make_suite = make_suite


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
    look_at_our_module_only()
    if "SOCIAL_CARE_TEST_SHARE" in os.environ:
        keep_own_part(os.environ["SOCIAL_CARE_TEST_SHARE"])
    watch.start()
    status = server.start(preload=config["db_name"], stop=True)
    Progress.switch_to(None)
    if status == -1:
        count.problems.append("the module could not be installed")
    else:
        check_database()
    if watch.complaints:
        count.problems.append(f"{len(watch.complaints)} unexpected warnings or errors in the server log")
    for complaint in watch.complaints[:50]:
        print(f"log: {complaint[:2000]}", flush=True)
    with open(os.environ["SOCIAL_CARE_TEST_RESULT"], "w") as file:
        json.dump(count.as_dict(), file)
    logging.shutdown()
    os._exit(0)  # Odoo's threads may linger; everything worth keeping is written
