from odoo import SUPERUSER_ID, api
from odoo.fields import Domain


def migrate(cr, version):
    """What waits and can be opened by no crew is cancelled, and whoever ordered it is told."""
    api.Environment(cr, SUPERUSER_ID, {})["care.check.visit"]._cancel_unreachable(Domain.TRUE)
