"""`make test`: all tests of the module, or those named with TESTS=, on a fresh copy of the prepared database.

With APPS=1 the apps that providers usually have are installed beside it. With KEEP=1 those named run on a database that stays, and the next time nothing is installed: for changes of Python
alone. KEEP=update brings the kept database in step with changed fields, views and rules first.

The results lie in build/test: the server's log, and pictures of failing browser tests.
"""

import difflib
import os

from attack import USUAL_APPS, attack, wait_for_apps, with_apps
from common import CHECKOUT, MODULE, Problem, free_port, held, main, read_json, remove_tree, say, step
from database import workspace
from lifecycle import snapshot, uninstall_and_reinstall
from prepare import prepare
from processes import die_with_make, end_group

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
    tests = CHECKOUT / "tests"
    files = {path.stem: path.relative_to(tests).as_posix() for path in sorted(tests.rglob("test_*.py"))}
    for name in names.replace(",", " ").split():
        file, _, rest = name.partition(":")
        file = file.rpartition("/")[2].removesuffix(".py")
        if file not in files:
            near = difflib.get_close_matches(file, files, 3, 0.4) or list(files)[:5]
            raise Problem(f"there is no tests/{file}.py; did you mean TESTS={' or TESTS='.join(near)}?")
        tags.append(f"/{MODULE}/tests/{files[file]}" + (f":{rest}" if rest else ""))
    return ",".join(tags)


def results_folder():
    """build/test, or build/test-2 and so on when another run in this checkout is still using it; and its lock."""
    for number in range(1, 20):
        folder = CHECKOUT / "build" / ("test" if number == 1 else f"test-{number}")
        folder.parent.mkdir(exist_ok=True)
        if lock := held(f"{folder}.lock"):
            remove_tree(folder)
            folder.mkdir()
            return folder, lock
    raise Problem("nineteen test runs are busy in this checkout; wait for one to end.")


class Run:
    """One process that runs tests on a database, and what they came to."""

    def __init__(self, place, results, *options, name="", database=None, **environment):
        self.result = results / f"result{name}.json"
        self.log = results / f"odoo{name}.log"
        database = database or place.database
        self.process = place.start_odoo(
            *("run_tests", self.log, f"--db-filter=^{database}$", f"--http-port={free_port()}"),
            *(f"--screenshots={results}", "--max-cron-threads=0", *options),
            database=database,
            SOCIAL_CARE_TEST_RESULT=str(self.result),
            **environment,
        )

    def count(self):
        """Wait for the end, and read what odoo_tests.py wrote down."""
        try:
            status = self.process.wait()
        finally:
            self.end()
        problem = f"the tests did not come to an end (status {status}; see {self.log})"
        nothing = {"passed": 0, "failed": [], "skipped": {}, "problems": [problem]}
        return read_json(self.result, nothing)

    def end(self):
        end_group(self.process)  # a browser is among it


def installed():
    return ",".join([MODULE, *(USUAL_APPS if os.environ.get("APPS") else ())])


def run_all(place, tags, results):
    """Install the module once, then run its tests on copies of that database, side by side.

    What was installed stays as it was: tests with transactions of their own leave something in theirs.
    """
    modules = installed() if os.environ.get("TESTS") else f"{installed()},test_lint"
    install = ["--with-demo", f"--init={modules}", f"--test-tags={tags}"]
    if os.environ.get("TESTS"):
        return Run(place, results, *install).count()
    total = Run(place, results, *install, SOCIAL_CARE_TEST_SHARE="").count()
    if total["problems"]:
        return total
    jobs, runs, share = int(os.environ.get("JOBS") or min(os.cpu_count() or 1, 4)), [], results / "share"
    share.mkdir()
    try:
        databases = [place.clone(str(number)) for number in range(1, jobs + 1)]
        for number, database in enumerate(databases, 1):
            which = {"name": f"-{number}", "database": database, "SOCIAL_CARE_TEST_SHARE": str(share)}
            runs.append(Run(place, results, f"--test-tags={tags}", **which))
        for run in runs:
            add(total, run.count())
    finally:
        for run in runs:
            run.end()
    return total


def open_kept(place, modules, update):
    """Start the database of the last time, or a new one; returns the options that bring it in step."""
    if not place.is_complete():
        place.make()
        return ["--with-demo", f"--init={modules}"]
    place.start()
    return [f"--update={MODULE}"] if update else []


def run_kept(place, tags, results):
    """Run on the database of the last time. Tests roll back what they do, those with cursors of their own almost all."""
    options = open_kept(place, installed(), os.environ["KEEP"] == "update")
    return Run(place, results, f"--test-tags={tags}", *options).count()


def check_from_outside(place, results, count):
    """A colleague with a script and a key for each role, on a copy of the database with demo data, and beside other apps.

    A sample, in another order each time; `make attack` tries everything.
    """
    for name in ("alone", "beside-other-apps"):
        (results / name).mkdir()
    process, apps = with_apps(place, results / "beside-other-apps")
    try:
        faults = attack(place, results / "alone", place.clone("attack"), seconds=80)
        wait_for_apps(process, results / "beside-other-apps")
    finally:
        end_group(process)
    faults += attack(place, results / "beside-other-apps", apps, seconds=30)
    promise = "nobody gets at a file from outside but by their role, and not without a line in the log"
    count_whole(count, promise, faults)


def count_whole(count, promise, faults):
    """One more test, of the whole."""
    for fault in faults[:100]:
        say(f"     {fault}")
    if faults:
        count["failed"].append(promise)
    else:
        count["passed"] += 1


def add(total, count):
    total["passed"] += count["passed"]
    for name in ("failed", "problems"):
        total[name] += [text for text in count[name] if text not in total[name]]
    total["skipped"].update(count["skipped"])


def check_uninstalling(place, before, results, count):
    """Take the module away, compare, and bring it back."""
    with step("Uninstalling the module, comparing, and installing it again"):
        faults = uninstall_and_reinstall(place, before, results / "uninstall.log")
    count_whole(count, "uninstalling leaves nothing behind, and the module can be installed again", faults)


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
    if os.environ.get("KEEP") and os.environ.get("TESTS"):
        with workspace(prepared, "kept-apps" if os.environ.get("APPS") else "kept") as place:
            return report(run_kept(place, tags, results), results)
    with workspace(prepared, "test", temporary=True) as place:
        before = snapshot(place)
        say(f"-> Installing the module and testing; the server's log is in {results}")
        count = run_all(place, tags, results)
        if not (count["passed"] or count["failed"] or count["skipped"]):
            count["problems"].append("no test ran")
        if not (os.environ.get("TESTS") or os.environ.get("APPS")) and count["passed"]:
            if os.environ.get("ATTACK") != "0":
                check_from_outside(place, results, count)
            check_uninstalling(place, before, results, count)
    return report(count, results)


if __name__ == "__main__":
    main(main_test)
