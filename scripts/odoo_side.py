"""What is done inside Odoo, in a process of its own: `odoo_side.py ACTION ODOO-OPTIONS...`.

Run by the other scripts with Odoo on PYTHONPATH. It ends with status 0 only if all went well.
"""

import json
import os
import sys
import threading
from pathlib import Path

from odoo_log import LogWatch

import odoo  # noqa: F401  first: it patches the standard library
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import db, server
from odoo.tools import config

MODULE = "social_care"
sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))


def load(**kwargs):
    print_nothing()
    server.load_server_wide_modules()
    return Registry.new(config["db_name"][0], **kwargs)


def print_nothing():
    """Demo data may ask for a PDF; the server is not there yet, from which one would take its styles."""
    from odoo.addons.base.models import ir_actions_report  # needs the addons path

    absent = ir_actions_report._wkhtml()._replace(state="install")
    ir_actions_report._wkhtml = lambda: absent


def environment(cursor):
    return api.Environment(cursor, SUPERUSER_ID, {})


def make_seed():
    """A database with the modules of --init, their demo data, and the web client's bundles compiled."""
    db._create_empty_database(config["db_name"][0])
    upgrade()


def install():
    """Install or upgrade what --init and --update name."""
    return load(install_modules=list(config["init"]), upgrade_modules=list(config["update"]))


def upgrade():
    """The same, and compile the bundles: else the first page takes as long as that does."""
    registry = install()
    with registry.cursor() as cursor:
        environment(cursor)["ir.qweb"]._pregenerate_assets_bundles()


def install_demo():
    """The database of `make run`: in Swedish, with the bundles compiled and nothing calling out."""
    with install().cursor() as cursor:
        env = environment(cursor)
        speak_swedish(env)
        # asks a paid service on the internet about each company name; an unroutable address answers at once
        env["ir.config_parameter"].set_param("iap.endpoint", "http://127.0.0.1:9")
        env["ir.config_parameter"].set_param("iap.partner_autocomplete.endpoint", "http://127.0.0.1:9")
        env["ir.qweb"]._pregenerate_assets_bundles()


def speak_swedish(env):
    """Swedish and Swedish time for everyone here and for everyone who comes."""
    env["res.lang"]._activate_lang("sv_SE")
    env["ir.default"].set("res.partner", "lang", "sv_SE")
    env["ir.default"].set("res.partner", "tz", "Europe/Stockholm")
    users = env["res.users"].with_context(active_test=False).search([])
    users.partner_id.write({"lang": "sv_SE", "tz": "Europe/Stockholm"})
    env["res.company"].search([]).partner_id.write({"lang": "sv_SE"})


def install_strictly():
    """Install or upgrade; a warning in the log or demo data that did not load is a failure."""
    watch = LogWatch().start()
    with install().cursor() as cursor:
        cursor.execute("SELECT demo FROM ir_module_module WHERE name = %s", (MODULE,))
        if config["with_demo"] and not cursor.fetchone()[0]:
            watch.complaints.append("the demo data did not load")
    return watch.tell()


def uninstall_strictly():
    watch = LogWatch().start()
    with load().cursor() as cursor:
        modules = environment(cursor)["ir.module.module"].search([("name", "=", MODULE)])
        modules.button_immediate_uninstall()
    return watch.tell()


def export_terms():
    """Write the module's terms to the folder I18N; 1 while Swedish lacks some."""
    from translations import bring_in_step  # it needs Odoo's polib

    with install().cursor() as cursor:
        return bring_in_step(environment(cursor))


def run_tests():
    from odoo_tests import run  # it needs Odoo imported

    return run()


def fill_for_attack():
    """Write to the file KNOWLEDGE what tests/attacks/colleague.py is told of what was made."""
    from attacks.fill import Fill  # in tests/

    threading.current_thread().dbname = config["db_name"][0]  # the routes of this database
    with load().cursor() as cursor:
        Path(os.environ["KNOWLEDGE"]).write_text(json.dumps(Fill(cursor).run()))


def mutate():
    from mutation import run  # in tests/

    return run(install)


ACTIONS = (
    make_seed, install, install_demo, install_strictly, uninstall_strictly, upgrade, export_terms,
    fill_for_attack, run_tests, mutate,
)  # fmt: skip

if __name__ == "__main__":
    config.parse_config(sys.argv[2:], setup_logging=True)
    (action,) = (function for function in ACTIONS if function.__name__ == sys.argv[1])
    status = action()
    sys.exit(status if isinstance(status, int) else 0)
