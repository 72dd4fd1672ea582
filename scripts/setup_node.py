"""Node.js with npm, for packages that only npm has: the machine's own, else a wheel that holds both."""

import json
import os
import shutil

from common import CACHE, digest, made_once, remove_tree
from processes import run
from setup_python import SYSTEM_CERTIFICATES, environment

REMEDY = "check the network and npm's configured registry (npm config get registry), then run the same command again."


def npm_environment():
    """Variables with which `npm` and `node` are found; nothing is brought where they are there."""
    if SYSTEM_CERTIFICATES.exists():
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    if shutil.which("npm") and shutil.which("node"):
        return dict(os.environ)
    folder = environment(
        "node", ["requirements-node.txt"], "Downloading Node.js (60 MB; this machine has none)", 300
    )
    return {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def npm(arguments, **kwargs):
    env = {**npm_environment(), "npm_config_cache": str(CACHE / "npm"), "npm_config_update_notifier": "false"}
    return run(["env", "npm", *arguments], REMEDY, env=env, **kwargs)


def unpack_package(name, version, into):
    """Fetch one npm package as it is, without running what it would run on installing, and unpack it."""
    downloads = into / "downloads"
    downloads.mkdir()
    npm(["pack", f"{name}@{version}", "--loglevel=error"], cwd=downloads)
    for archive in downloads.glob("*.tgz"):
        run(["tar", "-xzf", archive, "--no-same-owner", "-C", into], REMEDY)
    remove_tree(downloads)
    return into / "package"


def install_packages(name, source, text):
    """A folder with node_modules as the package.json and its lock in `source` say."""
    manifest = source / "package.json"
    key = digest(json.dumps(json.loads(manifest.read_text())["devDependencies"], sort_keys=True))

    def fill(folder):
        for file in ("package.json", "package-lock.json"):
            if (source / file).exists():
                shutil.copy(source / file, folder)
        verb = "ci" if (folder / "package-lock.json").exists() else "install"
        npm([verb, "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder)

    return made_once(CACHE / f"{name}-{key}", fill, text, 100)
