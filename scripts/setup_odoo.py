"""Odoo 19: the developer's own if there is one, else Debian's package, unpacked into the cache.

Only Debian's development suite holds Odoo, so its index is asked for the version each time a new
one is to be unpacked; what is there already is used without asking the network.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from common import CACHE, Problem, lock, made_once, read_json, remove_tree, step, write_json
from private_apt import private_apt, unpack

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
SITE = "usr/lib/python3/dist-packages"
# Named in a manifest but stripped from the package: a console error on every page otherwise.
MISSING_SCRIPTS = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
# Two thirds of the package are translations; Swedish (sv.po) stays.
OTHER_LANGUAGES = ("*/i18n/[!s]*.po", "*/i18n/s[!v]*.po", "*/i18n/*.pot")


class Odoo:
    """Where Odoo is: the folder for PYTHONPATH, its addons folders and its version."""

    def __init__(self, python_path, addons, version, private=False):
        self.python_path, self.addons, self.version = python_path, addons, version
        self.private = private  # brought by these scripts, so its Python requirements are brought too


def find_odoo():
    home = os.environ.get("ODOO_HOME")
    if home:
        return from_checkout(Path(home).expanduser().resolve())
    installed = importable_odoo()
    return installed or from_debian()


def from_checkout(home):
    """A git checkout of branch 19.0: addons in two places."""
    if not (home / "odoo" / "release.py").exists():
        raise Problem(
            f"ODOO_HOME={home} holds no odoo/release.py; name the top folder of an Odoo 19 checkout."
        )
    addons = [path for path in (home / "addons", home / "odoo" / "addons") if path.is_dir()]
    # with the commit, so that a newer checkout makes a new seed
    command = ["git", "-C", str(home), "rev-parse", "HEAD"]
    commit = (
        subprocess.run(command, capture_output=True, text=True).stdout.strip() if shutil.which("git") else ""
    )
    return Odoo(home, addons, f"{checked_version(home / 'odoo')} {commit}", private=True)


def importable_odoo():
    """Odoo in the Python that runs this script, with its requirements."""
    found = importlib.util.find_spec("odoo")
    places = list(found.submodule_search_locations or []) if found else []
    for place in map(Path, places):
        if (place / "release.py").exists():
            addons = [path for path in (place / "addons", place.parent / "addons") if path.is_dir()]
            return Odoo(None, addons, checked_version(place))
    return None


def checked_version(package_folder):
    text = (package_folder / "release.py").read_text()
    numbers = re.search(r"version_info = \((\d+), (\d+)", text)
    series = ".".join(numbers.groups()) if numbers else "unknown"
    if series != SERIES:
        raise Problem(f"{package_folder} is Odoo {series}; this module needs {SERIES}.")
    return series


def from_debian():
    with lock("odoo"):
        current = read_json(CACHE / "odoo.json")
        if not current or not (CACHE / current["folder"] / ".complete").exists():
            current = bring_from_debian()
    site = CACHE / current["folder"] / SITE
    return Odoo(site, [site / "odoo" / "addons"], current["version"], private=True)


def bring_from_debian():
    with step(f"Bringing Odoo {SERIES} from Debian's mirror (suite {SUITE})"), private_apt(SUITE) as apt:
        version = apt.version(PACKAGE)
        if not version:
            raise Problem(
                f"Debian {SUITE} no longer has {PACKAGE}; get Odoo {SERIES} from its maker's git repository "
                "and name it: make ... ODOO_HOME=/path/to/odoo (see README.md)."
            )
        folder = "odoo-" + re.sub(r"[^\w.+-]", "_", version)
        made_once(
            CACHE / folder,
            lambda into: fill(apt, into),
            f"Downloading and unpacking Odoo {version} (135 MB; 425 MB unpacked)",
            megabytes=800,
        )
    current = {"folder": folder, "version": version}
    write_json(CACHE / "odoo.json", current)
    return current


def fill(apt, into):
    downloads = into / "downloads"
    for package_file in apt.download((PACKAGE, *WEB_LIBRARIES), downloads, 135):
        unpack(package_file, into, leave_out=OTHER_LANGUAGES)
    remove_tree(downloads)
    addons = into / SITE / "odoo" / "addons"
    for script in MISSING_SCRIPTS:
        path = addons / script
        if path.parent.parent.is_dir() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_text("// left out of Debian's package\n")
    remove_dangling_links(into / SITE)


def remove_dangling_links(folder):
    """Links to packages that are not brought; nothing uses them."""
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(place, name)
            if path.is_symlink() and not path.exists():
                path.unlink()
