"""`make upgrade-test`: the version before is installed with demo data, upgraded to this one, uninstalled
and installed again; an error, a warning or anything left behind is a failure. OLD= names the version
before: a git tag, branch or commit (default: the newest tag, else origin/main, else the commit before).
"""

import os
import subprocess

from common import CHECKOUT, MODULE, Problem, main, say, step
from database import workspace
from lifecycle import snapshot, strictly, uninstall_and_reinstall
from prepare import prepare
from processes import die_with_make, run

SCHEMA = ("table", "view", "column", "constraint", "index", "sequence", "trigger", "function", "field")


def git(*arguments):
    done = subprocess.run(["git", "-C", str(CHECKOUT), *arguments], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def version_before():
    named = os.environ.get("OLD")
    candidates = [named] if named else [git("describe", "--tags", "--abbrev=0"), "origin/main", "HEAD~1"]
    for reference in filter(None, candidates):
        commit = git("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
        if commit and git("cat-file", "-t", f"{commit}:__manifest__.py"):
            return reference, commit
    raise Problem(
        f"git knows no version {named or 'before this one'} with a module in it; name one: make upgrade-test OLD=..."
    )


def unpack(commit, into):
    target = into / MODULE
    target.mkdir(parents=True)
    archive = target.with_suffix(".tar")
    run(["git", "-C", CHECKOUT, "archive", "--output", archive, commit], "look at `git status`.")
    run(["tar", "-xf", archive, "-C", target], "run the same command again.")
    return into


def schema(place):
    """Tables, columns and so on; but not the sequences that carry a record's number in their name."""
    found = {text for text in snapshot(place) if text.split(" ")[0] in SCHEMA}
    return {text for text in found if not text.startswith("sequence ir_sequence_")}


def main_upgrade():
    die_with_make()
    reference, commit = version_before()
    prepared = prepare()
    log = prepared.state / "upgrade-test.log"
    log.unlink(missing_ok=True)
    with workspace(prepared, "upgrade", temporary=True) as place:
        before = snapshot(place)
        with step(f"Installing {reference} ({commit[:10]}) with demo data"):
            # with its own warnings: they can no longer be mended
            old, words = unpack(commit, place.folder / "old"), "the version before does not install."
            place.odoo("install", log, f"--init={MODULE}", "--with-demo", remedy=words, where={"addons": old})
        with step("Upgrading to the working tree"):
            faults = strictly(place, "install", log, [f"--update={MODULE}", "--with-demo"])
        upgraded = schema(place)
        with step("Uninstalling, comparing, and installing again"):
            faults += uninstall_and_reinstall(place, before, log)
        fresh = schema(place)
        faults += [f"a fresh installation has not: {text}" for text in sorted(upgraded - fresh)]
        faults += [f"the upgrade did not make: {text}" for text in sorted(fresh - upgraded)]
    for fault in faults[:100]:
        say(f"failed: {fault}")
    say(
        f"Upgrading from {reference}: "
        + (f"{len(faults)} faults; the log is {log}" if faults else "as it should be.")
    )
    return 1 if faults else 0


if __name__ == "__main__":
    main(main_upgrade)
