from odoo import Command, api, models
from odoo.exceptions import AccessError, RedirectWarning, UserError


class CareOncallEvent(models.Model):
    """Who may write in the log."""

    _inherit = "care.oncall.event"

    @api.model_create_multi
    def create(self, vals_list):
        """Saved at once, with the time and whoever took it; the rest is filled in as it is typed."""
        self._check_handed_in(set().union(*vals_list), "create")
        default = self.default_get(["shift_id"])  # the context names a shift as well as the caller
        vals_list = [{**default, **vals} for vals in vals_list]
        for vals in vals_list:
            # sudo: staff read no counter, which tells how many there are; only the new number comes back
            vals["reference"] = self.env["ir.sequence"].sudo().next_by_code("care.oncall.event")
        shifts = self.env["care.oncall.shift"].browse(
            {vals["shift_id"] for vals in vals_list if vals.get("shift_id")}
        )
        self._check_may_write(shifts)
        for vals in vals_list:
            if shift := shifts.filtered(lambda shift, vals=vals: shift.id == vals.get("shift_id")):
                vals["unit_id"] = shift.unit_id.id
        with self._deciding("reference"):
            events = super().create(vals_list)
        events._add_performer()
        return events

    def _add_performer(self):
        """Whoever writes takes part, unless someone else is named."""
        # sudo: care staff read no employees; this is one's own
        me_sudo = self.env.user.sudo().employee_ids
        for event in self.filtered(lambda event: not event.employee_ids and me_sudo):
            # sudo: in the shift's crew, who are employees too, one looks for oneself alone
            taking_part_sudo = me_sudo & event.shift_id.sudo().employee_ids
            if taking_part_sudo:
                event._write_people([Command.set(taking_part_sudo.ids)])

    def write(self, vals):
        if any(map(self._frozen_since, vals)):
            self._check_may_write(self.shift_id)
        return super().write(vals)

    def _wall_fixed(self):
        """Who it was about is often known later than that it happened."""
        return super()._wall_fixed() - {"client_id"}

    def _check_may_write(self, shifts):
        """The shift is open, and the writer is in its crew or leads the team."""
        # sudo: care staff read no employees; the writer learns whether the shift is open and theirs
        for shift in shifts.sudo():
            if shift.state == "planned":
                raise UserError(self.env._("The shift has not been opened. Open it first."))
            if shift._is_frozen():
                raise UserError(self._frozen_message())
            if not self.env.su and not (self._is_team_lead() or self.env.user in shift.employee_ids.user_id):
                raise AccessError(
                    self.env._("Only the shift's crew writes in it. The lead adds you to the crew.")
                )

    def _check_named(self, name, records):
        """A client is among the cards that the shift may see, or has a file that is open by emergency access."""
        if name != "client_id":
            return super()._check_named(name, records)
        cards = self.env["care.client.card"]
        open_ = (
            cards.search([("client_id", "in", records.ids)]).client_id
            if cards.has_access("read")
            else records[:0]
        )
        if closed := (records - open_) - (records - open_)._filtered_access("read"):
            self.env["care.access.log"]._note_refused("read", closed)
            # sudo: only administrators read Odoo's actions; this one's id is for whoever is told of it
            action = self.env.ref("social_care.care_emergency_open_action").sudo()
            raise RedirectWarning(self._not_served_message(), action.id, self.env._("Emergency access"))
        return None
