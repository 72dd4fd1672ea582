from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_datetime

# So many hours unread a handover turns yellow, then red; red is also when the managers are reminded.
AGEING = ((12, "danger"), (4, "warning"), (0, "info"))
# More than these would hide the day itself; the rest is one tap away.
SHOWN = 3


class CareHandover(models.Model):
    """What day staff see of the night on *My day*, before the day's visits."""

    _inherit = "care.handover"

    @api.model
    @api.readonly
    def unread_for_me(self):
        """The unread handovers to the units that the user works in now, oldest first.

        What is handed on from crew to crew waits on the shift's screen instead.

        :return: ``{"count": int, "handovers": [{"id", "client_name", "body", "sent", "hours", "colour"}]}``
        """
        if not self.has_access("read"):
            return {"count": 0, "handovers": []}
        domain = self._domain_unread_for_me()
        oldest = self.search(domain, order="sent_at, id", limit=SHOWN + 1)
        count = len(oldest) if len(oldest) <= SHOWN else self.search_count(domain)
        shown = oldest[:SHOWN]
        labels = shown.client_id._reader_labels()
        return {"count": count, "handovers": [handover._my_day_values(labels) for handover in shown]}

    @api.model
    def _domain_unread_for_me(self):
        members = self.env["care.unit.member"]
        mine = members.search(members._domain_now() & members._domain_mine())
        units = mine.unit_id.filtered(lambda unit: unit.kind != "on_call")
        return Domain("state", "=", "sent") & Domain("unit_id", "in", units.ids)

    def _my_day_values(self, labels):
        self.ensure_one()
        return {
            "id": self.id,
            "client_name": labels.get(self.client_id.id) or self.client_name,
            "body": self.body,
            "sent": format_datetime(
                self.env, self.sent_at, tz=self.company_id.care_tz, dt_format="EEE HH:mm"
            ),
            "hours": self.hours_unread,
            "colour": next(colour for hours, colour in AGEING if self.hours_unread >= hours),
        }
