"""Debian packages without installing them: fetched with the machine's apt, unpacked into a folder.

Works for an ordinary user, and changes nothing of the system's own apt. The mirror is the one
that the machine itself is configured to use.
"""

import contextlib
import os
import shutil
import subprocess

from common import CACHE, IS_ROOT, Problem, lock, remove_tree
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
        try:
            yield PrivateApt(folder, suite)
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
        for part in ("lists/partial", "cache/archives/partial", "state"):
            (folder / part).mkdir(parents=True)
        self.options = [
            f"Dir::State={folder}/state",
            f"Dir::State::lists={folder}/lists",
            "Dir::State::status=/var/lib/dpkg/status",
            f"Dir::Cache={folder}/cache",
            "Acquire::Check-Valid-Until=false",
            "Acquire::Retries=2",
            "Acquire::Languages=none",
            "Debug::NoLocking=true",
        ]
        if IS_ROOT:
            self.options.append("APT::Sandbox::User=root")
        if suite:
            # apt-get returns 0 when no index could be fetched, unless told otherwise; among the
            # machine's own sources one that fails need not be the one that is needed
            self.options.append("APT::Update::Error-Mode=any")
            self._use_suite(folder / "sources.list", suite)
        self._apt_get("update")

    def _use_suite(self, sources, suite):
        keyring = next((path for path in KEYRINGS if os.path.exists(path)), None)
        if not keyring:
            raise Problem("Debian's archive keyring is missing; apt-get install debian-archive-keyring.")
        sources.write_text(f"deb [signed-by={keyring}] {machine_mirror()} {suite} main\n")
        self.options += [f"Dir::Etc::sourcelist={sources}", "Dir::Etc::sourceparts=-"]

    def _apt_get(self, *arguments, **kwargs):
        options = [part for option in self.options for part in ("-o", option)]
        return run(["apt-get", *options, *arguments], NETWORK_REMEDY, **kwargs)

    def missing_dependencies(self, packages):
        """These packages and all they need that this machine has not installed."""
        text = self._apt_get("--yes", "--no-install-recommends", "--simulate", "install", *packages)
        return [line.split()[1] for line in text.splitlines() if line.startswith("Inst ")]

    def unpack(self, packages, into, megabytes, leave_out=()):
        """Fetch these packages, without what they depend on, and unpack them; `leave_out` are tar patterns.

        Returns the names of the packages' files, which tell their versions.
        """
        downloads = into / "downloads"
        downloads.mkdir(parents=True)
        self._apt_get("download", *packages, cwd=downloads, progress=folder_size(downloads, megabytes))
        files = sorted(downloads.glob("*.deb"))
        for file in files:
            # no-same-owner: as root, tar would otherwise give files to whatever user ids the package names
            tar = ["tar", "-x", "--no-same-owner", "-C", into, *(f"--exclude={name}" for name in leave_out)]
            with subprocess.Popen(["dpkg", "--fsys-tarfile", file], stdout=subprocess.PIPE) as source:
                run(tar, "run the same command again.", stdin=source.stdout)
            if source.returncode:
                raise Problem(f"{file.name} is damaged; run the same command again.")
        remove_tree(downloads)
        return [file.name for file in files]


def machine_mirror():
    """The archive that this machine takes Debian from; not the security one, nor somebody else's."""
    listing = run(
        ["apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)"],
        "look at /etc/apt/sources.list*.",
    )
    addresses = [line.strip() for line in listing.splitlines() if "://" in line or line.startswith("file:")]
    if not addresses:
        raise Problem("apt knows no Debian mirror; name one in /etc/apt/sources.list and run again.")
    own = [address for address in addresses if address.rstrip("/").endswith("/debian")]
    likely = [address for address in addresses if "debian" in address and "security" not in address]
    return (own or likely or addresses)[0]
