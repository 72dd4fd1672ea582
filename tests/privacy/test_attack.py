import json

from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..attacks.colleague import Colleague
from ..attacks.fill import Fill
from ..attacks.owner import attack
from ..common_attack import LOGGERS, TestDoors

# Those that need a clock that runs ahead, or other apps, are carried from outside alone (make attack).
KINDS = ["ways", "tricks", "naming", "readonly", "pairs", "routes", "alike"]
SECONDS, HOMES = 40, 160
# What the server says of calls that only an attacker makes, and of a journal that was filled past its chain.
SAID = (
    "odoo.addons.rpc.controllers.jsonrpc",
    "odoo.addons.social_care.models.journal.care_journal_verify",
    "odoo.addons.google_gmail.controllers.main",
    "odoo.addons.microsoft_outlook.controllers.main",
    "py.warnings",
)


@tagged("post_install", "-at_install")
class TestAttack(HttpCase):
    """A sample of `make attack` in one transaction, in another order each time: SEED= replays it, TIME= gives it longer.

    What the demo data has one record of is what is attacked.
    """

    @mute_logger(*LOGGERS, *SAID)
    def test_nobody_gets_at_a_file_but_by_their_role(self):
        know = {**Fill(self.cr, HOMES).run(), "database": get_db_name(), "threads": 1, "only": KINDS}
        self.env.invalidate_all()
        said, faults = attack(json.loads(json.dumps(know)), self.asked, self.sent, SECONDS)
        for line in said:
            print(f"     {line}", flush=True)  # pylint: disable=print-used  # how much was tried
        self.assertFalse(faults, "\n".join(faults))

    def asked(self, statement, parameters=()):
        self.cr.execute(statement, parameters)
        return self.cr.fetchall() if self.cr.description else []

    def sent(self, know):
        return Colleague(TestDoors(self, know), know).run()
