from odoo import api, models
from odoo.fields import Domain

from ...tools.text import short


class CarePlanGoal(models.Model):
    """Goals are chosen by what they say; the display name stays the client's reference."""

    _inherit = "care.plan.goal"
    _labelled = True

    def _reader_labels(self):
        goals = self._opened_with(["heading", "name"])
        return {goal.id: short(goal.heading or goal.name) for goal in goals}

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """The rules have decided whose goals these are; from a journal, that client's alone."""
        wanted = Domain("name", operator, name or "") & Domain(domain or [])
        if client_id := self.env.context.get("journal_client_id"):
            wanted &= Domain("client_id", "=", client_id)
        return list(self.search_fetch(wanted, ["heading", "name"], limit=limit)._reader_labels().items())
