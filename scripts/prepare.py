"""Everything that must be there before Odoo can start, brought where it is missing.

A script calls `prepare()` first. It then goes on in the Python that has Odoo's requirements.
"""

import ast
import os
import sys

from common import CACHE, CHECKOUT, MODULE, checkout_state
from database import existing_server
from postgres import check_reachable
from setup_odoo import find_odoo
from setup_programs import browser as find_browser
from setup_programs import printer
from setup_python import odoo_environment


class Prepared:
    """Where Odoo is, and this checkout's own folder."""

    def __init__(self, odoo):
        self.odoo = odoo
        self.state = checkout_state()
        self.addons_link = self.state / "addons"
        self.depends = sorted(ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())["depends"])
        self.programs = []  # folders to put on PATH

    def link_module(self):
        """The checkout may be called anything; Odoo takes a module's name from its folder."""
        self.addons_link.mkdir(parents=True, exist_ok=True)
        link = self.addons_link / MODULE
        if not link.is_symlink() or os.readlink(link) != str(CHECKOUT):
            link.unlink(missing_ok=True)
            link.symlink_to(CHECKOUT)
        (self.state / "path.txt").write_text(f"{CHECKOUT}\n")

    def environment(self, **more):
        """Variables for a process that runs Odoo."""
        env = {**os.environ, **more}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # every start would take 3 s longer
        env["PYTHONPYCACHEPREFIX"] = str(CACHE / "pycache")
        env["PYTHONUNBUFFERED"] = "1"
        env["PATH"] = os.pathsep.join([*map(str, self.programs), env.get("PATH", os.defpath)])
        if self.odoo.python_path:
            env["PYTHONPATH"] = str(self.odoo.python_path)
        return env

    def common_arguments(self, data_dir, addons=None):
        """Odoo's options that every use here shares; `-c` keeps ~/.odoorc out.

        `addons` is the folder with the module, if it is not this checkout's.
        """
        addons_path = ",".join(map(str, [*self.odoo.addons, addons or self.addons_link]))
        paths = [f"--addons-path={addons_path}", f"--data-dir={data_dir}"]
        return ["-c", os.devnull, *paths, "--http-interface=127.0.0.1"]


def prepare(pdf=False, browser=False):
    if not existing_server():
        check_reachable(CACHE)
    odoo = find_odoo()
    if odoo.python_path:
        python = odoo_environment() / "bin" / "python"
        if not os.path.samefile(sys.prefix, python.parent.parent):
            os.execv(python, [str(python), *sys.argv])
    prepared = Prepared(odoo)
    prepared.link_module()
    programs = [printer() if pdf else None, find_browser() if browser else None]
    prepared.programs = [path.parent for path in programs if path and CACHE in path.parents]
    return prepared
