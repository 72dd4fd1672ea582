from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    """Days off that are to come are off from midnight to midnight."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    recent = fields.Datetime.now() - timedelta(days=2)
    leaves = env["resource.calendar.leaves"].search([("date_to", ">", recent)])
    leaves._compute_care_days()
    leaves._care_follow()
