"""`make i18n`: write i18n/social_care.pot from the module, and bring i18n/sv.po in step with it.

MERGE=file.po,other.po adds the translations of those files. What still lacks Swedish is printed, and
then the status is 1.
"""

import os
import sys
import tempfile
from pathlib import Path

from common import CHECKOUT, MODULE, main, say
from database import workspace
from prepare import prepare
from processes import start


def main_translate():
    prepared = prepare()
    with tempfile.TemporaryDirectory() as folder, workspace(prepared, "i18n", temporary=True) as place:
        say("-> Installing the module and collecting its terms ...")
        status = start(
            [
                *prepared.odoo_side(
                    "export_terms", place.data_dir, place.database, Path(folder) / "odoo.log"
                ),
                *("--without-demo", f"--init={MODULE}", "--max-cron-threads=0"),
            ],
            env=place.environment(I18N=str(CHECKOUT / "i18n"), MERGE=os.environ.get("MERGE", "")),
            cwd="/",
        ).wait()
    return status


if __name__ == "__main__":
    sys.exit(main(main_translate))
