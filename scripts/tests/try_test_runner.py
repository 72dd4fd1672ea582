"""`make test-tooling`: what `make test` says of modules that go wrong, each in its own way.

A small module in a scratch checkout, tried with one kind of fault after the other; a fault that `make test`
does not report, by its own words, is a failure here.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SCRIPTS))

from common import CHECKOUT, MODULE, checkout_state, main, remove_tree, say  # noqa: E402
from database import workspace  # noqa: E402
from lifecycle import strictly  # noqa: E402
from prepare import prepare  # noqa: E402
from upgrade_test import unpack  # noqa: E402

HEAD = """
import logging
import unittest
from odoo.tests import HttpCase, TransactionCase, tagged

@tagged("post_install", "-at_install")
class TestTried(TransactionCase):
"""
PASSES = HEAD + "    def test_passes(self):\n        self.assertTrue(True)\n"
EVERY_FAULT = f"""{PASSES}
    def test_fails(self):
        self.assertEqual(1, 2)

    def test_errs(self):
        raise ValueError("oh")

    def test_subs(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertEqual(number, 0)

    def test_warns(self):
        logging.getLogger("odoo.tried").warning("something odd")

    def test_expects_a_warning(self):
        with self.assertLogs("odoo.tried"):
            logging.getLogger("odoo.tried").warning("something expected")

    def test_skips(self):
        self.skipTest("not now")

@tagged("post_install", "-at_install")
class TestSetup(TransactionCase):
    @classmethod
    def setUpClass(cls):
        raise ValueError("no set-up")

    def test_never_runs(self):
        pass

@tagged("post_install", "-at_install")
class TestBrowser(HttpCase):
    @unittest.skip("no browser")
    def test_tour(self):
        pass

    def test_broken_tour(self):
        self.browser_js("/web/login", 'console.error("the tour broke")')
"""
# with what it is to say of each; the last two of the failures are the skipped tour and the log
FAULTS = (
    "7 tests", "AssertionError: 1 != 2", "ValueError: oh", "(number=1)", "(number=2)", "something odd",
    "ValueError: no set-up", "skipped odoo.addons.social_care.tests.test_tried.TestTried.test_skips: not now",
    "a browser or HTTP test was skipped", "the tour broke", "Pictures of the browser",
)  # fmt: skip
BROKEN_DEMO = '<odoo><record id="x" model="res.partner"><field name="no_such_field">1</field></record></odoo>'
LEFTOVER = 'def post_init(env):\n    env.cr.execute("CREATE TABLE care_left_behind (id integer)")\n'

# Tests, the last line (none: all of them are run, and the uninstallation), the words that must be said, more files,
# more of the manifest.
TRIALS = {
    "all is well": (PASSES, "1 passed, 0 failed", ["ok   test_tried.TestTried"], {}, {}),
    "all that can be wrong with a test": (EVERY_FAULT, "3 passed, 7 failed, 2 skipped", FAULTS, {}, {}),
    "no test": (HEAD + "    pass\n", "0 passed, 1 failed", ["no test ran"], {}, {}),
    "demo data that does not load": (
        PASSES, "1 passed, 2 failed", ["demo data did not load"], {"x.xml": BROKEN_DEMO}, {"demo": ["x.xml"]},
    ),
    "a module that does not install": (
        PASSES, "0 passed, 3 failed", ["no_such_field"], {"x.xml": BROKEN_DEMO}, {"data": ["x.xml"]},
    ),
    "something left behind": (
        PASSES, None, ["uninstalling left behind: table care_left_behind"],
        {"__init__.py": LEFTOVER}, {"post_init_hook": "post_init"},
    ),
}  # fmt: skip


def lay_out(folder, tests, files, more):
    """A checkout with our scripts and a module that needs what ours needs, so that the seed is shared."""
    (folder / "scripts").symlink_to(SCRIPTS)
    described = {"name": "Tried", "version": "19.0.1.0.0", "author": "us", "license": "LGPL-3", **more}
    texts = {
        "__init__.py": "",
        "__manifest__.py": repr({**described, "depends": prepare().depends}),
        "tests/__init__.py": "from . import test_tried\n",
        "tests/test_tried.py": tests,
        **files,
    }
    (folder / "tests").mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)


def try_one(name, tests, last_line, words, files, more):
    with tempfile.TemporaryDirectory(prefix="social care ") as place:
        folder = Path(place)
        lay_out(folder, tests, files, more)
        env = {
            **os.environ,
            "SOCIAL_CARE_CHECKOUT": place,
            "ATTACK": "0",
            "TESTS": "test_tried" if last_line else "",
        }
        command = [sys.executable, SCRIPTS / "test.py"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        remove_tree(checkout_state(folder))
    said = done.stdout + done.stderr
    faults = [f"it did not say {word!r}" for word in words if word not in said]
    if last_line and not said.strip().endswith(f"\n{last_line}"):
        faults.append(f"its last line is not {last_line!r}")
    if (done.returncode == 0) != (", 0 failed" in (last_line or "")):
        faults.append(f"its status is {done.returncode}")
    return tell(name, faults and [*faults, *said.splitlines()[-40:]])


def tell(name, faults):
    say(f"{'FAIL' if faults else 'ok':5}{name}")
    for fault in faults:
        say(f"     {fault}")
    return not faults


def try_archive():
    """A release holds the module without what it is developed with, and installs."""
    with workspace(prepare(), "archive", temporary=True) as place:
        release = unpack("HEAD", place.folder / "release")
        held = {path.name for path in (release / MODULE).iterdir()}
        options = [f"--init={MODULE}", "--with-demo"]
        faults = strictly(place, "install", place.folder / "install.log", options, release)
    faults += [f"it holds {name}" for name in ("scripts", "benchmarks", "Makefile", ".ci") if name in held]
    return tell("the archive of a release", faults)


def main_trials():
    prepare()  # goes on in the Python that has Odoo
    say(f"-> Trying faulty modules with the scripts of {CHECKOUT} ...")
    only = os.environ.get("ONLY", "")
    results = [try_one(name, *trial) for name, trial in TRIALS.items() if only in name]
    if only in "the archive of a release":
        results.append(try_archive())
    say(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    main(main_trials)
