"""`make test-tooling`: what `make test` says of modules that go wrong, each in its own way.

A small module in a scratch checkout, tried with one fault after the other; a fault that `make test`
does not report is a failure here.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SCRIPTS))

from common import CHECKOUT, MODULE, checkout_state, main, remove_tree, say  # noqa: E402
from database import manifest, workspace  # noqa: E402
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
PASSES = "    def test_passes(self):\n        self.assertTrue(True)\n"
WARNS = '        logging.getLogger("odoo.tried").warning("something odd")\n'
BROKEN_DEMO = '<odoo><record id="x" model="res.partner"><field name="no_such_field">1</field></record></odoo>'
LEFTOVER = 'def post_init(env):\n    env.cr.execute("CREATE TABLE care_left_behind (id integer)")\n'

BROWSER = "\n@tagged('post_install', '-at_install')\nclass TestBrowser(HttpCase):\n"
FAILS = "    def test_fails(self):\n        self.assertEqual(1, 2)\n"
ERRS = "    def test_errs(self):\n        raise ValueError('oh')\n"
SUBTESTS = (
    "    def test_subs(self):\n        for number in range(3):\n            with self.subTest(number=number):\n"
    "                self.assertEqual(number, 0)\n"
)
NO_SETUP = "    @classmethod\n    def setUpClass(cls):\n        raise ValueError('no set-up')\n"
EXPECTED = '    def test_warns(self):\n        with self.assertLogs("odoo.tried"):\n    '
SKIPS = "    def test_skips(self):\n        self.skipTest('not now')\n"
NO_TOUR = BROWSER + "    @unittest.skip('no browser')\n    def test_tour(self):\n        pass\n"
BAD_TOUR = (
    BROWSER
    + "    def test_tour(self):\n        self.browser_js('/web/login', 'console.error(\"the tour broke\")')\n"
)


def trial(tests, last_line, word, files=None, **more):
    """Tests, the last line, a word that must be said, more files, more of the manifest."""
    return tests, last_line, word, files or {}, more


TRIALS = {
    "all is well": trial(PASSES, "1 passed, 0 failed", "ok   test_tried.TestTried"),
    "a failure and an error": trial(PASSES + FAILS + ERRS, "1 passed, 2 failed", "ValueError: oh"),
    "two failing subtests of one test": trial(SUBTESTS, "0 passed, 1 failed", "(number=2)"),
    "a class that cannot be set up": trial(NO_SETUP + PASSES, "0 passed, 1 failed", "no set-up"),
    "no test": trial("    pass\n", "0 passed, 1 failed", "no test ran"),
    "an unexpected warning": trial(
        "    def test_warns(self):\n" + WARNS, "1 passed, 1 failed", "something odd"
    ),
    "an expected warning": trial(EXPECTED + WARNS, "1 passed, 0 failed", ""),
    "a skipped test": trial(PASSES + SKIPS, "1 passed, 0 failed, 1 skipped", "not now"),
    "a skipped browser test": trial(PASSES + NO_TOUR, "1 passed, 1 failed, 1 skipped", "no browser"),
    "a browser test that fails": trial(PASSES + BAD_TOUR, "1 passed, 2 failed", "Pictures of the browser"),
    "demo data that does not load": trial(
        PASSES,
        "1 passed, 2 failed",
        "demo data did not load",
        {"demo/x.xml": BROKEN_DEMO},
        demo=["demo/x.xml"],
    ),
    "a module that does not install": trial(
        PASSES, "0 passed, 3 failed", "no_such_field", {"data/x.xml": BROKEN_DEMO}, data=["data/x.xml"]
    ),
    "something left behind": trial(
        PASSES,
        None,
        "uninstalling left behind: table care_left_behind",
        {"__init__.py": LEFTOVER},
        post_init_hook="post_init",
    ),
}


def lay_out(folder, tests, files, more):
    """A checkout with our scripts and a module that needs what ours needs, so that the seed is shared."""
    (folder / "scripts").symlink_to(SCRIPTS)
    described = {"name": "Tried", "version": "19.0.1.0.0", "author": "us", "license": "LGPL-3", **more}
    texts = {
        "__init__.py": "",
        "__manifest__.py": repr({**described, "depends": manifest()["depends"]}),
        "tests/__init__.py": "from . import test_tried\n",
        "tests/test_tried.py": HEAD + tests,
        **files,
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def try_one(name, tests, last_line, word, files, more):
    with tempfile.TemporaryDirectory(prefix="social care ") as place:
        folder = Path(place)
        lay_out(folder, tests, files, more)
        env = {**os.environ, "SOCIAL_CARE_CHECKOUT": place, "TESTS": "test_tried" if last_line else ""}
        done = subprocess.run(
            [sys.executable, SCRIPTS / "test.py"],
            env=env,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        remove_tree(checkout_state(folder))
    said = done.stdout + done.stderr
    as_expected = word in said and (last_line is None or said.strip().splitlines()[-1] == last_line)
    status_fits = (done.returncode == 0) == (last_line is not None and ", 0 failed" in last_line)
    good = as_expected and status_fits
    say(f"{'ok' if good else 'FAIL':5}{name}")
    if not good:
        say(f"     expected {last_line!r} and {word!r}; status {done.returncode}")
        say("\n".join("     " + line for line in said.splitlines()[-25:]))
    return good


def try_archive():
    """A release holds the module without what it is developed with, and installs."""
    prepared = prepare()
    with workspace(prepared, "archive", temporary=True) as place:
        release = unpack("HEAD", place.folder / "release")
        tools = {path.name for path in (release / MODULE).iterdir()} & {
            "scripts",
            "benchmarks",
            "Makefile",
            ".ci",
        }
        log = place.folder / "install.log"
        faults = strictly(place, "install", log, [f"--init={MODULE}", "--with-demo"], release)
    faults += [f"it holds {name}" for name in sorted(tools)]
    say(f"{'FAIL' if faults else 'ok':5}the archive of a release")
    say("\n".join("     " + fault for fault in faults))
    return not faults


def main_trials():
    chosen = {name: trial for name, trial in TRIALS.items() if os.environ.get("ONLY", "") in name}
    results = [try_one(name, *trial) for name, trial in chosen.items()]
    if os.environ.get("ONLY", "") in "the archive of a release":
        results.append(try_archive())
    say(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    say(f"-> Trying faulty modules with the scripts of {CHECKOUT} ...")
    main(main_trials)
