"""`make mutate`: take each rule, access line, trigger, constraint and refusal away, and see a test fail.

A guard that can go without a test noticing is a guard that will go one day. Rules and access lines are measured by
tests/test_access_kinds.py, whose sentences do not come from them; the rest by the tests in which they refuse
something. Everything happens in one process on the kept database (as `make test KEEP=1`), and each change is undone.

KEEP=1 leaves the database as it is, for changes of Python alone.
KIND=rule,acl,constraint,trigger,refusal names the kinds, TESTS=test_file,... the tests that are run for the last three
(all of them: a quarter of an hour), SECONDS when no further one is begun. Then only the guards that they met are counted.
"""

import os

from common import MODULE, Problem, main, say
from database import workspace
from prepare import prepare
from processes import die_with_make, end_group
from test import open_kept, results_folder, test_tags


def main_mutate():
    die_with_make()
    if os.environ.get("TESTS"):
        test_tags(os.environ["TESTS"])  # it refuses a name that is none
    prepared = prepare(pdf=True)
    results, _lock = results_folder()
    log = results / "mutate.log"
    with workspace(prepared, "kept") as place:
        options = open_kept(place, MODULE, os.environ.get("KEEP") != "1")
        say(f"-> Taking guards away; the server's log is {log}")
        options += ["--max-cron-threads=0", f"--screenshots={results}"]
        process = place.start_odoo("mutate", log, *options, PGOPTIONS="-c lock_timeout=20s")
        try:
            if process.wait():
                raise Problem("a guard can go without a test noticing; write the test.")
        finally:
            end_group(process)


if __name__ == "__main__":
    main(main_mutate)
