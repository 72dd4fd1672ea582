"""What is done inside Odoo, in a process of its own: `odoo_side.py ACTION ODOO-OPTIONS...`.

Run by the other scripts with Odoo on PYTHONPATH. It ends with status 0 only if all went well.
"""

import sys

import odoo  # noqa: F401  first: it patches the standard library
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import db, server
from odoo.tools import config


def load(**kwargs):
    server.load_server_wide_modules()
    return Registry.new(config["db_name"][0], **kwargs)


def environment(registry, cursor):
    return api.Environment(cursor, SUPERUSER_ID, {})


def make_seed():
    """A database with the modules of --init, their demo data, and the web client's bundles compiled."""
    db._create_empty_database(config["db_name"][0])
    registry = load(install_modules=list(config["init"]))
    pregenerate_bundles(registry)


def install():
    """Install or upgrade what --init and --update name, then compile the bundles."""
    registry = load(install_modules=list(config["init"]), upgrade_modules=list(config["update"]))
    pregenerate_bundles(registry)


def pregenerate_bundles(registry):
    """Else the first page takes as long as compiling them does."""
    with registry.cursor() as cursor:
        environment(registry, cursor)["ir.qweb"]._pregenerate_assets_bundles()


def run_tests():
    from odoo_tests import run  # beside this file; it needs Odoo imported

    return run()


ACTIONS = {function.__name__: function for function in (make_seed, install, run_tests)}

if __name__ == "__main__":
    config.parse_config(sys.argv[2:], setup_logging=True)
    sys.exit(ACTIONS[sys.argv[1]]() or 0)
