from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.fields import OptionalInteger

# By these an event tells who it was about: never a heading of a compilation.
PERSONAL = {"client_id", "card_id", "caller_name", "caller_phone", "caller_digits", "client_name"}

# All that an export may name an event by, so that cases can be listed with their events.
EXPORTABLE = {"id", ".id", "reference"}


class CareOncallEvent(models.Model):
    """What the nights are counted by: kind, reason, hour, area and response time; never by person."""

    _inherit = "care.oncall.event"

    hour = fields.Char(
        compute="_compute_hour",
        store=True,
        help="The hour of the day when it was received, by the company's clock.",
        frozen=False,
    )
    response_minutes = OptionalInteger(
        "Minutes to Arrival", compute="_compute_response_minutes", store=True, frozen=False
    )
    calm_gain = OptionalInteger("Calmer by", compute="_compute_calm_gain", store=True, frozen=False)

    @api.depends("received_at", "company_id.care_tz")
    def _compute_hour(self):
        for event in self:
            local = event.with_context(tz=event.company_id.care_tz)
            moment = event.received_at and fields.Datetime.context_timestamp(local, event.received_at)
            event.hour = f"{moment:%H}" if moment else False

    @api.depends("received_at", "arrived_at")
    def _compute_response_minutes(self):
        for event in self:
            minutes = (
                (event.arrived_at - event.received_at).total_seconds() / 60 if event.arrived_at else False
            )
            event.response_minutes = minutes if minutes is False else max(0, round(minutes))

    @api.depends("calm_before", "calm_after")
    def _compute_calm_gain(self):
        for event in self:
            asked = event.calm_before is not False and event.calm_after is not False
            event.calm_gain = event.calm_after - event.calm_before if asked else False

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        """Calls per client are counted within the unit that owns the client, not in the team's log."""
        named = {spec.split(":")[0].split(".")[0] for spec in groupby}
        if not self.env.su and named & PERSONAL:
            raise AccessError(
                self.env._("The log is not counted by person. The client's own unit sees the number.")
            )
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """The log leaves the team as reports of listed fields, never as a file of rows."""
        if not self.env.su and any(path and path[0] not in EXPORTABLE for path in fields):
            raise AccessError(
                self.env._(
                    "The log is not exported: it tells of people. Use the shift report, a handover or Numbers to"
                    " Pass On."
                )
            )
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
