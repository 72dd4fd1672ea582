import difflib
import os
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .common_access import OPERATIONS, ROLES, AccessCase

SNAPSHOT = Path(__file__).with_name("access_matrix.txt")
HEAD = """\
Who may do what, by role and kind of record. Made by tests/test_access_snapshot.py; a change of an access line or a
rule shows up here in review. After a change that is meant:

    ACCESS_MATRIX=write make test TESTS=test_access_snapshot

R read, W change, C create, D delete. "always" holds for everyone; of the other lines one is enough.
"""


@tagged("post_install", "-at_install")
class TestAccessSnapshot(AccessCase, TransactionCase):
    def test_the_committed_matrix_is_the_real_one(self):
        matrix = "\n".join([HEAD, *self._table(), "", *self._snapshot(), ""])
        if os.environ.get("ACCESS_MATRIX") == "write":
            SNAPSHOT.write_text(matrix)
        committed = SNAPSHOT.read_text()
        difference = "\n".join(
            difflib.unified_diff(
                committed.splitlines(), matrix.splitlines(), "committed", "real", lineterm=""
            )
        )
        self.assertEqual(
            committed, matrix, f"{difference}\n\nIs the change meant? Then: {HEAD.splitlines()[3].strip()}"
        )

    # The table that a manager reads

    def _table(self):
        for model in self.models:
            yield f"\n{model.model}"
            for rule in self._rules(model, None):  # one condition of the rule a line
                for text in sorted(self._rule_text(rule).split("; ")):
                    yield f"    always              {'RWCD':6}{text}"
            for role, xmlid in ROLES.items():
                if letters := self._letters(model, xmlid):
                    texts = self._row_texts(model, xmlid, letters)
                    yield f"    {role:20}{letters:6}{texts[0]}"
                    yield from (f"{'':30}{text}" for text in texts[1:])

    def _letters(self, model, xmlid):
        groups = self._groups(xmlid)
        lines = self.lines.filtered(lambda line: line.model_id == model and line.group_id in groups)
        letters = "".join(
            letter if any(lines.mapped(f"perm_{name}")) else "-" for name, letter in OPERATIONS.items()
        )
        return letters if letters.strip("-") else ""

    def _row_texts(self, model, xmlid, letters):
        texts = []
        for rule in self._rules(model, self._groups(xmlid)):
            if held := "".join(letter for letter in self._rule_letters(rule) if letter in letters):
                also = "" if held == letters.replace("-", "") else f" ({held})"
                texts.append(f"{self._rule_text(rule)}{also}")
        return sorted(texts) or ["all"]

    @staticmethod
    def _rule_text(rule):
        return rule.name.partition(": ")[2] or rule.name

    # The snapshot that a reviewer reads: every line and rule word for word

    def _snapshot(self):
        yield "Access lines"
        for line in self.lines.sorted(lambda line: (line.model_id.model, self._xmlid(line.group_id))):
            letters = "".join(letter if line[f"perm_{name}"] else "-" for name, letter in OPERATIONS.items())
            yield f"    {line.model_id.model:30}{self._xmlid(line.group_id):40}{letters}"
        yield "\nRules"
        for rule in self.rules.sorted(lambda rule: (rule.model_id.model, self._xmlid(rule))):
            groups = ", ".join(sorted(map(self._xmlid, rule.groups))) or "everyone"
            yield f"    {self._xmlid(rule)} [{''.join(self._rule_letters(rule))}] {groups}"
            yield f"        {' '.join((rule.domain_force or '[]').split())}"

    @staticmethod
    def _xmlid(record):
        return record.get_external_id()[record.id] if record else "nobody"

    def test_no_rule_gives_more_than_its_groups_line(self):
        """Else a role in one unit becomes a role in another.

        Rules of all of one's groups are OR-ed: were the staff's rule to allow what only managers' lines allow,
        then a manager of one unit who merely works in another could do it there.
        """
        walled = self.models.filtered(lambda model: self.env[model.model]._wall == "file")
        wide = []
        for rule in self.rules.filtered(lambda rule: rule.groups and rule.model_id in walled):
            lines = self.lines.filtered(lambda line, rule=rule: line.model_id == rule.model_id)
            for operation in OPERATIONS:
                allowed = lines.filtered(f"perm_{operation}").group_id
                if rule[f"perm_{operation}"] and allowed and not rule.groups.all_implied_ids & allowed:
                    wide.append(f"{operation} in {self._xmlid(rule)}")
        self.assertFalse(wide)
