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
    folder.mkdir(exist_ok=True)
    terms, swedish = exported_terms(env), folder / "sv.po"
    known = {}
    for path in [swedish, *filter(None, os.environ["MERGE"].split(","))]:
        if Path(path).exists():
            known |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.msgstr}
    for name, language in ((f"{MODULE}.pot", ""), ("sv.po", "sv")):
        terms.metadata = header(language)
        for entry in terms:
            entry.msgstr = known.get(entry.msgid, "") if language else ""
        terms.save(str(folder / name))
    missing = [entry.msgid for entry in terms if not entry.msgstr]
    print(
        "".join(f"no Swedish: {msgid}\n" for msgid in missing) + f"{len(terms)} terms, {len(missing)} missing"
    )
    return 1 if missing else 0


def header(language):
    """Without dates and tools, so that the file changes only when a term does."""
    plural = {"Plural-Forms": "nplurals=2; plural=(n != 1);"} if language else {}
    return {
        "Project-Id-Version": "Odoo Server 19.0",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        **plural,
    }
