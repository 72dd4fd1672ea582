"""The companies' own rows are named in every language, once the terms of this version are there."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for rule in env["care.rule"].search([("company_id", "!=", False)]):
        env.ref(f"social_care.rule_{rule.code}").copy_translations(rule, excluded=("source",))
