"""Headless Chromium for tours and screenshots: the machine's own, else the one that npm has.

Odoo looks for `google-chrome` or `chromium` on PATH, so what is brought is a small script of that name.
"""

import io
import os
import shutil
import subprocess
import tarfile

from common import CACHE, Problem, made_once, remove_tree
from setup_fonts import font_configuration
from setup_node import unpack_package

VERSION = "153.0.0"
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# Without a zygote and a graphics card; the rest keeps it from calling home.
FLAGS = (
    "--no-zygote --disable-gpu-sandbox --use-gl=angle --use-angle=swiftshader "
    "--disable-quic --disable-background-networking --disable-component-update --disable-sync"
)
WRAPPER = """#!/bin/sh
# Chromium with the libraries and fonts that were brought with it.
here=$(dirname "$(readlink -f "$0")")/..
export LD_LIBRARY_PATH="$here/libraries/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export FONTCONFIG_FILE="${{FONTCONFIG_FILE:-{fonts}}}"
export HOME="${{HOME:-/tmp}}"
# it must not outlive the tests that started it, however they end
exec setpriv --pdeathsig TERM "$here/chromium/chromium" {flags} "$@"
"""


def browser():
    """The folder to put on PATH (None: nothing is needed) and the browser's full path."""
    for name in NAMES:
        found = shutil.which(name)
        if found and works(found):
            return None, found
    folder = made_once(
        CACHE / f"chromium-{VERSION}-2", fill, "Downloading Chromium for browser tests (70 MB)", 400
    )
    return folder / "bin", folder / "bin" / "chromium"


def works(executable):
    try:
        return subprocess.run([executable, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def fill(folder):
    try:
        import brotli  # one of Odoo's requirements
    except ImportError as error:
        raise Problem(
            "no Chromium is on this machine, and unpacking one needs the Python package brotli: "
            "apt-get install chromium, or pip install brotli."
        ) from error
    package = unpack_package("@sparticuz/chromium", VERSION, folder)
    (folder / "chromium").mkdir()
    for name, target in (("al2023", "libraries"), ("swiftshader", "chromium")):
        packed = brotli.decompress((package / "bin" / f"{name}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive:
                member.uid = member.gid = os.getuid()
                archive.extract(member, folder / target)
    executable = folder / "chromium" / "chromium"
    executable.write_bytes(brotli.decompress((package / "bin" / "chromium.br").read_bytes()))
    executable.chmod(0o755)
    (folder / "bin").mkdir()
    wrapper = folder / "bin" / "chromium"
    wrapper.write_text(WRAPPER.format(flags=FLAGS, fonts=font_configuration()))
    wrapper.chmod(0o755)
    remove_tree(package)
    if not works(wrapper):
        raise Problem(
            "the Chromium that npm has does not run on this machine; install one: apt-get install chromium."
        )
