"""`make lint`: every check that needs no database. `make format` (--fix) applies what can be applied.

The tools come from PyPI and npm in fixed versions; Odoo's own rules come with Odoo's source. Its rules
that look at an installed module (indexes, overrides, routes...) run at the end of `make test`.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from xml.parsers import expat

from common import CHECKOUT, MODULE, main, say
from prepare import Prepared
from setup_node import install_packages, npm_environment
from setup_odoo import find_odoo
from setup_python import environment

LEFT_OUT = {"build", "node_modules", "__pycache__"}
PRETTIER = (".xml", ".js", ".mjs", ".cjs", ".scss", ".css", ".yaml", ".yml")
# Odoo's rules for pylint, in its module test_lint
ODOO_RULES = (
    "used-before-assignment,undefined-variable,eval-used,unreachable,function-redefined,sql-injection,"
    "missing-gettext,gettext-variable,gettext-placeholders,gettext-repr,raise-unlink-override"
)
# The last two: remarks on what is disabled in a file, in the words of the other pylint run
DISABLED = "--disable=all,useless-option-value,unknown-option-value"
ODOO_PLUGINS = (
    "pylint.extensions.bad_builtin,_odoo_checker_sql_injection,_odoo_checker_gettext,"
    "_odoo_checker_unlink_override"
)


def files(*endings):
    """Paths in the checkout, relative to it."""
    found = []
    for place, folders, names in os.walk(CHECKOUT):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT and not name.startswith("."))
        found += [
            os.path.relpath(os.path.join(place, name), CHECKOUT) for name in names if name.endswith(endings)
        ]
    return sorted(found)


class Tools:
    """The linters, brought where they are missing, and where they run."""

    def __init__(self):
        self.prepared = Prepared(find_odoo())
        self.prepared.link_module()
        self.bin = environment("lint", ["requirements-lint.txt"], "Installing the linters", 125) / "bin"
        self.node = install_packages("prettier", CHECKOUT, "Installing the formatter of XML and JavaScript")
        self.environment = {
            **npm_environment(),
            "NODE_PATH": str(self.node / "node_modules"),
            "PATH": f"{self.bin}{os.pathsep}{npm_environment()['PATH']}",
            "PYTHONPYCACHEPREFIX": str(self.prepared.state / "pycache-lint"),
        }

    def call(self, *command, cwd=CHECKOUT, **variables):
        """What a tool says, and whether it is content."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode == 0, done.stdout

    def prettier(self, mode):
        found = [name for name in files(*PRETTIER) if not name.startswith("static/lib/")]
        script = self.node / "node_modules" / "prettier" / "bin" / "prettier.cjs"
        return self.call("node", script, mode, "--log-level=warn", *found)


# --- the checks: each takes the tools, and returns (content, what it said) ------------------------


def xml_is_well_formed(_tools):
    faults = []
    for name in files(".xml", ".svg"):
        try:
            expat.ParserCreate().Parse((CHECKOUT / name).read_bytes(), True)
        except expat.ExpatError as error:
            faults.append(f"{name}: {error}")
    return not faults, "\n".join(faults)


def no_conflict_markers(_tools):
    faults = []
    for name in files(".py", ".xml", ".js", ".csv", ".po", ".md", ".scss"):
        if any(
            line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in (CHECKOUT / name).read_text().splitlines()
        ):
            faults.append(f"{name}: a conflict marker")
    return not faults, "\n".join(faults)


def ruff_rules(tools):
    return tools.call("ruff", "check", "--quiet", ".")


def ruff_formatting(tools):
    return tools.call("ruff", "format", "--check", "--quiet", "--diff", ".")


def pylint_odoo(tools):
    # README.md is ours; a compute returns nothing
    off = "--disable=missing-readme,missing-return"
    runs = (
        [off, "--ignore-paths=.*/tests/.*", MODULE],
        [
            f"{off},translation-required",
            f"{MODULE}/tests",
        ],  # it takes the folders in tests/ for the app's own code
    )
    # from the addons folder, where the module has its own name whatever the checkout is called
    common = ["pylint", f"--rcfile={CHECKOUT}/.pylintrc", "-j1"]
    done = [tools.call(*common, *run, cwd=tools.prepared.addons_link) for run in runs]
    return all(good for good, _text in done), "\n".join(text for _good, text in done if text)


def odoo_pylint_rules(tools):
    places = [path / "test_lint" / "tests" for path in tools.prepared.odoo.addons]
    rules = next((path for path in places if path.is_dir()), None)
    if not rules:
        return True, "this Odoo has no module test_lint"
    options = [f"--rcfile={os.devnull}", DISABLED, "--score=n", "--bad-functions=input"]
    options += [f"--enable={ODOO_RULES}", f"--load-plugins={ODOO_PLUGINS}"]
    return tools.call("pylint", *options, MODULE, cwd=tools.prepared.addons_link, PYTHONPATH=str(rules))


def oca_module(tools):
    return tools.call("oca-checks-odoo-module", MODULE, cwd=tools.prepared.addons_link)


def oca_translations(tools):
    found = files(".po", ".pot")
    # po-pretty-format empties a term whose Swedish is the same word; then nobody sees that it was translated
    return tools.call("oca-checks-po", "--disable=po-pretty-format", *found) if found else (True, "")


def formatting_of_xml_and_javascript(tools):
    return tools.prettier("--check")


CHECKS = (
    formatting_of_xml_and_javascript,
    pylint_odoo,
    odoo_pylint_rules,
    oca_module,
    oca_translations,
    ruff_rules,
    ruff_formatting,
    xml_is_well_formed,
    no_conflict_markers,
)


def check(tools):
    def timed(function):
        began = time.monotonic()
        content, said = function(tools)
        name = function.__name__.replace("_", " ")
        say(f"{'ok' if content else 'FAIL':5}{name} ({time.monotonic() - began:.1f} s)")
        if not content:
            say("\n".join("     " + line for line in said.strip().splitlines()))
        return content

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        unhappy = list(pool.map(timed, CHECKS)).count(False)
    if unhappy:
        say(f"{unhappy} of {len(CHECKS)} checks are not content; `make format` mends the formatting.")
        return 1
    say(f"All {len(CHECKS)} checks are content.")
    return 0


def apply_formatters(tools):
    results = (
        tools.call("ruff", "check", "--quiet", "--fix", "--exit-zero", "."),
        tools.call("ruff", "format", "."),
        tools.prettier("--write"),
    )
    say("\n".join(said.strip() for _content, said in results if said.strip()))
    return 0 if all(content for content, _said in results) else 1


def main_lint():
    tools = Tools()
    return apply_formatters(tools) if "--fix" in sys.argv else check(tools)


if __name__ == "__main__":
    main(main_lint)
