"""`make i18n`: write i18n/social_care.pot from the module, and bring i18n/sv.po in step with it.

MERGE=file.po,other.po adds the translations of those files. What still lacks Swedish is printed, and
then the status is 1.
"""

import os
import tempfile
from pathlib import Path

from common import CHECKOUT, MODULE, main, say
from database import workspace
from prepare import prepare


def main_translate():
    prepared = prepare()
    with tempfile.TemporaryDirectory() as folder, workspace(prepared, "i18n", temporary=True) as place:
        say("-> Installing the module and collecting its terms ...")
        options = ["--without-demo", f"--init={MODULE}", "--max-cron-threads=0"]
        paths = {"I18N": str(CHECKOUT / "i18n"), "MERGE": os.environ.get("MERGE", "")}
        return place.start_odoo("export_terms", Path(folder, "odoo.log"), *options, **paths).wait()


if __name__ == "__main__":
    main(main_translate)
