"""Odoo 19: the developer's own if there is one, else Debian's package, unpacked into the cache.

Only Debian's development suite holds Odoo. What is there already is used without asking the network.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from common import CACHE, Problem, made_once
from private_apt import private_apt

SUITE = "sid"
PACKAGE = "odoo-19"
SERIES = "19.0"
# The package leaves these out and links to them; without jquery no asset bundle compiles.
WEB_LIBRARIES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-dejavu-core",  # a bare machine has no font at all, for the browser and for PDF
)
FOLDER = CACHE / f"odoo-{SERIES}"
SITE = FOLDER / "usr/lib/python3/dist-packages"
# Named in a manifest but stripped from the package: a console error on every page otherwise.
MISSING_SCRIPTS = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
# Two thirds of the package are translations; Swedish (sv.po) stays.
OTHER_LANGUAGES = ("*/i18n/[!s]*.po", "*/i18n/s[!v]*.po", "*/i18n/*.pot")


class Odoo:
    """Where Odoo is: its package, the folder for PYTHONPATH, its addons folders and its version."""

    def __init__(self, package, python_path, version=""):
        self.python_path = python_path  # None: this Python has Odoo, with its requirements
        # in a git checkout they lie in two places; those beside Debian's are a second, incomplete copy
        places = (
            package / "addons",
            *(() if package.is_relative_to(FOLDER) else (package.parent / "addons",)),
        )
        self.addons = [path for path in places if path.is_dir()]
        numbers = re.search(r"version_info = \((\d+), (\d+)", (package / "release.py").read_text())
        series = ".".join(numbers.groups()) if numbers else "unknown"
        if series != SERIES:
            raise Problem(f"{package} is Odoo {series}; this module needs {SERIES}.")
        self.version = f"{series} {version}"


def find_odoo():
    home = os.environ.get("ODOO_HOME")
    if home:
        return from_checkout(Path(home).expanduser().resolve())
    found = importlib.util.find_spec("odoo")
    for package in map(Path, found.submodule_search_locations or [] if found else []):
        if (package / "release.py").exists():
            return Odoo(package, None)
    made_once(FOLDER, fill, f"Bringing Odoo {SERIES} from Debian's mirror (135 MB; 425 MB unpacked)", 800)
    return Odoo(SITE / "odoo", SITE, (FOLDER / "version").read_text())


def from_checkout(home):
    """A git checkout of branch 19.0; its version is the commit, so that a newer one makes a new seed."""
    if not (home / "odoo" / "release.py").exists():
        raise Problem(
            f"ODOO_HOME={home} holds no odoo/release.py; name the top folder of an Odoo 19 checkout."
        )
    command = ["git", "-C", home, "rev-parse", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True) if shutil.which("git") else None
    return Odoo(home / "odoo", home, done.stdout.strip() if done else "")


def fill(folder):
    try:
        with private_apt(SUITE) as apt:
            files = apt.unpack((PACKAGE, *WEB_LIBRARIES), folder, 135, OTHER_LANGUAGES)
    except Problem as problem:
        raise Problem(
            f"{problem} If Debian {SUITE} no longer has {PACKAGE}, get Odoo {SERIES} from its maker's git "
            "repository and name it: make ... ODOO_HOME=/path/to/odoo (see README.md)."
        ) from problem
    (folder / "version").write_text("".join(name for name in files if name.startswith(PACKAGE)))
    for script in MISSING_SCRIPTS:
        path = SITE / "odoo" / "addons" / script
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text("// left out of Debian's package\n")
    # links to packages that are not brought; nothing uses them
    for path in SITE.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()
