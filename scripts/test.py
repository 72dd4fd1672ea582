"""`make test`: all tests of the module, or those named with TESTS=, on a fresh copy of the prepared database.

The results lie in build/test: the server's log, and pictures of failing browser tests.
"""

import difflib
import fcntl
import os
import signal
import socket
import sys

from common import CHECKOUT, MODULE, Problem, main, remove_tree, say, start
from database import workspace
from prepare import prepare


def test_tags(names):
    """Odoo's selection from `test_file`, `test_file:TestClass` or `test_file:TestClass.test_method`."""
    if not names:
        return f"/{MODULE}"
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


def main_test():
    tags = test_tags(os.environ.get("TESTS", ""))
    prepared = prepare(pdf=True, browser=True)
    results, _lock = results_folder()
    with workspace(prepared, "test", temporary=True) as place:
        say(f"-> Installing the module and testing ({tags}); the log is {results}/odoo.log")
        process = start(
            [
                *prepared.odoo_side("run_tests", place.data_dir, place.database, results / "odoo.log"),
                *("--with-demo", f"--init={MODULE}", f"--test-tags={tags}"),
                *("--http-interface=127.0.0.1", f"--http-port={free_port()}"),
                *(f"--screenshots={results}", "--max-cron-threads=0"),
            ],
            env=place.environment(),
            cwd="/",
        )
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGKILL)
            process.wait()
            raise
    if status < 0:
        say(f"failed: the test process was ended by signal {-status}\n0 passed, 1 failed")
    return 1 if status else 0


if __name__ == "__main__":
    sys.path.insert(0, str(CHECKOUT / "scripts"))
    main(main_test)
