"""The access lines and rules of every model, for tests that read them as a whole."""

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
