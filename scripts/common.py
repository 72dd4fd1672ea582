"""What every script here stands on: where things lie, what is said to the developer, locks and processes.

Only the standard library: these scripts run before anything is installed.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import sys
import time
from pathlib import Path

MODULE = "social_care"
SCRIPTS = Path(__file__).resolve().parent
CHECKOUT = Path(os.environ.get("SOCIAL_CARE_CHECKOUT") or SCRIPTS.parent)  # other in tests of these scripts
IS_ROOT = os.geteuid() == 0
MEGABYTE = 1024 * 1024


class Problem(Exception):
    """Something the developer can mend: one sentence, with the remedy in it."""


def cache_root():
    """The folder for everything brought or made, outside every checkout and shared by all of them.

    PostgreSQL refuses to run as root, and the user it then runs as cannot look into /root.
    """
    if os.environ.get("SOCIAL_CARE_CACHE"):
        return Path(os.environ["SOCIAL_CARE_CACHE"]).expanduser().resolve()
    if IS_ROOT:
        return Path("/var/cache/social_care")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base) / "social_care"


CACHE = cache_root()


def checkout_state(checkout=CHECKOUT):
    """This checkout's own databases, logs and pictures, so that several checkouts work side by side."""
    key = hashlib.sha256(str(checkout).encode()).hexdigest()[:10]
    name = re.sub(r"[^\w-]", "_", checkout.name)[:30]
    return CACHE / "checkouts" / f"{name}-{key}"


# --- what is said ---------------------------------------------------------------------------------


def say(text=""):
    print(text, flush=True)


@contextlib.contextmanager
def step(text):
    """Tell a long step's beginning, and how long it took when it is done."""
    began = time.monotonic()
    say(f"-> {text} ...")
    yield
    say(f"   done in {time.monotonic() - began:.0f} s: {text}")


def main(function):
    """Run a script's main function; a Problem is one sentence on the error stream, not a traceback."""
    try:
        check_machine()
        sys.exit(function() or 0)
    except (Problem, OSError) as error:
        sentence = error if isinstance(error, Problem) else os_error_sentence(error)
        if not sentence:
            raise
        sys.stdout.flush()
        print(f"\nError: {sentence}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)


def os_error_sentence(error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full_sentence()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return (
            f"{error.filename} may not be written; give yourself that folder, "
            "or name another with SOCIAL_CARE_CACHE=/folder."
        )
    return None


def disk_full_sentence():
    return (
        f"the disk that holds {CACHE} is full; free 2 GB there, or name a folder on another disk "
        "with SOCIAL_CARE_CACHE=/folder, and run the same command again."
    )


def check_machine():
    if sys.version_info < (3, 10):  # noqa: UP036  this is who finds out
        raise Problem(
            f"Python 3.10 or newer is needed and this is {sys.version.split()[0]}; "
            "install a newer one and name it: make PYTHON=python3.12 ..."
        )
    if not sys.platform.startswith("linux"):
        raise Problem("these scripts know Linux only; on another system use compose.yaml (see README.md).")


def check_disk(needed_megabytes):
    """Refuse at once what would fail half-way."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(CACHE).free < needed_megabytes * MEGABYTE:
        raise Problem(disk_full_sentence())


# --- files ----------------------------------------------------------------------------------------


def held(path):
    """The open file whose lock is now ours until it is closed, or None: somebody else holds it.

    A lock goes with its processes, however they end.
    """
    file = open(path, "w")  # noqa: SIM115  it outlives this function
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


@contextlib.contextmanager
def lock(name, waiting="another run is setting this up; waiting for it"):
    """Only one process at a time."""
    folder = CACHE / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.lock"
    file = held(path)
    if not file:
        say(f"   {waiting} ({name})")
        file = open(path, "w")  # noqa: SIM115
        fcntl.flock(file, fcntl.LOCK_EX)
    with file:
        yield


def made_once(folder, make, text, megabytes=0):
    """The folder that `make(folder)` fills, made again if an earlier run did not finish it.

    The marker is written last; whatever lies there without it is half-made.
    """
    marker = folder / ".complete"
    if marker.exists():
        return folder
    with lock(folder.name):
        if marker.exists():
            return folder
        check_disk(megabytes)
        if folder.exists():
            say(f"   {folder.name} is left half-made by an earlier run; making it again")
            remove_tree(folder)
        folder.mkdir(parents=True)
        with step(text):
            make(folder)
        marker.write_text("complete\n")
    return folder


def remove_tree(folder):
    """Delete a folder, also one with folders that may not be written (npm packs hold some)."""

    def allow_and_retry(function, path, _error):
        os.chmod(os.path.dirname(path), 0o700)
        os.chmod(path, 0o700)
        function(path)

    if Path(folder).is_symlink():
        os.unlink(folder)
    elif os.path.lexists(folder):
        shutil.rmtree(folder, onerror=allow_and_retry)


def read_json(path, default=None):
    try:
        return json.loads(Path(path).read_text())
    except (FileNotFoundError, ValueError):
        return default


def write_json(path, data):
    """Whole or not at all: a reader never sees half a file."""
    fresh = Path(f"{path}.new")
    fresh.write_text(json.dumps(data, indent=1, sort_keys=True))
    fresh.replace(path)


def digest(*parts):
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:12]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
