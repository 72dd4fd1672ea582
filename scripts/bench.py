"""`make bench`: benchmarks/run.py, or SCRIPT=, on a database of its own, with the module and without demo data.

It runs in the Python that has Odoo, with PGHOST, PGPORT and PGUSER set, and finds in BENCH_DATABASE the
database's name and in BENCH_ODOO_OPTIONS (JSON) the options with which Odoo opens it. The database stays
for the next time; FRESH=1 begins with a new one.
"""

import json
import os
import sys

from common import CHECKOUT, Problem, main, say
from database import workspace
from module_database import bring_up_to_date
from prepare import prepare
from processes import die_with_make, end_group, start


def main_bench():
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
        process = start(
            [sys.executable, script],
            env=place.environment(BENCH_DATABASE=place.database, BENCH_ODOO_OPTIONS=json.dumps(options)),
            cwd=CHECKOUT,
        )
        try:
            return process.wait()
        finally:
            end_group(process)


if __name__ == "__main__":
    main(main_bench)
