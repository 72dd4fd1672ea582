"""Call by call in turn with another checkout, which does the same: what `make bench OLD=` runs in both of them.

Two runs on one machine differ by 40 %; two calls that follow one another do not. Whose turn it is, is a byte in the
pipe of that name in the folder TURNS. Only the screens that both have are timed, ROUNDS= times each (60).
"""

import json
import os
import time
from pathlib import Path

import run

FOLDER, ME = Path(os.environ.get("TURNS", ".")), os.environ.get("ME", "new")
OTHER = {"old": "new", "new": "old"}[ME]


def screens(bench, modules):
    for role, user_id in bench.users.items():
        for module in modules:
            if role in getattr(module, "ROLES", run.CARE_ROLES) and hasattr(module, "screens"):
                for screen in module.screens(bench):
                    yield f"{role}: {screen.name}", (screen.call, user_id)


def one_call(bench, call, user_id):
    """Milliseconds, those of this process's own, and queries."""
    with bench.cursor() as cursor:
        env = bench.env(cursor, user_id)
        env.user.has_group("base.group_user")  # what any request has done before
        queries, clock, own = cursor.sql_log_count, time.perf_counter(), time.process_time()
        call(env)
        clock, own = time.perf_counter() - clock, time.process_time() - own
        return clock * 1000, own * 1000, cursor.sql_log_count - queries


def take_turns(bench, modules):
    mine, theirs = (os.open(FOLDER / name, os.O_RDWR) for name in (ME, OTHER))
    todo = dict(screens(bench, modules))
    (FOLDER / f"{ME}.json").write_text(json.dumps(list(todo)))
    os.write(theirs, b".")
    os.read(mine, 1)
    shared = sorted(todo.keys() & set(json.loads((FOLDER / f"{OTHER}.json").read_text())))
    found = {}
    if ME == "old":
        os.write(mine, b".")
    for turn in range(-3, int(os.environ.get("ROUNDS") or 60)):
        for name in shared:
            os.read(mine, 1)
            found.setdefault(name, []).append(one_call(bench, *todo[name]))
            os.write(theirs, b".")
        if turn < 0:  # to warm up
            found = {}
    (FOLDER / f"{ME}.found.json").write_text(json.dumps(found))


def main():
    options = json.loads(os.environ["BENCH_ODOO_OPTIONS"])
    run.config.parse_config([*options, "--log-level=warn"], setup_logging=True)
    run.server.load_server_wide_modules()
    database = run.scratch(os.environ["BENCH_DATABASE"])
    try:
        bench, modules = run.Bench(database, 1), run.load_modules()
        run.grow(bench, modules, int(os.environ.get("SIZES") or 10000))
        take_turns(bench, modules)
    finally:
        run.close_db(database)
        run.admin("DROP DATABASE IF EXISTS {0} WITH (FORCE)", database)


if __name__ == "__main__":
    main()
