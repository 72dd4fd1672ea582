"""`make bench`: benchmarks/run.py, or SCRIPT=, on a database of its own, with the module and without demo data.

It runs in the Python that has Odoo, with PGHOST, PGPORT and PGUSER set, and finds in BENCH_DATABASE the
database's name and in BENCH_ODOO_OPTIONS (JSON) the options with which Odoo opens it. The database stays
for the next time; FRESH=1 begins with a new one.

OLD=<commit> times the screens of two checkouts instead, that one and this, call by call in turn (benchmarks/turns.py):
medians, and of each pair of calls how long the second takes to the first. SIZES=10000, ROUNDS=60, ONLY=care_client,...
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from common import CACHE, CHECKOUT, Problem, main, read_json, say
from database import workspace
from module_database import bring_up_to_date
from prepare import prepare
from processes import die_with_make, end_group, run, start


def old_checkout(name):
    """A clone of this repository at that commit: it has scripts, benchmarks and a database of its own."""
    commit = run(
        ["git", "-C", CHECKOUT, "rev-parse", "--verify", f"{name}^{{commit}}"], "name a commit."
    ).strip()
    folder = CACHE / "old" / commit[:12]
    if not (folder / "Makefile").exists():
        run(["git", "clone", "--quiet", "--shared", "--no-checkout", CHECKOUT, folder], f"remove {folder}.")
        run(["git", "-C", folder, "checkout", "--quiet", "--detach", commit], f"remove {folder}.")
    script = Path("benchmarks", "turns.py")
    (folder / script).write_text((CHECKOUT / script).read_text())
    return folder


def compare(old):
    die_with_make()
    with tempfile.TemporaryDirectory() as turns:
        env = {**os.environ, "SCRIPT": "turns", "TURNS": turns, "OLD": ""}
        processes = []
        try:
            for me, folder in (("old", old_checkout(old)), ("new", CHECKOUT)):
                os.mkfifo(Path(turns, me))
                command = [sys.executable, folder / "scripts" / "bench.py"]
                processes.append(start(command, env={**env, "ME": me}))
            while any(process.poll() is None for process in processes):
                if any(process.poll() for process in processes):
                    raise Problem("one of the two has failed; its words are above.")
                time.sleep(0.5)
        finally:
            for process in processes:
                end_group(process)
        before, now = (read_json(Path(turns, f"{me}.found.json"), {}) for me in ("old", "new"))
    say(f"{'milliseconds, queries':44}      old     new    new : old (of the processor's time)")
    for name in before:
        (was, _, queries), (is_, _, fewer) = (
            map(statistics.median, zip(*t[name], strict=True)) for t in (before, now)
        )
        ratio, own = (
            statistics.median(b[at] / a[at] for a, b in zip(before[name], now[name], strict=True))
            for at in (0, 1)
        )
        say(f"{name:44}{was:9.1f}{is_:8.1f}   {ratio:.3f} ({own:.3f})   {queries:.0f} -> {fewer:.0f} queries")


def main_bench():
    if os.environ.get("OLD"):
        return compare(os.environ["OLD"])
    die_with_make()
    script = CHECKOUT / "benchmarks" / f"{os.environ.get('SCRIPT') or 'run'}.py"
    if not script.exists():
        raise Problem(f"there is no benchmarks/{script.name} in this checkout.")
    prepared = prepare(pdf=True)
    busy = "make bench is already running in this checkout; wait for it to end."
    with workspace(prepared, "bench", busy=busy) as place:
        bring_up_to_date(place, "install", demo=False)
        options = [*prepared.common_arguments(place.data_dir), f"--database={place.database}", "--no-http"]
        say(f"-> Running {script.relative_to(CHECKOUT)} ...")
        env = place.environment(BENCH_DATABASE=place.database, BENCH_ODOO_OPTIONS=json.dumps(options))
        process = start([sys.executable, script], env=env, cwd=CHECKOUT)
        try:
            return process.wait()
        finally:
            end_group(process)


if __name__ == "__main__":
    main(main_bench)
