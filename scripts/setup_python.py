"""Python packages in virtual environments of the cache; the system's Python is left as it is.

A bare Debian has neither pip nor what `python -m venv` needs to make one. Then pip's own wheel
comes from Debian's archive, and pip takes packages from the index that it is configured for.
"""

import importlib.util
import os
import platform
import subprocess
import sys
from pathlib import Path

from common import CACHE, SCRIPTS, Problem, digest, made_once
from private_apt import private_apt
from processes import folder_size, run

REMEDY = "check the network and pip's configured index, then run the same command again."
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def environment(name, text, megabytes):
    """The folder of a virtual environment with the packages of scripts/requirements-<name>.txt."""
    requirements = SCRIPTS / f"requirements-{name}.txt"

    def fill(folder):
        # not compiled: Odoo's processes keep their own (PYTHONPYCACHEPREFIX)
        install = ["install", "--no-compile", "--disable-pip-version-check", "-r", requirements]
        run([*empty_environment(folder), *install], REMEDY, folder_size(folder, megabytes))

    # the base, so that the key is the same inside an environment as outside
    key = digest(sys.base_prefix, sys.version, requirements.read_text())
    return made_once(CACHE / f"{name}-{platform.python_version()}-{key}", fill, text, megabytes)


def odoo_environment():
    return environment("odoo", "Installing Odoo's Python requirements (70 packages)", 270)


def empty_environment(folder):
    """Make one; returns the pip that installs into it."""
    if not importlib.util.find_spec("venv"):
        raise Problem(
            f"{sys.executable} has no venv module; install it (apt-get install python3-venv) or name another "
            "Python 3.10 or newer: make PYTHON=/path/to/python3 ..."
        )
    base = getattr(sys, "_base_executable", sys.executable)
    run([base, "-m", "venv", "--without-pip", folder], "try another Python: make PYTHON=...")
    python = folder / "bin" / "python"
    pip = [python, "-m", "pip"]
    has_own = importlib.util.find_spec("ensurepip")
    if not has_own or subprocess.run([python, "-m", "ensurepip"], capture_output=True).returncode:
        pip = ["env", f"PYTHONPATH={pip_wheel()}", *pip]
    # pip brings certificates of its own; a company's is among the machine's
    configured = subprocess.run([*map(str, pip), "config", "get", "global.cert"], capture_output=True)
    if SYSTEM_CERTIFICATES.exists() and configured.returncode:
        os.environ.setdefault("PIP_CERT", str(SYSTEM_CERTIFICATES))
    return pip


def pip_wheel():
    def fill(folder):
        with private_apt() as apt:
            apt.unpack(["python3-pip-whl"], folder, 2)

    folder = made_once(CACHE / "pip-wheel", fill, "Downloading pip (this Python has none)")
    wheels = sorted(folder.glob("usr/share/python-wheels/pip-*.whl"))
    if not wheels:
        raise Problem(
            "Debian's python3-pip-whl holds no wheel of pip; apt-get install python3-pip python3-venv."
        )
    return wheels[-1]
