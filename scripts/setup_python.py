"""Python packages in virtual environments of the cache; the system's Python is left as it is.

A bare Debian has neither pip nor what `python -m venv` needs to make one. Then pip's own wheel
comes from Debian's archive, and pip and uv take packages from the index that pip is configured for.
"""

import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from common import CACHE, SCRIPTS, Problem, digest, made_once, say
from private_apt import private_apt, unpack
from processes import folder_size, run

REMEDY = "check the network and pip's configured index, then run the same command again."
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
UV = "uv==0.13.9"  # installs 60 packages in 4 s where pip takes 28


def environment(name, requirements, text, megabytes):
    """The folder of a virtual environment with the packages of scripts/requirements-<...>.txt."""
    files = [SCRIPTS / file for file in requirements]
    # the base, so that the key is the same inside an environment as outside
    key = digest(sys.base_prefix, sys.version, *(file.read_text() for file in files))
    return made_once(
        CACHE / f"{name}-{platform.python_version()}-{key}",
        lambda folder: fill(folder, files, megabytes),
        text,
        megabytes,
    )


def odoo_environment():
    return environment(
        "python", ["requirements-odoo.txt"], "Installing Odoo's Python requirements (70 packages)", 270
    )


def fill(folder, files, megabytes):
    make_empty(folder)
    pip = pip_command(folder)
    arguments = [part for file in files for part in ("-r", file)]
    progress = folder_size(folder, megabytes)
    uv = uv_command(folder, pip)
    if uv:
        settings = {**uv_settings(pip), "VIRTUAL_ENV": str(folder)}
        options = ["pip", "install", "--quiet", "--index-strategy", "unsafe-best-match", *arguments]
        try:
            run([*uv, *options], REMEDY, progress, env={**os.environ, **settings})
            return
        except Problem as problem:
            say(f"   {problem}\n   Trying pip, which takes longer.")
    run([*pip, "install", "--disable-pip-version-check", *arguments], REMEDY, progress)


def make_empty(folder):
    if not importlib.util.find_spec("venv"):
        raise Problem(
            f"{sys.executable} has no venv module; install it (apt-get install python3-venv) or name another "
            "Python 3.10 or newer: make PYTHON=/path/to/python3 ..."
        )
    base = getattr(sys, "_base_executable", sys.executable)
    run([base, "-m", "venv", "--without-pip", folder], "try another Python: make PYTHON=...")


def pip_command(folder):
    """A pip that installs into this environment."""
    python = folder / "bin" / "python"
    pip = [python, "-m", "pip"]
    has_own = importlib.util.find_spec("ensurepip")
    if not has_own or subprocess.run([python, "-m", "ensurepip"], capture_output=True).returncode:
        pip = ["env", f"PYTHONPATH={pip_wheel()}", *pip]
    trust_what_the_machine_trusts(pip)
    return pip


def pip_wheel():
    def fill_wheels(into):
        with private_apt() as apt:
            for package_file in apt.download(["python3-pip-whl"], into / "downloads", 2):
                unpack(package_file, into)

    folder = made_once(CACHE / "pip-wheel", fill_wheels, "Downloading pip (this Python has none)")
    wheels = sorted(folder.glob("usr/share/python-wheels/pip-*.whl"))
    if not wheels:
        raise Problem(
            "Debian's python3-pip-whl holds no wheel of pip; apt-get install python3-pip python3-venv."
        )
    return wheels[-1]


def uv_command(folder, pip):
    done = subprocess.run(
        [*map(str, pip), "install", "--quiet", "--disable-pip-version-check", UV],
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return [folder / "bin" / "uv"] if done.returncode == 0 else None


def pip_configuration(pip):
    """pip's settings, from its files and from the environment, each as a list of words."""
    listing = subprocess.run([*map(str, pip), "config", "list"], capture_output=True, text=True).stdout
    found = {}
    for line in listing.splitlines():
        match = re.match(r"(?:global|install|:env:|user|site)\.+([\w-]+)=(.*)", line)
        if match:
            found[match[1]] = match[2].strip("'\"").replace("\\n", " ").split()
    return found


def uv_settings(pip):
    """pip's configured index, find-links and certificates, said in uv's words."""
    found = pip_configuration(pip)
    settings = {"UV_CACHE_DIR": str(CACHE / "uv")}
    for option, variable, separator in (
        ("index-url", "UV_DEFAULT_INDEX", " "),
        ("extra-index-url", "UV_INDEX", " "),
        ("find-links", "UV_FIND_LINKS", ","),
        ("cert", "SSL_CERT_FILE", " "),
    ):
        if found.get(option) and variable not in os.environ:
            settings[variable] = separator.join(found[option])
    return settings


def trust_what_the_machine_trusts(pip):
    """pip and uv bring certificates of their own; a company's is among the machine's."""
    if not SYSTEM_CERTIFICATES.exists():
        return
    os.environ.setdefault("SSL_CERT_FILE", str(SYSTEM_CERTIFICATES))
    if "cert" not in pip_configuration(pip):
        os.environ["PIP_CERT"] = str(SYSTEM_CERTIFICATES)
