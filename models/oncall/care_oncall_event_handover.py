from odoo import fields, models
from odoo.exceptions import UserError

ALL_PARTS = frozenset({"with_time", "with_reason", "with_description", "with_action", "with_calm"})


class CareOncallEvent(models.Model):
    """What of an event goes to the client's unit: the chosen parts, as text, and nothing else."""

    _inherit = "care.oncall.event"

    handover_ids = fields.One2many("care.handover", "event_id", "Handed over", readonly=True)

    def action_hand_over(self):
        """Ask which parts the client's unit should know."""
        self.ensure_one()
        self.check_access("write")
        if not self._handover_units():
            raise UserError(
                self.env._("The event names no client, so it concerns no unit. Hand it on to the next shift.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over to the Unit"),
            "res_model": "care.handover.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def _handover_units(self):
        """The units that may be told: the client's own among those served, no other."""
        self.ensure_one()
        return self.client_unit_id

    def _check_hand_over(self, unit):
        self.ensure_one()
        self.check_access("write")
        if unit not in self._handover_units():
            raise UserError(self.env._("Only the client's own unit is told about the client."))

    def _send_handover(self, unit, body):
        """The one place where handovers are made."""
        self.ensure_one()
        # sudo: nobody writes handovers; this one comes from an event that the sender may write
        return (
            self.env["care.handover"]
            .sudo()
            .create(
                {
                    "event_id": self.id,
                    "from_unit_id": self.unit_id.id,
                    "unit_id": unit.id,
                    "client_id": self.client_id._remaining().id,  # a double since the event was written
                    "body": body,
                    "sent_by_id": self.env.uid,
                }
            )
        )

    def _handover_text(self, parts=ALL_PARTS, note=None):
        """Built from listed fields. A name never comes along: the unit knows its client by the reference."""
        self.ensure_one()
        lines = [note]
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("kind", "reason")
        }
        if "with_time" in parts:
            lines.append(self._handover_times())
        if "with_reason" in parts:
            lines.append(
                ", ".join(filter(None, [labels["kind"].get(self.kind), labels["reason"].get(self.reason)]))
            )
        if "with_description" in parts:
            lines.append(self.description)
        if "with_action" in parts and self.action_taken:
            lines.append(self.env._("Done: %s", self.action_taken))
        if "with_calm" in parts and self.calm_before is not False:
            after = self.calm_after if self.calm_after is not False else "–"
            lines.append(
                self.env._("Calm: %(before)s before, %(after)s after", before=self.calm_before, after=after)
            )
        return "\n".join(filter(None, lines))

    def _handover_times(self):
        local = self.with_context(tz=self.company_id.care_tz)
        moments = [
            (self.env._("Received"), self.received_at),
            (self.env._("arrived"), self.arrived_at),
            (self.env._("left"), self.left_at),
        ]
        return ", ".join(
            f"{label} {fields.Datetime.context_timestamp(local, moment):%Y-%m-%d %H:%M}"
            for label, moment in moments
            if moment
        )
