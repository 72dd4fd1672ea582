"""`make clean`: this checkout's databases, logs and pictures go, and those of checkouts that are no more.

ALL=1 takes the whole cache, with what was downloaded.
"""

import os
from pathlib import Path

from common import CACHE, CHECKOUT, Problem, checkout_state, held, main, remove_tree, say


def main_clean():
    everything = bool(os.environ.get("ALL"))
    for state in (CACHE / "checkouts").glob("*"):
        path = state / "path.txt"
        orphan = path.exists() and not Path(path.read_text().strip()).exists()
        if not (state == checkout_state() or orphan or everything):
            continue
        if not all(held(lock) for lock in state.glob("*.lock")):
            raise Problem(f"{state.name} is in use (make run, make test); end that first.")
        remove_tree(state)
        say(f"removed {state}")
    remove_tree(CHECKOUT / "build")
    if everything:
        remove_tree(CACHE)
        say(f"removed {CACHE}")


if __name__ == "__main__":
    main(main_clean)
