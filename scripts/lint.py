"""`make lint`: the checks of .pre-commit-config.yaml. `make format` (--fix) applies what can be applied.

The tools come from PyPI and npm in fixed versions; Odoo's own rules come with Odoo's source. Its rules
that look at an installed module (indexes, overrides, routes...) run at the end of `make test`.

`lint.py TOOL ...` runs one of the tools, with --addons in the folder where the module has its name whatever the
checkout is called: so the hooks call them. `lint.py install` has git run the hooks at each commit.
"""

import json
import os
import shlex
import subprocess
import sys
import time

from common import CACHE, CHECKOUT, main, say
from prepare import Prepared
from setup_node import formatter, npm_environment
from setup_odoo import find_odoo
from setup_python import environment

PRETTIER = ("--log-level=warn", "**/*.{xml,js,mjs,cjs,scss,css,yaml,yml}", "!static/lib", "!build")


class Tools:
    """The linters, brought where they are missing, and where they run."""

    def __init__(self):
        self.prepared = Prepared(find_odoo())
        self.prepared.link_module()
        self.bin = environment("lint", "Installing the linters", 125) / "bin"
        self.node = formatter() / "node_modules"
        env = npm_environment()
        rules = [str(path / "test_lint" / "tests") for path in self.prepared.odoo.addons]
        self.environment = {
            **env,
            "NODE_PATH": str(self.node),
            "PATH": f"{self.bin}{os.pathsep}{env['PATH']}",
            "PYTHONPATH": os.pathsep.join(rules),
            "PYTHONPYCACHEPREFIX": str(self.prepared.state / "pycache-lint"),
            "PRE_COMMIT_HOME": str(CACHE / "pre-commit"),
        }

    def call(self, tool, *arguments):
        cwd = CHECKOUT
        if tool == "--addons":
            (tool, *arguments), cwd = arguments, self.prepared.addons_link
        if tool == "prettier":
            tool, arguments = "node", [self.node / "prettier/bin/prettier.cjs", *arguments, *PRETTIER]
        command = [tool, *map(str, arguments)]
        return subprocess.call(command, cwd=cwd, env=self.environment, stdin=subprocess.DEVNULL)

    def run_hooks(self):
        """As pre-commit would run them, which needs git and a repository, and neither need be there."""
        read = "import json, yaml; print(json.dumps(yaml.safe_load(open('.pre-commit-config.yaml'))))"
        said = subprocess.check_output([self.bin / "python", "-c", read], cwd=CHECKOUT)
        failed = False
        for hook in json.loads(said)["repos"][0]["hooks"]:
            began = time.monotonic()
            done = subprocess.run(
                shlex.split(hook["entry"]), cwd=CHECKOUT, env=self.environment, stdin=subprocess.DEVNULL,
                capture_output=True, text=True,
            )  # fmt: skip
            say(f"{'FAIL' if done.returncode else 'ok':5}{hook['name']} ({time.monotonic() - began:.1f} s)")
            if done.returncode:
                failed = True
                say(done.stdout + done.stderr)
        return failed


def main_lint():
    tools = Tools()
    match sys.argv[1:]:
        case ["--fix"]:
            tools.call("ruff", "check", "--quiet", "--fix", "--exit-zero", ".")
            return tools.call("ruff", "format", ".") or tools.call("prettier", "--write")
        case ["install"]:
            return tools.call("pre-commit", "install")
        case [_tool, *_more] as command:
            return tools.call(*command)
    failed = tools.run_hooks()
    say("`make format` mends the formatting." if failed else "All checks are content.")
    return int(failed)


if __name__ == "__main__":
    main(main_lint)
