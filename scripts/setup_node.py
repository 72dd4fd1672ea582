"""Packages that only npm has, with the machine's own Node.js, else with a wheel that holds both."""

import os
import shutil

from common import CACHE, CHECKOUT, digest, made_once
from processes import run
from setup_python import SYSTEM_CERTIFICATES, environment

REMEDY = "check the network and npm's configured registry (npm config get registry), then run the same command again."


def npm_environment():
    """Variables with which `npm` and `node` are found; nothing is brought where they are there."""
    settings = {"npm_config_cache": str(CACHE / "npm"), "npm_config_update_notifier": "false"}
    if SYSTEM_CERTIFICATES.exists():
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    path = os.environ["PATH"]
    if not (shutil.which("npm") and shutil.which("node")):
        folder = environment("node", "Downloading Node.js (60 MB; this machine has none)", 300)
        path = f"{folder / 'bin'}{os.pathsep}{path}"
    return {**os.environ, **settings, "PATH": path}


def npm(arguments, cwd):
    run(["env", "npm", *arguments, "--loglevel=error"], REMEDY, env=npm_environment(), cwd=cwd)


def unpack_package(name, version, into):
    """Fetch one npm package as it is, without running what it would run on installing, and unpack it."""
    npm(["pack", f"{name}@{version}"], into)
    (archive,) = into.glob("*.tgz")
    run(["tar", "-xzf", archive, "--no-same-owner", "-C", into], REMEDY)
    archive.unlink()
    return into / "package"


def formatter():
    """The folder with node_modules as the checkout's package.json and its lock say."""
    files = [CHECKOUT / "package.json", CHECKOUT / "package-lock.json"]

    def fill(folder):
        for file in files:
            shutil.copy(file, folder)
        npm(["ci", "--no-audit", "--no-fund"], folder)

    key = digest(*(file.read_text() for file in files))
    return made_once(CACHE / f"prettier-{key}", fill, "Installing the formatter of XML and JavaScript", 100)
