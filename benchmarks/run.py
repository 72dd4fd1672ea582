"""Fill a scratch database with generated records and time the screens at each size: `make bench`.

    make bench SIZES=10000,100000,1000000 REPEAT=15 ONLY=care_client PLANS=10

PLANS=10 prints each query that takes longer than ten milliseconds, with its plan.

For each role and screen: the median time, the number of queries, the bare SQL that yields the same rows,
and Odoo's own list of contacts at the same size. The table goes to benchmarks/results.md.

Each other file in this folder is one noun's part. It has any of

    fill(bench, first, last)   store the records of clients number first to last by SQL, see data.py
    check(bench)               raise where SQL stored anything else than the ORM does
    screens(bench)             yield Screen(name, call, sql): call(env) is what the web client asks as one
                               role's user; sql(env) is (query, parameters) for the same rows, or None
    ROLES                      the roles that look at these screens, unless it is staff and manager
    report(bench)              yield lines of Markdown on anything else that it measured, once, at the end

`bench` is a Bench: cursor(); env(cursor, user_id=superuser); users[role], the id of the role's user; size, the
number of clients; time(call, user_id). Ids of generated records are data.START plus their number; client n stays
in unit (n - 1) // 40 + 1.
"""

import importlib
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

import psycopg2

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.sql_db import close_db
from odoo.tools import config

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.md"
ROLES = {
    "staff": "staff of one unit",
    "manager": "manager of twenty units",
    "oncall": "crew of one on-call team",
}
CARE_ROLES = ("staff", "manager")  # who looks at a part that does not say so itself
ORDER = ["data", "care_client", "care_unit", "res_partner"]  # what others build upon comes first


class Screen(NamedTuple):
    name: str
    call: object
    sql: object = None


class Row(NamedTuple):
    size: int
    role: str
    screen: str
    milliseconds: float
    queries: int
    sql_milliseconds: float


class Bench:
    """The scratch database, the size at hand and the users that stand for the roles."""

    def __init__(self, database, repeat):
        self.database, self.repeat = database, repeat
        self.registry = Registry.new(database)
        self.size = 0
        self.users = {}
        self.loads = []

    def cursor(self):
        return self.registry.cursor()

    def env(self, cursor, user_id=SUPERUSER_ID):
        context = {"lang": "en_US", "tz": "Europe/Stockholm"}
        env = api.Environment(cursor, user_id, context)
        return env(context={**context, "allowed_company_ids": env.user.company_ids.ids})

    def time(self, call, user_id):
        """Median milliseconds and the number of queries, each time in a transaction of its own, as a request is."""
        times, queries = [], 0
        for turn in range(self.repeat + 3):
            with self.cursor() as cursor:
                env = self.env(cursor, user_id)
                env.user.has_group("base.group_user")  # what any request has done before
                before, began = cursor.sql_log_count, time.perf_counter()
                call(env)
                taken = (time.perf_counter() - began) * 1000
                queries = cursor.sql_log_count - before
            if turn >= 3:  # warm
                times.append(taken)
        if os.environ.get("PLANS"):
            self.explain(call, user_id, float(os.environ["PLANS"]))
        return statistics.median(times), queries

    def explain(self, call, user_id, threshold):
        with self.cursor() as cursor:
            run, queries = cursor.execute, []

            def execute(query, params=None, log_exceptions=True):
                began = time.perf_counter()
                result = run(query, params, log_exceptions)
                queries.append(((time.perf_counter() - began) * 1000, cursor.query.decode()))
                return result

            cursor.execute = execute
            call(self.env(cursor, user_id))
            cursor.execute = run
            for taken, query in queries:
                print(f"    {taken:6.1f} ms  {query[:200]!r}", flush=True)
                if taken > threshold and query.startswith("SELECT"):
                    plain = cursor._cnx.cursor()
                    plain.execute(b"EXPLAIN (ANALYZE, BUFFERS) " + query.encode())
                    print(query, *(line for (line,) in plain.fetchall()), sep="\n      ", flush=True)


def rows_of(cursor, query, parameters):
    cursor.execute(query, parameters)
    return cursor.fetchall()


def measure(bench, modules):
    rows = []
    for role in ROLES:
        user_id = bench.users.get(role)
        for module in modules:
            if role not in getattr(module, "ROLES", CARE_ROLES) or not user_id:
                continue
            for screen in getattr(module, "screens", lambda bench: ())(bench):
                milliseconds, queries = bench.time(screen.call, user_id)
                bare = None
                if screen.sql:
                    bare, _queries = bench.time(
                        lambda env, sql=screen.sql: rows_of(env.cr, *sql(env)), user_id
                    )
                rows.append(Row(bench.size, role, screen.name, milliseconds, queries, bare))
                print("  {:8} {:28} {:8.1f} ms {:4} queries  bare SQL {}".format(
                    role, screen.name, milliseconds, queries, f"{bare:.2f} ms" if bare is not None else "-"
                ), flush=True)  # fmt: skip
    return rows


def machine():
    """In general terms: nothing that names a host."""
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) // 1024**2
    return (
        f"{os.cpu_count()} virtual cores, {memory + 1} GB of memory, Linux, Python {sys.version.split()[0]}"
    )


def table(rows, sizes):
    yield (
        "| Role | Screen | "
        + " | ".join(f"{size:,}" for size in sizes)
        + " | queries | bare SQL | ratio | growth |"
    )
    yield "|---|---|" + "---:|" * (len(sizes) + 4)
    for role, text in ROLES.items():
        for name in dict.fromkeys(row.screen for row in rows if row.role == role):
            mine = [row for row in rows if (row.role, row.screen) == (role, name)]
            first, last = mine[0], mine[-1]
            counts = sorted({row.queries for row in mine})
            bare = last.sql_milliseconds
            cells = [
                *(f"{row.milliseconds:.1f}" for row in mine),
                "-".join(map(str, counts)) if len(counts) < 3 else f"{counts[0]}-{counts[-1]}",
                f"{bare:.1f}" if bare is not None else "",
                f"{last.milliseconds / bare:.1f}" if bare else "",
                f"{last.milliseconds / first.milliseconds:.2f}",
            ]
            yield f"| {text} | {name} | " + " | ".join(cells) + " |"


def write_results(bench, rows, sizes, extra):
    version = bench.registry.db_name and odoo.release.version
    with bench.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    RESULTS.write_text(
        "\n".join(
            [
                "# Results of `make bench`",
                "",
                f"On {machine()}, PostgreSQL {postgres} with its default settings, Odoo {version}; one process."
                f" The machine's load at each size was {', '.join(f'{load:.1f}' for load in bench.loads)}: above the"
                f" number of cores the processes wait for each other. Milliseconds are the median of {bench.repeat} calls after three to warm"
                " up, each in a transaction of its own with an empty record cache. *Bare SQL* is one hand-written"
                " query for the same rows at the largest size, *ratio* the screen's time to that, *growth* the time"
                " at the largest size to that at the smallest.",
                "",
                *table(rows, sizes),
                "",
                *extra,
            ]
        ).rstrip()
        + "\n"
    )


def scratch(source):
    """A copy of the database that `make bench` made; filled here, dropped at the end."""
    close_db(source)
    name = f"{source}__scratch"
    admin("DROP DATABASE IF EXISTS {0} WITH (FORCE)", name)
    admin("CREATE DATABASE {0} TEMPLATE {1}", name, source)
    return name


def admin(statement, *names):
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement.format(*(f'"{name}"' for name in names)))
    connection.close()


def load_modules():
    sys.path.insert(0, str(HERE))
    files = {path.stem for path in HERE.glob("*.py")} - {"run"}
    chosen = set(os.environ.get("ONLY", "").replace(",", " ").split())
    names = [name for name in ORDER if name in files] + sorted(files - set(ORDER))
    return [importlib.import_module(name) for name in names if not chosen or name in chosen or name == "data"]


def main():
    config.parse_config(
        [*json.loads(os.environ["BENCH_ODOO_OPTIONS"]), "--log-level=warn"], setup_logging=True
    )
    sizes = sorted(
        int(size) for size in os.environ.get("SIZES", "10000,100000,1000000").replace(",", " ").split()
    )
    server.load_server_wide_modules()
    database = scratch(os.environ["BENCH_DATABASE"])
    bench = Bench(database, max(1, int(os.environ.get("REPEAT", "15"))))
    modules, rows = load_modules(), []
    try:
        for size in sizes:
            grow(bench, modules, size)
            rows += measure(bench, modules)
            bench.loads.append(os.getloadavg()[0])
        extra = [line for module in modules for line in getattr(module, "report", lambda bench: ())(bench)]
        if not os.environ.get("ONLY"):
            write_results(bench, rows, sizes, extra)
        print("\n".join([*table(rows, sizes), "", *extra]))
    finally:
        if not os.environ.get("KEEP"):
            close_db(database)
            admin("DROP DATABASE IF EXISTS {0} WITH (FORCE)", database)


def grow(bench, modules, size):
    began = time.monotonic()
    print(f"-> Filling up to {size:,} clients ...", flush=True)
    for module in modules:
        if hasattr(module, "fill"):
            module.fill(bench, bench.size + 1, size)
    for module in modules:
        if bench.size == 0 and hasattr(module, "check"):
            module.check(bench)
    bench.size = size
    connection = psycopg2.connect(dbname=bench.database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    print(f"   done in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
