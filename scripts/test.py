"""`make test`: all tests of the module, or those named with TESTS=, on a fresh copy of the prepared database.

The results lie in build/test: the server's log, and pictures of failing browser tests.
"""

import difflib
import fcntl
import os
import socket

from common import CHECKOUT, MODULE, Problem, main, read_json, remove_tree, say, step
from database import workspace
from lifecycle import snapshot, uninstall_and_reinstall
from prepare import prepare
from processes import die_with_make, end_group, start

# Odoo's own rules, in its module test_lint, that say something about one installed module. Left out are
# those that need eslint or pylint (see lint.py) and those about localisations.
ODOO_RULES = (
    "ManifestLinter",
    "RoutesLinter",
    "TestDocstring",
    "TestDunderinit",
    "TestI18n.test_user_content_as_prop_is_translatable",
    "TestIndex",
    "TestJsTranslations.test_js_translations",
    "TestLintOverrideSignatures",
    "TestNaming",
    "TestOnchangeDomains",
    "TestTestHoles",
)


def test_tags(names):
    """Odoo's selection from `test_file`, `test_file:TestClass` or `test_file:TestClass.test_method`."""
    if not names:
        return ",".join([f"/{MODULE}", *(f"/test_lint:{rule}" for rule in ODOO_RULES)])
    tags = []
    files = sorted(path.stem for path in (CHECKOUT / "tests").glob("test_*.py"))
    for name in names.replace(",", " ").split():
        file, _, rest = name.partition(":")
        file = file.rpartition("/")[2].removesuffix(".py")
        if file not in files:
            near = difflib.get_close_matches(file, files, 3, 0.4) or files[:5]
            raise Problem(f"there is no tests/{file}.py; did you mean TESTS={' or TESTS='.join(near)}?")
        tags.append(f"/{MODULE}/tests/{file}.py" + (f":{rest}" if rest else ""))
    return ",".join(tags)


def results_folder():
    """build/test, or build/test-2 and so on when another run in this checkout is still using it."""
    for number in range(1, 20):
        folder = CHECKOUT / "build" / ("test" if number == 1 else f"test-{number}")
        folder.parent.mkdir(exist_ok=True)
        lock = open(f"{folder}.lock", "w")  # noqa: SIM115  held as long as this process lives
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        remove_tree(folder)
        folder.mkdir()
        return folder, lock
    raise Problem("nineteen test runs are busy in this checkout; wait for one to end.")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_tests(place, tags, results):
    """What the tests came to, as odoo_tests.py writes it down."""
    modules = MODULE if os.environ.get("TESTS") else f"{MODULE},test_lint"
    result = results / "result.json"
    process = start(
        [
            *place.prepared.odoo_side("run_tests", place.data_dir, place.database, results / "odoo.log"),
            *("--with-demo", f"--init={modules}", f"--test-tags={tags}"),
            *("--http-interface=127.0.0.1", f"--http-port={free_port()}"),
            *(f"--screenshots={results}", "--max-cron-threads=0"),
        ],
        env=place.environment(SOCIAL_CARE_TEST_RESULT=str(result)),
        cwd="/",
    )
    try:
        status = process.wait()
    finally:
        end_group(process)  # a browser is among it
    count = read_json(result)
    if not count:
        problem = f"the tests did not come to an end (status {status}; see {results}/odoo.log)"
        count = {"passed": 0, "failed": [], "skipped": {}, "problems": [problem]}
    return count


def check_uninstalling(place, before, results, count):
    """One more test of the whole: take the module away, compare, and bring it back."""
    with step("Uninstalling the module, comparing, and installing it again"):
        faults = uninstall_and_reinstall(place, before, results / "uninstall.log")
    for fault in faults[:100]:
        say(f"     {fault}")
    if faults:
        count["failed"].append("uninstalling leaves nothing behind, and the module can be installed again")
    else:
        count["passed"] += 1


def report(count, results):
    say()
    for name, reason in count["skipped"].items():
        say(f"skipped {name}: {reason}")
    failures = count["failed"] + count["problems"]
    for name in failures:
        say(f"failed: {name}")
    pictures = sorted(results.rglob("*.png"))
    if failures and pictures:
        say(f"Pictures of the browser when it failed: {pictures[0].parent}")
    skipped = f", {len(count['skipped'])} skipped" if count["skipped"] else ""
    say(f"{count['passed']} passed, {len(failures)} failed{skipped}")
    return 1 if failures else 0


def main_test():
    die_with_make()
    tags = test_tags(os.environ.get("TESTS", ""))
    prepared = prepare(pdf=True, browser=True)
    results, _lock = results_folder()
    with workspace(prepared, "test", temporary=True) as place:
        before = snapshot(place)
        say(f"-> Installing the module and testing; the server's log is {results}/odoo.log")
        count = run_tests(place, tags, results)
        if not os.environ.get("TESTS") and count["passed"]:
            check_uninstalling(place, before, results, count)
    return report(count, results)


if __name__ == "__main__":
    main(main_test)
