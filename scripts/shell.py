"""`make shell`: Odoo's shell on the database of `make run`, whether that is running or not.

`make sql` (--sql) is the same for the database itself: psql where there is one, else each line that is
typed, or SQL='select ...', is a statement.
"""

import contextlib
import os
import shutil
import subprocess
import sys

from common import Problem, main, read_json, say
from database import Busy, query, workspace
from module_database import bring_up_to_date
from prepare import prepare


@contextlib.contextmanager
def connection(prepared):
    """How to reach the database: that of a running `make run`, else it is started for this."""
    try:
        with workspace(prepared, "run") as place:
            bring_up_to_date(place, "install_demo", demo=True)
            yield place.connection()
    except Busy:
        running = read_json(prepared.state / "server.json")
        if not running:
            raise Problem("make run is just starting in this checkout; try again in a moment.") from None
        yield running


def odoo_shell(prepared, to):
    command = [sys.executable, "-m", "odoo", "shell", *prepared.common_arguments(to["data_dir"])]
    options = [f"--database={to['database']}", "--no-http", "--log-level=warn"]
    return subprocess.call([*command, *options], env=prepared.environment(**to["server"]))


def sql(prepared, to):
    statement = os.environ.get("SQL")
    if not statement and shutil.which("psql"):
        return subprocess.call(["psql", to["database"]], env=prepared.environment(**to["server"]))
    if not statement:
        say("One statement a line; end with Ctrl-D.")
    for line in [statement] if statement else sys.stdin:
        try:
            rows = query({**os.environ, **to["server"]}, to["database"], line)
        except Exception as error:  # whatever is wrong with it, the next line may be right
            if statement:
                raise Problem(str(error).strip()) from error
            say(str(error).strip())
            continue
        for row in rows:
            say(" | ".join("" if value is None else str(value) for value in row))
        say(f"({len(rows)} rows)")
    return 0


def main_shell():
    prepared = prepare()
    with connection(prepared) as to:
        return sql(prepared, to) if "--sql" in sys.argv else odoo_shell(prepared, to)


if __name__ == "__main__":
    main(main_shell)
