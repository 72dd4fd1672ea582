from odoo import models
from odoo.tools import format_duration

# When a part of the day begins, where the plan names no hour.
DAY_PART_HOURS = {"morning": 7, "midday": 11, "afternoon": 14, "evening": 18, "night": 22}


class CarePlanLine(models.Model):
    """How a line is shown in the week."""

    _inherit = "care.plan.line"

    def _week_key(self):
        parts = [part for part, _label in self._fields["day_part"].selection]
        hour = self.time_from or DAY_PART_HOURS.get(self.day_part, 8)
        return (hour, parts.index(self.day_part) if self.day_part else 0, self.sequence, self.id)

    def _week_item(self):
        labels = dict(self._fields["day_part"]._description_selection(self.env))
        time = format_duration(self.time_from) if self.time_from else labels.get(self.day_part, "")
        return {"time": time, "what": self.name, "who": self._who_text(), "own": self.own_part}
