import io
import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdf]|\{\w*\}|<[a-z]+")


@tagged("post_install", "-at_install")
class TestI18n(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with io.BytesIO() as buffer:
            trans_export(False, ["social_care"], buffer, "po", cls.env)
            cls.terms = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
        cls.swedish = polib.pofile(file_path("social_care/i18n/sv.po"))

    def test_swedish_is_complete(self):
        translated = {entry.msgid for entry in self.swedish if entry.msgstr and not entry.fuzzy}
        self.assertGreater(len(self.terms), 300)
        self.assertFalse(sorted(self.terms - translated), "run make i18n and translate these")

    def test_nothing_is_left_over(self):
        self.assertFalse(sorted({entry.msgid for entry in self.swedish} - self.terms), "run make i18n")

    def test_placeholders_and_tags_are_kept(self):
        for entry in self.swedish:
            with self.subTest(entry.msgid):
                self.assertEqual(
                    sorted(PLACEHOLDER.findall(entry.msgid)), sorted(PLACEHOLDER.findall(entry.msgstr))
                )

    def test_the_words_of_the_field(self):
        """The glossary's terms, as care workers say them."""
        words = {entry.msgid: entry.msgstr for entry in self.swedish}
        for english, swedish in {
            "Contact person": "Kontaktman",
            "Housing support": "Boendestöd",
            "Supported housing": "Stödboende",
            "Relative support": "Anhörigstöd",
            "Legal Basis": "Lagrum",
            "Representative": "Företrädare",
            "Case Officer": "Handläggare",
        }.items():
            self.assertEqual(words[english], swedish)
