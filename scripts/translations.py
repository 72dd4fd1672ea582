"""The module's terms as Odoo exports them, and the Swedish file kept in step with them."""

import io
import os
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

MODULE = "social_care"


def exported_terms(env):
    """All terms of the module, as Odoo's own export finds them, in a stable order."""
    with io.BytesIO() as buffer:
        trans_export(False, [MODULE], buffer, "po", env)
        terms = polib.pofile(buffer.getvalue().decode())
    terms.sort(key=lambda entry: entry.msgid)
    for entry in terms:
        entry.occurrences.sort()
        entry.msgstr = ""
    return terms


def bring_in_step(env):
    folder = Path(os.environ["I18N"])
    terms, known = exported_terms(env), {}
    for path in [folder / "sv.po", *filter(None, os.environ["MERGE"].split(","))]:
        known |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.msgstr}
    for name, words in ((f"{MODULE}.pot", {}), ("sv.po", known)):
        # the header stays as it is, without dates and tools: the file changes only when a term does
        terms.metadata = polib.pofile(str(folder / name)).metadata
        for entry in terms:
            entry.msgstr = words.get(entry.msgid, "")
        terms.save(str(folder / name))
    missing = [entry.msgid for entry in terms if not entry.msgstr]
    print(
        *(f"no Swedish: {msgid}" for msgid in missing),
        f"{len(terms)} terms, {len(missing)} missing",
        sep="\n",
    )
    return 1 if missing else 0
