"""Periods of each company become rows of its own where they differ from what holds for all."""

from odoo import SUPERUSER_ID, api

RULES = {
    "care_due_days": "due_warning",
    "care_plan_first_days": "plan_first",
    "care_plan_review_months": "plan_review",
    "care_visit_days": "visit_horizon",
    "care_emergency_hours": "emergency_access",
    "care_access_review_days": "access_review",
    "care_journal_late_hours": "journal_late",
    "care_journal_sign_days": "journal_sign",
    "care_referral_days": "referral_contact",
    "care_referral_keep_days": "referral_keep",
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for column, code in RULES.items():
        rule = env.ref(f"social_care.rule_{code}")
        cr.execute("SELECT id, (to_jsonb(c) ->> %s)::int FROM res_company c ORDER BY id", [column])
        for company_id, value in cr.fetchall():
            if value in (None, rule.value):
                continue
            # what the law or the app no longer allows becomes what it does
            own = {"company_id": company_id, "value": min(max(value, rule.least), rule.most)}
            source = f"The provider's own, from its settings ({value} {rule.unit}s)."
            same = {name: rule[name] for name in ("code", "name", "unit", "least", "most", "rests")}
            env["care.rule"].create({**same, **own, "source": source})
