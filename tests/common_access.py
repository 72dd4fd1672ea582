"""The access lines and rules of every model, for tests that read them as a whole."""

import ast

OPERATIONS = {"read": "R", "write": "W", "create": "C", "unlink": "D"}
# The columns of the table: roles of the module, and those of Odoo that get nothing from it.
ROLES = {
    "staff": "social_care.group_care_staff",
    "manager": "social_care.group_care_manager",
    "on-call staff": "social_care.group_oncall_staff",
    "on-call lead": "social_care.group_oncall_lead",
    "relative supporter": "social_care.group_relative_support",
    "privacy officer": "social_care.group_privacy_officer",
    "care administrator": "social_care.group_care_admin",
}


def conditions(rule):
    """``{field: condition}`` of a rule's domain, all of which hold; one of several fields goes by its last."""
    found, part, wanted = {}, [], 1
    for element in ast.parse(rule.domain_force.strip(), mode="eval").body.elts:
        part.append(ast.unparse(element))
        if isinstance(element, ast.Constant):
            wanted += element.value != "!"
        else:
            wanted -= 1
        if not wanted:
            found[element.elts[0].value] = ", ".join(part)
            part, wanted = [], 1
    return found


def without(rule, field):
    """The rule's domain but for its condition on ``field``."""
    kept = [condition for name, condition in conditions(rule).items() if name != field]
    return f"[{', '.join(kept)}]"


class AccessCase:
    """Mixin for TransactionCase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        models = cls.env["ir.model"].search([("model", "=like", "care.%"), ("abstract", "=", False)])
        cls.models = models.sorted("model")
        cls.lines = cls.env["ir.model.access"].search([("model_id", "in", models.ids)])
        cls.rules = cls.env["ir.rule"].search([("model_id", "in", models.ids)])

    def _groups(self, xmlid):
        return self.env.ref(xmlid).all_implied_ids

    def _rules(self, model, groups):
        rules = self.rules.filtered(lambda rule: rule.model_id == model)
        if groups is None:
            return rules.filtered("global").sorted("name")
        return rules.filtered(lambda rule: rule.groups & groups).sorted("name")

    @staticmethod
    def _rule_letters(rule):
        return [letter for name, letter in OPERATIONS.items() if rule[f"perm_{name}"]]
