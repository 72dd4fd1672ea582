"""Debian packages without installing them: fetched with the machine's apt, unpacked into a folder.

Works for an ordinary user, and changes nothing of the system's own apt. The mirror is the one
that the machine itself is configured to use.
"""

import contextlib
import os
import platform
import shutil
import subprocess
from pathlib import Path

from common import CACHE, IS_ROOT, Problem, lock, remove_tree, say
from processes import folder_size, run

NETWORK_REMEDY = (
    "check the network and the mirror in /etc/apt/sources.list*, then run the same command again."
)
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)


@contextlib.contextmanager
def private_apt(suite=None):
    """An apt of our own with fresh lists, which go again: they are large, and soon old."""
    with lock(f"apt-{suite or 'machine'}"):
        folder = CACHE / "apt" / (suite or "machine")
        remove_tree(folder)
        apt = PrivateApt(folder, suite)
        apt.update()
        try:
            yield apt
        finally:
            remove_tree(folder)


class PrivateApt:
    """An apt with lists and cache of its own, over one suite (`sid`) or the machine's own sources."""

    def __init__(self, folder, suite):
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise Problem(
                "apt-get and dpkg are not on this machine: it is not a Debian; install Odoo 19 yourself and "
                "name it with ODOO_HOME=/path/to/odoo, or use compose.yaml (see README.md)."
            )
        self.folder, self.suite = folder, suite
        for part in ("lists/partial", "cache/archives/partial", "state"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.options = [
            f"Dir::State={self.folder}/state",
            f"Dir::State::lists={self.folder}/lists",
            "Dir::State::status=/var/lib/dpkg/status",
            f"Dir::Cache={self.folder}/cache",
            "Acquire::Check-Valid-Until=false",
            "Acquire::Retries=2",
            "Acquire::Languages=none",
            "Debug::NoLocking=true",
        ]
        if IS_ROOT:
            self.options.append("APT::Sandbox::User=root")
        if suite:
            self._use_suite(suite)

    def _use_suite(self, suite):
        keyring = next((path for path in KEYRINGS if os.path.exists(path)), None)
        if not keyring:
            raise Problem("Debian's archive keyring is missing; apt-get install debian-archive-keyring.")
        sources = self.folder / "sources.list"
        sources.write_text(f"deb [signed-by={keyring}] {machine_mirror()} {suite} main\n")
        self.options += [f"Dir::Etc::sourcelist={sources}", "Dir::Etc::sourceparts=-"]

    def _command(self, tool, *arguments):
        options = [part for option in self.options for part in ("-o", option)]
        return [tool, *options, *arguments]

    def update(self):
        # apt-get returns 0 when no index could be fetched, unless told otherwise; among the machine's
        # own sources one that fails need not be the one that is needed
        strict = ["-o", "APT::Update::Error-Mode=any"] if self.suite else []
        run(self._command("apt-get", *strict, "update"), NETWORK_REMEDY)

    def version(self, package):
        """The version that the index offers, or None."""
        policy = run(self._command("apt-cache", "policy", package), NETWORK_REMEDY)
        for line in policy.splitlines():
            if line.strip().startswith("Candidate:"):
                found = line.split(":", 1)[1].strip()
                return None if found == "(none)" else found
        return None

    def download(self, packages, into, megabytes):
        """Fetch these packages, without what they depend on, and return the files."""
        into.mkdir(parents=True, exist_ok=True)
        run(
            self._command("apt-get", "download", *packages),
            NETWORK_REMEDY,
            cwd=into,
            progress=folder_size(into, megabytes),
        )
        return sorted(into.glob("*.deb"))

    def missing_dependencies(self, packages):
        """These packages and all they need that this machine has not installed."""
        text = run(
            self._command("apt-get", "--yes", "--no-install-recommends", "--simulate", "install", *packages),
            NETWORK_REMEDY,
        )
        return [line.split()[1] for line in text.splitlines() if line.startswith("Inst ")]


def machine_mirror():
    """The archive that this machine takes Debian from."""
    listing = run(
        ["apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)"],
        "look at /etc/apt/sources.list*.",
    )
    addresses = [line.strip() for line in listing.splitlines() if "://" in line or line.startswith("file:")]
    # a Debian archive, not the security one nor somebody else's
    likely = [a for a in addresses if a.rstrip("/").endswith("/debian")] or [
        a for a in addresses if "debian" in a and "security" not in a
    ]
    if not (likely or addresses):
        raise Problem("apt knows no Debian mirror; name one in /etc/apt/sources.list and run again.")
    return (likely or addresses)[0]


def unpack(package_file, into, leave_out=()):
    """Unpack a .deb into a folder; `leave_out` are tar patterns."""
    into.mkdir(parents=True, exist_ok=True)
    if not leave_out:
        run(["dpkg", "-x", package_file, into], "delete the cache folder and run again.")
        return
    patterns = [f"--exclude={pattern}" for pattern in leave_out]
    # no-same-owner: as root, tar would otherwise give files to whatever user ids the package names
    with subprocess.Popen(["dpkg", "--fsys-tarfile", str(package_file)], stdout=subprocess.PIPE) as source:
        run(
            ["tar", "-x", "--no-same-owner", "-C", into, *patterns],
            "run the same command again.",
            stdin=source.stdout,
        )
    if source.returncode:
        raise Problem(f"{Path(package_file).name} is damaged; run the same command again.")


def architecture():
    machine = platform.machine()
    names = {"x86_64": "x64", "aarch64": "arm64"}
    if machine not in names:
        say(f"   this processor ({machine}) has not been tried")
    return names.get(machine, machine)
