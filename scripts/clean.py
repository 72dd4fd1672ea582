"""`make clean`: this checkout's databases, logs and pictures go, and those of checkouts that are no more.

ALL=1 takes the whole cache, with what was downloaded.
"""

import fcntl
import os
from pathlib import Path

from common import CACHE, CHECKOUT, Problem, checkout_state, main, remove_tree, say


def is_busy(state):
    for path in state.glob("*.lock"):
        with open(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False


def main_clean():
    everything = bool(os.environ.get("ALL"))
    states = [state for state in (CACHE / "checkouts").glob("*") if state.is_dir()]
    for state in states:
        path = state / "path.txt"
        ours = state == checkout_state()
        orphan = path.exists() and not Path(path.read_text().strip()).exists()
        if not (ours or orphan or everything):
            continue
        if is_busy(state):
            raise Problem(f"{state.name} is in use (make run, make test); end that first.")
        remove_tree(state)
        say(f"removed {state}")
    remove_tree(CHECKOUT / "build")
    if everything:
        remove_tree(CACHE)
        say(f"removed {CACHE}")


if __name__ == "__main__":
    main(main_clean)
