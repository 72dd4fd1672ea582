from odoo.tests import TransactionCase, tagged

from .common_access import OPERATIONS, ROLES, AccessCase

OUTSIDERS = ["base.group_user", "base.group_system", "base.group_portal", "base.group_public"]


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessCase, TransactionCase):
    # What must hold whatever the matrix says

    def test_no_line_without_a_group(self):
        """A line without a group holds for the public too."""
        self.assertFalse(self.lines.filtered(lambda line: not line.group_id).mapped("name"))

    def test_outsiders_get_nothing(self):
        """Portal users, the public, ordinary employees and Odoo's administrators have no line at all."""
        for xmlid in OUTSIDERS:
            care = [self.env.ref(role) for role in ROLES.values()]
            groups = self._groups(xmlid)
            self.assertFalse(
                [group.name for group in care if group in groups], f"{xmlid} implies a care role"
            )
            granted = self.lines.filtered(lambda line, groups=groups: line.group_id in groups)
            self.assertFalse(granted.mapped("name"), xmlid)

    def test_every_stored_model_has_a_line_and_a_company(self):
        for model in self.models:
            self.assertTrue(self.lines.filtered(lambda line, m=model: line.model_id == m), model.model)

    def test_no_line_opens_what_no_rule_narrows(self):
        """Odoo narrows only by the rules of one's own groups: a group with a line but no rule sees all.

        So behind the wall every group that may read, change, create or delete has a rule for just that.
        """
        walled = self.models.filtered(lambda model: self.env[model.model]._wall == "file")
        self.assertGreaterEqual(len(walled), 7)
        for line in self.lines.filtered(lambda line: line.model_id in walled):
            for operation in OPERATIONS:
                if line[f"perm_{operation}"]:
                    rules = self._rules(line.model_id, line.group_id.all_implied_ids)
                    self.assertTrue(
                        rules.filtered(f"perm_{operation}"),
                        f"{line.name}: may {operation} every row, for no rule of the group narrows it",
                    )

    def test_the_global_rules_hold_for_every_operation(self):
        for rule in self.rules.filtered("global"):
            self.assertEqual("".join(self._rule_letters(rule)), "RWCD", rule.name)

    def test_rules_ask_for_now_and_for_no_list_of_ids(self):
        """Rules are cached per user: ids computed from memberships go stale; 'today' follows the caller's tz."""
        for rule in self.rules:
            self.assertNotIn("today", rule.domain_force or "", rule.name)
            self.assertNotRegex(
                (rule.domain_force or "").replace("company_ids", ""), r"user\.\w+_ids", rule.name
            )
